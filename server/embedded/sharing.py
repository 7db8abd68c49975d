"""Any number of commands share the servers of a DATA_DIR; the last to leave stops them.

Two locks of the kernel's (flock), which die with whoever holds them:

    turn.lock   exclusive, while somebody starts, joins, leaves, or starts again what has died. One
                at a time.
    users.lock  shared, as long as somebody uses the servers. Who leaves tries to make it exclusive:
                that succeeds for the last one only, who then stops the servers.

A command that is killed leaves nothing behind but running servers; the next finds and uses them,
and stops them on leaving. flock belongs to the open file, not to the process: it is closed
in programs that we execute (O_CLOEXEC), while a child forked without exec shares its parent's lease
and leaves with it.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def lease(run: Path, *, start: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    """Hold a share of the servers: `start` joins or starts them, `stop` is for the last one."""
    process = os.getpid()
    with _opened(run / "users.lock") as users:
        with turn(run):
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                start()
            except BaseException:
                _leave(users, stop)
                raise
        try:
            yield
        finally:
            if os.getpid() == process:  # A forked child that falls out of here stops nothing.
                with turn(run):
                    _leave(users, stop)


@contextmanager
def held(lock: Path) -> Iterator[int | None]:
    """Hold a lock if it is free: yields its descriptor, or None if somebody has it."""
    with _opened(lock) as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            # Closed, not unlocked: a server that inherited the descriptor goes on holding it.
            yield opened


@contextmanager
def turn(run: Path) -> Iterator[None]:
    """Wait for the turn, and have it: nobody else starts, joins or leaves meanwhile."""
    with _opened(run / "turn.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # A child forked meanwhile has the descriptor too, so closing it would not do.
            fcntl.flock(lock, fcntl.LOCK_UN)


def _leave(users: int, stop: Callable[[], None]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # Somebody else is there. The kernel may have taken our share already; now it surely has.
        fcntl.flock(users, fcntl.LOCK_UN)
        return
    try:
        stop()
    finally:
        fcntl.flock(users, fcntl.LOCK_UN)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield opened
    finally:
        os.close(opened)
