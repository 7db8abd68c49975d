"""Start the processes of the product, restart what dies, and stop all of them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
_PATIENCE = 30.0
#: A process that dies at once is not started again at once.
_SLOWEST = 30.0


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    deaths: int = field(default=0)


def commands(port: int, workers: int) -> dict[str, Sequence[str]]:
    """Name the processes: the web, the scheduler, and so many workers."""
    web = (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2"),
        *("--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        "server.wsgi:create",
    )
    working = (sys.executable, "-m", "server.working")
    found: dict[str, Sequence[str]] = {"web": web, "scheduler": (*working, "scheduler")}
    for i in range(1, workers + 1):
        found[f"worker-{i}"] = (*working, "worker", f"worker-{os.getpid()}-{i}")
    return found


def run(
    named: dict[str, Sequence[str]],
    surroundings: dict[str, str],
    ended: threading.Event,
    *,
    port: int,
    ready: Callable[[], None],
) -> None:
    """Keep the processes running until told to end; then stop them all.

    `ready` is called once, when the web answers on its port.
    """
    children = [_Child(name, command) for name, command in named.items()]
    waiting = True
    try:
        while not ended.is_set():
            for child in children:
                _look_after(child, surroundings)
            if waiting and _answers(port):
                waiting = False
                ready()
            ended.wait(_LOOK_EVERY)
    finally:
        _stop(children)


def _answers(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _look_after(child: _Child, surroundings: dict[str, str]) -> None:
    now = time.monotonic()
    if child.process is not None:
        status = child.process.poll()
        if status is None:
            return
        child.deaths += 1
        lived = now - child.started
        child.wait = 0.0 if lived > _SLOWEST else min(_SLOWEST, max(0.5, child.wait * 2))
        _log.warning("%s ended with %s and is started again", child.name, status)
        child.process = None
    if now - child.started >= child.wait:
        # A session of its own: Ctrl-C reaches us alone, and we stop them in order.
        child.process = subprocess.Popen(  # noqa: S603 - commands of our own
            child.command, env=surroundings, start_new_session=True
        )
        child.started = now


def _stop(children: Sequence[_Child]) -> None:
    running = [c.process for c in children if c.process is not None and c.process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
