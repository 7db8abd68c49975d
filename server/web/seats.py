"""Who holds a thread for long: so many in all, so many of each, and the rest is for pages.

A thread that waits costs some kilobytes and no time of the processor. What must not happen is that
those who wait take them all: so there are more threads than seats, and nobody has more than a few.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Generic, TypeVar

#: Streams a process has at most, and threads that are left for pages whatever comes.
SEATS = 48
PAGES = 16
#: Streams a user has at most in one process: a tab in the background gives its own back.
EACH = 6

Who = TypeVar("Who")


class Seats(Generic[Who]):
    """The seats of one process for one sort of waiting."""

    def __init__(self, seats: int = SEATS, each: int = EACH) -> None:
        self._seats, self._each = seats, each
        self._left = threading.Condition()
        self._taken: Counter[Who] = Counter()

    @property
    def taken(self) -> int:
        """Return how many are taken."""
        return self._taken.total()

    def has(self, who: Who) -> bool:
        """Tell whether somebody has one."""
        return who in self._taken

    def take(self, who: Who, wait: float = 0.0) -> bool:
        """Take one for somebody, at the latest after so many seconds; False where none is free."""
        until = time.monotonic() + wait
        with self._left:
            while self._taken.total() >= self._seats or self._taken.get(who, 0) >= self._each:
                if not self._left.wait(max(0.0, until - time.monotonic())):
                    return False
            self._taken[who] += 1
            return True

    def leave(self, who: Who) -> None:
        """Give one back."""
        with self._left:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
            self._left.notify_all()
