"""Wait for a database that is away or too busy, and run a transaction again that lost a race.

Everything in `sync` that touches the database goes through `transact`: each piece of work is safe
to repeat, so a restart of PostgreSQL costs the time that it takes, and no job.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
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
#: PostgreSQL's codes for "run it again": deadlock and serialization; and a unique violation.
_RACED = {"40P01", "40001"}
_DOUBLE = "23505"
_AGAIN = _RACED | {_DOUBLE}
#: Its codes for "I am too busy": a lock or a statement took too long, a transaction stood still.
_BUSY = {"55P03", "57014", "25P03"}
#: Its classes for "it is me": connections, resources such as the disk, an operator, the system.
_ITS_OWN = ("08", "53", "57P", "58")


def transact(
    workspace_id: UUID,
    work: Callable[[Session], Result],
    *,
    delayed: Callable[[Session], object] | None = None,
) -> Result:
    """Run work that is safe to repeat in a transaction of its own, until it went through.

    `delayed` is what the database is told before each further try, if it listens.
    """

    def once() -> Result:
        with transaction(workspace_id) as session:
            return work(session)

    def tell() -> None:
        if delayed is not None:
            with suppress(DBAPIError), transaction(workspace_id) as session:
                delayed(session)

    return patiently(once, delayed=tell)


def patiently(
    work: Callable[[], Result],
    *,
    patience: float = PATIENCE,
    delayed: Callable[[], object] | None = None,
) -> Result:
    """Run something until it went through: wait while the database cannot, retry a race."""
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
            if not (is_away(error) or _code(error) in _BUSY):
                raise
            if delayed is not None:
                delayed()
            if time.monotonic() - began > patience:
                raise
            time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - it spreads the waiting
            wait = min(wait * 2, _LONGEST)


def is_away(error: DBAPIError) -> bool:
    """Tell whether an error says that the database cannot be reached, now."""
    code = _code(error)
    if code is None:  # It did not come to an answer; but a value that cannot be sent is our fault.
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return (
        error.connection_invalidated
        or code.startswith(("08", "57P0"))
        or code in {"53300", "25006"}
    )


def is_its_own(error: DBAPIError) -> bool:
    """Tell whether an error is the database's own trouble, whatever it was asked to keep."""
    code = _code(error)
    return (
        is_away(error)
        or code in _BUSY
        or code in _RACED
        or (code is not None and code.startswith(_ITS_OWN))
    )


def is_double(error: DBAPIError) -> bool:
    """Tell whether something is there already that there may be once: who wrote it was quicker."""
    return _code(error) == _DOUBLE


def _lost_race(error: DBAPIError) -> bool:
    return _code(error) in _AGAIN


def _code(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
