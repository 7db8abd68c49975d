"""One mailbox in the watcher's eyes: its connection, when to come back, when to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.watch.clerk import Way
    from sync.watch.knock import Opened
    from sync.watch.pace import Pace


class Watch:
    """A mailbox that is to be watched. `mark` is its way in, as the table says it."""

    __slots__ = (
        "_called_at",
        "_calm",
        "_failures",
        "_opened_at",
        "again_at",
        "knocking",
        "mark",
        "opened",
        "way",
    )

    def __init__(self, way: Way, mark: str) -> None:
        self.way, self.mark = way, mark
        self.opened: Opened | None = None
        self.knocking = False
        self.again_at = 0.0
        self._opened_at = 0.0
        self._failures = 0
        self._called_at = float("-inf")
        self._calm = 0.0

    def open(self, opened: Opened, now: float) -> None:
        """Note that one can wait there now."""
        self.opened, self.knocking, self._opened_at = opened, False, now

    def fail(self, now: float, pace: Pace) -> None:
        """Note that one cannot, and when to come back: what lasted for a while is forgiven."""
        if self._opened_at and now - self._opened_at >= pace.steady:
            self._failures = 0
        self._failures += 1
        self.knocking, self._opened_at = False, 0.0
        self.again_at = now + pace.wait_after(self._failures)

    def may_call(self, now: float, pace: Pace) -> bool:
        """Tell whether there is news to call for now; what is too soon stays news, and waits."""
        if self.opened is None or not self.opened.line.news:
            return False
        since = now - self._called_at
        if since < self._calm:
            return False
        closely = since < 2 * max(self._calm, pace.calm)
        self._calm = min(pace.calmest, 2 * max(self._calm, pace.calm)) if closely else pace.calm
        self._called_at = now
        self.opened.line.news = False
        return True
