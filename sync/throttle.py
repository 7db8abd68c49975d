"""How fast Gmail is asked: a budget for each mailbox, and one for all, shared by every worker.

Google counts units a minute, by user and by project, and says which question costs how many
(developers.google.com/workspace/gmail/api/reference/quota). We keep to 95 of 100 in windows of a
few seconds, so that nobody waits for long: the rest is for the cards beside an open message, which
never wait. The budget lies in Valkey; without it each worker goes at the pace of one alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.settings import Settings

#: Seconds of a mailbox's window, and the share of its units that workers may spend.
WINDOW: Final = 6
SHARE: Final = 0.95
_LOOK_EVERY: Final = 0.05
_KEPT: Final = "inlay:gmail"


@dataclass(slots=True)
class Budget:
    """What one mailbox may spend."""

    mailbox_id: UUID
    redis_url: str = field(repr=False)
    per_user: int
    per_project: int
    _storage: RedisStorage | None = None

    def spend(self, units: int) -> None:
        """Wait until so many units may be spent, and count them."""
        try:
            while not self._allowed(units):
                time.sleep(_LOOK_EVERY)
        except RedisError:
            time.sleep(60 * units / (SHARE * self.per_user))

    def hold(self, seconds: float) -> None:
        """Let nobody ask for this mailbox for so long: Gmail has said when it may go on."""
        try:
            self._kept().storage.set(self._held, 1, px=max(1, int(seconds * 1000)))
        except RedisError:
            time.sleep(seconds)

    def _allowed(self, units: int) -> bool:
        storage = self._kept()
        if storage.storage.exists(self._held):
            return False
        mine = RateLimitItemPerSecond(int(SHARE * self.per_user * WINDOW / 60), WINDOW)
        if not MovingWindowRateLimiter(storage).hit(mine, str(self.mailbox_id), cost=units):
            return False
        every = RateLimitItemPerMinute(int(SHARE * self.per_project))
        while not SlidingWindowCounterRateLimiter(storage).hit(every, "project", cost=units):
            time.sleep(_LOOK_EVERY)
        return True

    @property
    def _held(self) -> str:
        return f"{_KEPT}:held:{self.mailbox_id}"

    def _kept(self) -> RedisStorage:
        if self._storage is None:
            self._storage = RedisStorage(self.redis_url, key_prefix=_KEPT)
        return self._storage


def budget(mailbox_id: UUID, settings: Settings) -> Budget:
    """Return what a mailbox of Gmail may spend, as the settings have it."""
    return Budget(
        mailbox_id,
        settings.redis_url,
        settings.google_units_per_user,
        settings.google_units_per_project,
    )
