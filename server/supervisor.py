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
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from server import tether
from server.web.seats import PAGES, SEATS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

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


class PortTakenError(ConflictError):
    """Nobody else may listen where the web is to answer."""


#: What the product is made of; each may run apart from the others, on a machine of its own.
PARTS = ("web", "scheduler", "watcher", "workers")
#: Where the web listens: for this machine alone, and for every network that it is in.
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - Whoever runs it chooses.


def commands(
    port: int, workers: int, *, only: Collection[str] = PARTS, host: str = HERE
) -> dict[str, Sequence[str]]:
    """Name the processes of some parts: the web, the scheduler, the watcher, so many workers."""
    found: dict[str, Sequence[str]] = {}
    if "web" in only:
        found["web"] = _web(port, host)
    working = (sys.executable, "-m", "server.working")
    for name in ("scheduler", "watcher"):
        if name in only:
            found[name] = (*working, name)
    for i in range(1, workers + 1 if "workers" in only else 1):
        found[f"worker-{i}"] = (*working, "worker", f"worker-{os.getpid()}-{i}")
    return found


def _web(port: int, host: str) -> Sequence[str]:
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", host, "--port", str(port), "--workers", "2"),
        *("--blocking-threads", str(SEATS + PAGES), "--no-ws", "--log-level", "error"),
        *("--http", "1"),
        # Below errors granian writes to standard output, where a machine is told one document.
        # One that is told to end while it starts does not hear it (granian 2.8), and is waited for.
        *("--workers-kill-timeout", "8"),
        "server.wsgi:create",
    )


def refuse_taken(port: int, host: str = HERE) -> None:
    """Raise PortTakenError where the web could not listen on a port of this machine."""
    with socket.socket() as probe:
        # As the web does: what was closed a moment ago is free, what listens is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            problem = _(
                "Port {port} cannot be used: {error}. Nothing was started. Choose another: --port"
            )
            words = problem.format(port=port, error=os.strerror(error.errno or 0))
            raise PortTakenError(words) from error


def run(
    named: dict[str, Sequence[str]],
    surroundings: dict[str, str],
    ended: threading.Event,
    *,
    port: int,
    ready: Callable[[], None],
) -> None:
    """Keep the processes running until told to end; then stop them all.

    `ready` is called once: when the port answers and it is the process named web that listens, or
    where there is none, when all have been started.
    """
    children = [_Child(name, command) for name, command in named.items()]
    waiting = True
    try:
        while not ended.is_set():
            for child in children:
                _look_after(child, surroundings)
            if waiting and _serves(children, port):
                waiting = False
                ready()
            ended.wait(_LOOK_EVERY)
    finally:
        _stop(children)


def _serves(children: Sequence[_Child], port: int) -> bool:
    """Tell whether our web answers, where it is among them."""
    web = next((child for child in children if child.name == "web"), None)
    return web is None or (_answers(port) and _listens(web, port))


def _answers(port: int) -> bool:
    """Tell whether somebody listens on a port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _listens(child: _Child, port: int) -> bool:
    """Tell whether a process, or one that it has started, is who listens on a port."""
    if child.process is None:
        return False
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(child.process.pid)
        return any(
            line.status == psutil.CONN_LISTEN and line.laddr.port == port
            for one in (process, *process.children(recursive=True))
            for line in one.net_connections(kind="tcp4")
        )
    return False


def _look_after(child: _Child, surroundings: dict[str, str]) -> None:
    now = time.monotonic()
    if child.process is not None:
        status = child.process.poll()
        if status is None:
            return
        _end_family(child.process)
        lived = now - child.started
        child.wait = 0.0 if lived > _SLOWEST else min(_SLOWEST, max(0.5, child.wait * 2))
        _log.warning("%s ended with %s and is started again", child.name, status)
        child.process = None
    if now - child.started >= child.wait:
        # A session of its own: Ctrl-C reaches us alone, and we stop them in order.
        child.process = subprocess.Popen(  # noqa: S603 - commands of our own
            tether.tied(child.command), env=surroundings, start_new_session=True
        )
        child.started = now


def _stop(children: Sequence[_Child]) -> None:
    started = [child.process for child in children if child.process is not None]
    for process in started:
        process.send_signal(signal.SIGTERM)  # One that has ended already is left alone.
    deadline = time.monotonic() + _PATIENCE
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        _end_family(process)
        process.wait()


def _end_family(process: subprocess.Popen[bytes]) -> None:
    """End what a process has started: the web's own children go on answering without it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
