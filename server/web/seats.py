"""Who holds a stream open in this process: a thread each, of which pages keep enough.

A thread that waits costs some kilobytes and no time of the processor. What must not happen is that
streams take them all: so there are more threads than seats, and nobody has more than a few.
"""

from __future__ import annotations

import threading
from collections import Counter
from uuid import UUID

#: Streams a process has at most, and threads that are left for pages whatever comes.
SEATS = 48
PAGES = 16
#: Streams a user has at most in one process: a tab in the background gives its own back.
EACH = 6


class Seats:
    """The streams of one process."""

    def __init__(self, seats: int = SEATS, each: int = EACH) -> None:
        self._seats, self._each = seats, each
        self._lock = threading.Lock()
        self._taken: Counter[UUID] = Counter()

    @property
    def taken(self) -> int:
        """Return how many are taken."""
        return self._taken.total()

    def take(self, user_id: UUID) -> bool:
        """Take one for a user; False where there is none for them."""
        with self._lock:
            if self._taken.total() >= self._seats or self._taken[user_id] >= self._each:
                return False
            self._taken[user_id] += 1
            return True

    def leave(self, user_id: UUID) -> None:
        """Give one back."""
        with self._lock:
            self._taken[user_id] -= 1
            if not self._taken[user_id]:
                del self._taken[user_id]
