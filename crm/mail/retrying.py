"""When a mailbox that failed is looked at again, and when we stop knocking at its server. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

#: How long to wait after the first failure; doubled with each further one.
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=10)
#: Troubles that last: they are looked at once an hour.
RARE: Final = frozenset({"unstable", "not_admitted", "unfinished"})
RARE_WAIT: Final = timedelta(hours=1)
#: Troubles that only its owner can mend.
REFUSALS: Final = frozenset(
    {"login_refused", "consent_revoked", "consent_expired", "scope_missing"}
)
#: How long to wait at least after the first refused login, and after each further one. The last
#: alone is a quarter of an hour: a provider that refuses everybody for some minutes shall
#: disconnect nobody.
REFUSED_WAITS: Final = (timedelta(minutes=5), timedelta(minutes=15))
#: After so many refused logins, with none between them that worked, we stop knocking.
LOGINS: Final = len(REFUSED_WAITS) + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How often a mailbox failed in a row, its login was refused of that, and when it is due."""

    failures: int
    refusals: int
    due_at: datetime


def after(trouble: str, was: Standing, *, at: datetime, jitter: float) -> Standing:
    """Return how a mailbox stands after a failure: each waits longer than the one before.

    Whoever looked while a refused login had its time learnt nothing new: that time goes on, and
    one more refusal in it counts for none. A network that fails between two refusals says nothing
    about the login. `jitter` lies between 0 and 1 and spreads those who failed together.
    """
    early = was.refusals > 0 and was.due_at > at
    refused = trouble in REFUSALS
    refusals = was.refusals + (refused and not early)
    if refused:
        wait = REFUSED_WAITS[min(refusals, len(REFUSED_WAITS)) - 1] * (1 + jitter / 2)
    else:
        grown = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(was.failures, 12))
        wait = (RARE_WAIT if trouble in RARE else grown) * (0.5 + jitter / 2)
    return Standing(was.failures + 1, refusals, was.due_at if early else at + wait)


def stops(trouble: str, now: Standing) -> bool:
    """Tell whether we stop knocking, for a login was refused often enough."""
    return trouble in REFUSALS and now.refusals >= LOGINS
