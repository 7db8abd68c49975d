"""How a process of ours hears that it is to end."""

from __future__ import annotations

import queue
import signal
import threading
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def told() -> threading.Event:
    """Return what is set once a signal says to end. For the main thread, once.

    A handler runs between any two steps of the main thread: an Event set there waits for ever
    where that thread holds the Event's lock. A SimpleQueue may be filled from anywhere
    (https://docs.python.org/3.11/library/queue.html#queue.SimpleQueue.put).
    """
    ended = threading.Event()
    heard: queue.SimpleQueue[int] = queue.SimpleQueue()

    def hear(number: int, _frame: Any) -> None:
        heard.put(number)

    def listen() -> None:
        heard.get()
        ended.set()

    threading.Thread(target=listen, name="ending", daemon=True).start()
    for number in SIGNALS:
        signal.signal(number, hear)
    return ended
