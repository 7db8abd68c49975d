"""Wait for a database that is away for a while, and run a transaction again that lost a race.

Everything in `sync` that touches the database goes through `transact`: each piece of work is safe
to repeat, so a restart of PostgreSQL costs the time that it takes, and no job.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from crm.base.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from crm.base.db import Session

Result = TypeVar("Result")

#: How long to wait for the database in all, in seconds of the monotonic clock.
PATIENCE = 600
#: How long to wait between two tries at most: it is back sooner than we are told.
_LONGEST = 5.0
_RACES = 3
#: PostgreSQL's codes for "run it again": deadlock, serialization, unique violation.
_AGAIN = {"40P01", "40001", "23505"}
#: Its classes for "it is me": connections, resources such as the disk, an operator, the system.
_ITS_OWN = ("08", "53", "57P", "58")


def transact(workspace_id: UUID, work: Callable[[Session], Result]) -> Result:
    """Run work that is safe to repeat in a transaction of its own, until it went through."""

    def once() -> Result:
        with transaction(workspace_id) as session:
            return work(session)

    return patiently(once)


def patiently(work: Callable[[], Result], *, patience: float = PATIENCE) -> Result:
    """Run something until it went through: wait while the database is away, retry a race."""
    began, wait, races = time.monotonic(), 0.2, 0
    while True:
        try:
            return work()
        except DBAPIError as error:
            if _lost_race(error):
                races += 1
                if races >= _RACES:
                    raise
                continue
            if not is_away(error) or time.monotonic() - began > patience:
                raise
            time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - it spreads the waiting
            wait = min(wait * 2, _LONGEST)


def is_away(error: DBAPIError) -> bool:
    """Tell whether an error says that the database cannot be reached, now."""
    code = getattr(error.orig, "sqlstate", None)
    if code is None:  # It did not come to an answer; but a value that cannot be sent is our fault.
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return (
        error.connection_invalidated
        or code.startswith(("08", "57P0"))
        or code in {"53300", "25006"}
    )


def is_its_own(error: DBAPIError) -> bool:
    """Tell whether an error is the database's own trouble, whatever it was asked to keep."""
    code = getattr(error.orig, "sqlstate", None)
    return is_away(error) or (code is not None and code.startswith(_ITS_OWN))


def _lost_race(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _AGAIN
