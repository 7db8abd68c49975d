"""One mailbox in the watcher's eyes: its connection, when to come back, when to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.mail.watched import WayIn
    from sync.watch.clerk import Way
    from sync.watch.knock import Opened
    from sync.watch.pace import Pace


class Watch:
    """A mailbox that is to be watched. `way_in` is what the table says of it, and may be old."""

    __slots__ = (
        "_called_at",
        "_calm",
        "_failures",
        "_opened_at",
        "again_at",
        "gone",
        "knocking",
        "opened",
        "way",
        "way_in",
    )

    def __init__(self, way: Way, way_in: WayIn) -> None:
        self.way, self.way_in = way, way_in
        self.opened: Opened | None = None
        self.knocking = False
        self.gone = False
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
        self.again_at = max(self.again_at, now + pace.wait_after(self._failures))

    def refuse(self, now: float, pace: Pace) -> None:
        """Note that the login was refused: one comes back late, whatever others learn meanwhile."""
        self.fail(now, pace)
        self.again_at = now + pace.longest

    def is_due(self, now: float) -> bool:
        """Tell whether it is time to knock."""
        idle = self.opened is None and not self.knocking
        return idle and not self.way_in.refused and now >= self.again_at

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
