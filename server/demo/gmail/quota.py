"""What calls cost, and how many are too many: by user, by project, and at the same time.

The prices changed on 1 May 2026; projects that are older keep the old ones:
https://developers.google.com/workspace/gmail/api/reference/quota
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.demo.gmail.errors import too_fast

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE = 60.0
_BOTH = {
    "users.getProfile": 1,
    "users.labels.list": 1,
    "users.labels.get": 1,
    "users.labels.create": 5,
    "users.labels.patch": 5,
    "users.labels.update": 5,
    "users.labels.delete": 5,
    "users.history.list": 2,
    "users.messages.list": 5,
    "users.messages.modify": 5,
    "users.messages.trash": 5,
    "users.messages.untrash": 5,
    "users.messages.delete": 10,
    "users.messages.batchModify": 50,
    "users.messages.batchDelete": 50,
    "users.messages.insert": 25,
    "users.messages.import": 25,
    "users.messages.send": 100,
    "users.messages.get": 5,
    "users.messages.attachments.get": 5,
    "users.drafts.create": 10,
    "users.drafts.get": 5,
    "users.drafts.list": 5,
    "users.drafts.update": 15,
    "users.drafts.delete": 10,
    "users.drafts.send": 100,
    "users.threads.list": 10,
    "users.threads.get": 10,
    "users.threads.modify": 10,
    "users.threads.trash": 10,
    "users.threads.untrash": 10,
    "users.threads.delete": 20,
    "users.settings.sendAs.list": 1,
    "users.watch": 100,
    "users.stop": 50,
}
#: Units by method: of projects that used the API before May 2026, and of all others.
OLD_PRICES: Mapping[str, int] = _BOTH
NEW_PRICES: Mapping[str, int] = {
    **_BOTH,
    "users.messages.get": 20,
    "users.messages.attachments.get": 20,
    "users.messages.trash": 20,
    "users.messages.untrash": 20,
    "users.drafts.get": 20,
    "users.threads.get": 40,
    "users.threads.trash": 20,
    "users.threads.untrash": 20,
}


@dataclass(frozen=True, slots=True)
class Quota:
    """How many units a minute a user and the project have, and how many calls at once a user."""

    user: int = 6_000
    project: int = 1_200_000
    at_once: int | None = None
    old_prices: bool = False
    code: int = 429

    @property
    def prices(self) -> Mapping[str, int]:
        """The table of prices that holds."""
        return OLD_PRICES if self.old_prices else NEW_PRICES


class Meter:
    """What was spent in the last minute, and who has calls under way."""

    def __init__(self, quota: Quota | None) -> None:
        self.quota = quota
        self._lock = threading.Lock()
        self._spent: dict[str, deque[tuple[float, int]]] = {}
        self._sums: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()

    def hold_to(self, quota: Quota | None) -> None:
        """Hold callers to a quota from now on, and forget what was spent."""
        with self._lock:
            self.quota = quota
            self._spent.clear()
            self._sums.clear()

    def units(self, method: str) -> int:
        """Return what a call costs."""
        return (self.quota.prices if self.quota else NEW_PRICES).get(method, 1)

    def spend(self, address: str, units: int, at: float) -> None:
        """Spend units of a user. Raises ApiError where they would be too many in this minute."""
        if self.quota is None:
            return
        with self._lock:
            for whom, most in ((address, self.quota.user), ("", self.quota.project)):
                self._forget(whom, at - _MINUTE)
                if self._sums[whom] + units > most:
                    raise too_fast(self._free(whom, most - units), code=self.quota.code, now=at)
            for whom in (address, ""):
                self._spent.setdefault(whom, deque()).append((at, units))
                self._sums[whom] += units

    def enter(self, address: str) -> bool:
        """Count a call that begins, or return False where it is one too many at once."""
        most = self.quota.at_once if self.quota else None
        with self._lock:
            if most is not None and self._under_way[address] >= most:
                return False
            self._under_way[address] += 1
            return True

    def leave(self, address: str, calls: int = 1) -> None:
        """Count calls that have ended."""
        with self._lock:
            self._under_way[address] -= calls

    def _forget(self, whom: str, before: float) -> None:
        spent = self._spent.get(whom)
        while spent and spent[0][0] <= before:
            self._sums[whom] -= spent.popleft()[1]

    def _free(self, whom: str, wanted: int) -> float:
        """Return the moment at which no more than a number of units will be spent."""
        left = self._sums[whom]
        free = 0.0
        for at, units in self._spent.get(whom, ()):
            left -= units
            free = at + _MINUTE
            if left <= wanted:
                break
        return free
