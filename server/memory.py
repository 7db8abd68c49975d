"""The memory of a process that lives long: what it gives back, and what it need not look at."""

from __future__ import annotations

import ctypes
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: M_MMAP_THRESHOLD of glibc's malloc.h.
_THRESHOLD = -3
#: Bytes from which on a block is mapped, and unmapped when it is freed.
LARGE = 1 << 20


def give_back_large_blocks() -> bool:
    """Keep large blocks out of this process's heap; False where the C library has no such setting.

    glibc raises the limit to the largest block that was ever freed, up to 32 MB, and from then on
    keeps such blocks (mallopt(3), Dynamic mmap threshold): one letter of 9 MB then costs a worker
    20 MB for good.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_THRESHOLD, LARGE))


def settle() -> None:
    """Leave what is loaded by now out of every later collection: modules, pages, statements.

    A full collection of it takes 70 ms, in which an answer waits, and never finds anything.
    """
    gc.collect()
    gc.freeze()


def keep() -> None:
    """Leave what is loaded out of later collections, as `settle` does, and collect nothing before.

    For a process that has done nothing yet.
    """
    gc.freeze()


@contextmanager
def loading() -> Iterator[None]:
    """Import modules without looking for what is left over.

    Imports leave some hundred objects, and looking for them takes a third of a command's start.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
