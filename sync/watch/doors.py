"""Which mailbox is knocked at next: few at one host at once, and every host in its turn.

A host that lets everybody wait holds up the mailboxes that it has, and no others.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sync.watch.watch import Watch

#: So many mailboxes of one host are knocked at at once.
AT_A_HOST: Final = 2


class Doors:
    """The mailboxes at which somebody is to knock. Whoever takes one says when it is done."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked: dict[str, deque[Watch]] = {}  # by host, whose turn it is first
        self._taken: Counter[str] = Counter()
        self.closed = False

    def put(self, watch: Watch) -> None:
        """Ask for a knock."""
        with self._changed:
            self._asked.setdefault(watch.way_in.host, deque()).append(watch)
            self._changed.notify()

    def take(self) -> Watch | None:
        """Wait for the next, and return it; None once all is over."""
        with self._changed:
            while not self.closed:
                watch = self._next()
                if watch is not None:
                    return watch
                self._changed.wait()
        return None

    def done(self, host: str) -> None:
        """Let the next one knock at a host."""
        with self._changed:
            self._taken[host] -= 1
            self._changed.notify()

    def close(self) -> None:
        """Send home whoever waits, and whoever comes."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _next(self) -> Watch | None:
        for host in [host for host in self._asked if self._taken[host] < AT_A_HOST]:
            asked = self._asked.pop(host)
            while asked and asked[0].gone:  # It was paused, changed or removed meanwhile.
                asked.popleft()
            if not asked:
                continue
            watch = asked.popleft()
            if asked:
                self._asked[host] = asked  # Behind the other hosts.
            self._taken[host] += 1
            return watch
        return None
