"""Wait for a database that is away for a while, and run a batch again that lost a race."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

#: How long to wait for the database in all, in seconds of the monotonic clock.
PATIENCE = 600
_RACES = 3
#: PostgreSQL's codes for "run it again": deadlock, serialization, unique violation.
_AGAIN = {"40P01", "40001", "23505"}


def patiently(work: Callable[[], Result], *, patience: float = PATIENCE) -> Result:
    """Run a transaction until it went through: wait while the database is away, retry a race."""
    began, wait, races = time.monotonic(), 0.2, 0
    while True:
        try:
            return work()
        except (OperationalError, IntegrityError, DBAPIError) as error:
            if _lost_race(error):
                races += 1
                if races >= _RACES:
                    raise
                continue
            if not is_away(error) or time.monotonic() - began > patience:
                raise
            time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - it spreads the waiting
            wait = min(wait * 2, 10)


def is_away(error: DBAPIError) -> bool:
    """Tell whether an error says that the database cannot be reached, now."""
    code = getattr(error.orig, "sqlstate", None)
    return (
        error.connection_invalidated
        or code is None
        or code.startswith(("08", "57P0"))
        or code in {"53300", "25006"}
    )


def _lost_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _AGAIN
