"""Who stays for long looks after the servers: what has died is started again.

A server is dead when its lock is free. One that lives and does not answer is left alone: it may be
recovering, and what is left of a killed PostgreSQL ends by itself, with its statement at the
latest. Any number of commands may look; the turn (`sharing`) lets one of them start, and the others
find that it lives. Who looks holds a lease and stops looking before it leaves, so nothing is
started behind the last one's back.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from server.embedded import daemons, sharing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from server.embedded.daemons import Daemon

_log = logging.getLogger(__name__)

EVERY = 1.0
#: Seconds before the next attempt, where several have failed: the disk may be full for long.
SLOWEST = 30.0


@contextmanager
def watched(run: Path, starts: Mapping[Daemon, Callable[[], None]]) -> Iterator[None]:
    """Start again what dies meanwhile, each server in its own way. For holders of a lease."""
    left = threading.Event()
    watcher = threading.Thread(target=_watch, args=(run, starts, left), name="servers", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        left.set()
        watcher.join()


def _watch(run: Path, starts: Mapping[Daemon, Callable[[], None]], left: threading.Event) -> None:
    wait = EVERY
    while not left.wait(wait):
        alive = [_look_after(run, daemon, start) for daemon, start in starts.items()]
        wait = EVERY if all(alive) else min(SLOWEST, wait * 2)


def _look_after(run: Path, daemon: Daemon, start: Callable[[], None]) -> bool:
    """Start a server again if it has died; tell whether it had not."""
    try:
        if daemons.is_alive(daemon):
            return True
        with sharing.turn(run):
            if not daemons.is_alive(daemon):
                _log.warning("The embedded %s has died and is started again", daemon.name)
                start()
                return False  # Whether it stays is seen at the next look.
    except Exception as error:  # noqa: BLE001 - The thread's edge: it is tried again, whatever it was.
        _log.error("The embedded %s could not be started: %s", daemon.name, error)
        return False
    return True
