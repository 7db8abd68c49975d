"""How fast Gmail is asked: a budget for each mailbox, and one for all, shared by every worker.

Google counts units a minute, by user and by project, and says which question costs how many
(developers.google.com/workspace/gmail/api/reference/quota). We keep to 95 of 100 in windows of a
few seconds, so that nobody waits for long: the rest is for the cards beside an open message, which
never wait, and are counted all the same. Two workspaces may read one mailbox, and Google counts
that as one user: so do we. The budget lies in Valkey, under no address that can be read there;
without it each worker goes at the pace of one alone.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from sync.errors import QuotaError

if TYPE_CHECKING:
    from crm.base.settings import Settings

#: Seconds of a mailbox's window, and the share of its units that workers may spend.
WINDOW: Final = 6
SHARE: Final = 0.95
#: Into so many pieces a window is cut, of which one may be left unused at its end.
PIECES: Final = 40
#: Windows that may be counted as one, where nobody waits: more would keep nobody out for longer.
_BEYOND: Final = 2.0
#: The longest that anybody waits for their turn, in seconds: less than a lease.
PATIENCE: Final = 15.0
#: The longest that nobody asks for a mailbox, in seconds, whatever Gmail, or the clock here, says.
HELD_MOST: Final = 3600.0
_LOOK_EVERY: Final = 0.05
#: Milliseconds for which nobody who reads is let in before somebody who waits to send.
_GOES_FIRST: Final = 1000
_KEPT: Final = "inlay:gmail"


@dataclass(slots=True)
class Budget:
    """What one mailbox may spend. `user` stands for whom Google counts it for."""

    user: str
    redis_url: str = field(repr=False)
    per_user: int
    per_project: int
    timeout: float = 5
    _storage: RedisStorage | None = None

    def spend(self, units: int) -> None:
        """Wait until so many units may be spent, and count them. Raises QuotaError.

        Much is spent in pieces, so that a window is filled whatever is asked for. Who waits for
        long keeps a worker from other mailboxes: it gives up, and comes back.
        """
        while units > 0:
            piece = min(units, self._piece)
            self._spend(piece)
            units -= piece

    def _spend(self, units: int) -> None:
        until = time.monotonic() + PATIENCE
        try:
            while not self._allowed(units):
                if time.monotonic() > until or self._held_for() > PATIENCE:
                    raise QuotaError("Gmail's limit for this mailbox is used up for now.")
                time.sleep(_LOOK_EVERY)
        except RedisError:
            time.sleep(min(PATIENCE, 60 * units / (SHARE * self.per_user)))

    def spend_first(self, units: int) -> None:
        """Wait as `spend` does, before all others of this mailbox: whoever reads waits meanwhile.

        It may have all of the window, of which reading leaves a part: beside an import, which takes
        twenty units whenever there are twenty, a hundred would never be free. Raises QuotaError.
        """
        until = time.monotonic() + PATIENCE
        try:
            while not self._allowed(units, first=True):
                if time.monotonic() > until or self._held_for() > PATIENCE:
                    raise QuotaError("Gmail's limit for this mailbox is used up for now.")
                self._kept().storage.set(self._first, 1, px=_GOES_FIRST)
                time.sleep(_LOOK_EVERY)
            self._kept().storage.delete(self._first)
        except RedisError:
            return  # One letter is no more than what is left over.

    def note(self, units: int) -> None:
        """Count what was asked without a turn: whoever reads makes room for it afterwards."""
        with suppress(RedisError):  # Nobody who reads is counted there either.
            self._take(units, self._window(_BEYOND))
            SlidingWindowCounterRateLimiter(self._kept()).hit(
                self._project(units), "project", cost=units
            )

    def hold(self, seconds: float) -> None:
        """Let nobody ask for this mailbox for so long: Gmail has said when it may go on."""
        held = min(seconds, HELD_MOST)
        try:
            self._kept().storage.set(self._held, 1, px=max(1, int(held * 1000)))
        except RedisError:
            time.sleep(min(PATIENCE, seconds))

    def _allowed(self, units: int, *, first: bool = False) -> bool:
        storage = self._kept()
        if storage.storage.exists(self._held):
            return False
        if not first and storage.storage.exists(self._first):
            return False
        every, whole = self._project(units), SlidingWindowCounterRateLimiter(storage)
        if not whole.test(every, "project", cost=units):
            return False
        if not self._take(units, self._window(1.0 if first else SHARE)):
            return False
        return whole.hit(every, "project", cost=units)

    def _take(self, units: int, most: int) -> bool:
        """Take units of the one window that all share, where no more than so many are taken then.

        The strategy of `limits` would name another window for each that is another's most.
        """
        return self._kept().acquire_entry(
            f"window:{self.user}", max(units, most), WINDOW, amount=units
        )

    def _project(self, units: int) -> RateLimitItemPerMinute:
        return RateLimitItemPerMinute(max(units, int(SHARE * self.per_project)))

    def _held_for(self) -> float:
        """Return the seconds for which Gmail wants nobody to ask."""
        left = self._kept().storage.pttl(self._held)
        return max(0, int(left)) / 1000

    def _window(self, share: float) -> int:
        """Return the units of a window, or of a share of it."""
        return int(share * self.per_user * WINDOW / 60)

    @property
    def _piece(self) -> int:
        """The most that is spent at once."""
        return max(1, self._window(SHARE) // PIECES)

    @property
    def _held(self) -> str:
        return f"{_KEPT}:held:{self.user}"

    @property
    def _first(self) -> str:
        return f"{_KEPT}:first:{self.user}"

    def _kept(self) -> RedisStorage:
        if self._storage is None:
            self._storage = RedisStorage(
                self.redis_url,
                key_prefix=_KEPT,
                socket_timeout=self.timeout,
                socket_connect_timeout=self.timeout,
            )
        return self._storage


def budget(address: str, settings: Settings, *, timeout: float = 5) -> Budget:
    """Return what the mailbox of an address of Gmail may spend, as the settings have it.

    Valkey may take `timeout` seconds for each question.
    """
    user = f"{settings.google_api_url} {address.lower()}"
    return Budget(
        hashlib.sha256(user.encode("utf-8", "surrogatepass")).hexdigest(),
        settings.redis_url,
        settings.google_units_per_user,
        settings.google_units_per_project,
        timeout,
    )
