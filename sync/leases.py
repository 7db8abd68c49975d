"""One worker at a time looks after a mailbox: a lease in its row, by the database's clock.

The row bears its holder's own mark: who slept until another took the mailbox neither renews nor
gives back what that one holds now. A lease lasts for three renewals, so that a database that is
away for a while costs nobody the mailbox; and ten seconds less than the ninety within which another
goes on, for the sweep and the queue need some.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crm.base import bulk, ids
from crm.base.db import transaction
from sync.patience import transact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from crm.base.db import Session

_log = logging.getLogger(__name__)

_LASTS = "80 seconds"
_RENEWED_EVERY = 26.0
#: Seconds after which a renewal that failed is tried again.
_SOON = 2.0


@contextmanager
def held(workspace_id: UUID, mailbox_id: UUID) -> Iterator[bool]:
    """Hold a mailbox's lease inside the block, renewed meanwhile; False when another has it.

    It is a courtesy, not a lock: two workers on one mailbox only do some work twice, and what
    they file is checked by claim and cursor.
    """
    mark = ids.new()

    def take(session: Session) -> bool:
        return _write(
            session,
            f"leased_until = now() + interval '{_LASTS}', leased_by = %(mark)s",
            "(leased_until is null or leased_until < now() or leased_by = %(mark)s)",
            {"ws": workspace_id, "id": mailbox_id, "mark": mark},
        )

    if not transact(workspace_id, take):
        yield False
        return
    ended = threading.Event()
    renewal = threading.Thread(
        target=_renew, args=(workspace_id, mailbox_id, mark, ended), name="lease", daemon=True
    )
    renewal.start()
    try:
        yield True
    finally:
        ended.set()
        renewal.join()
        _give_back(workspace_id, mailbox_id, mark)


def _renew(workspace_id: UUID, mailbox_id: UUID, mark: UUID, ended: threading.Event) -> None:
    """Renew the lease until the work has ended, or another holds it."""
    mine, wait = True, _RENEWED_EVERY
    while mine and not ended.wait(wait):
        wait = _RENEWED_EVERY
        try:
            with transaction(workspace_id) as session:
                mine = _write(
                    session,
                    f"leased_until = now() + interval '{_LASTS}'",
                    "leased_by = %(mark)s",
                    {"ws": workspace_id, "id": mailbox_id, "mark": mark},
                )
        except DBAPIError as error:  # It is tried again soon: the lease lasts for three renewals.
            _log.warning("A lease waits for the database: %s", type(error.orig).__name__)
            wait = min(_RENEWED_EVERY, _SOON)


def _give_back(workspace_id: UUID, mailbox_id: UUID, mark: UUID) -> None:
    def give_back(session: Session) -> bool:
        return _write(
            session,
            "leased_until = null, leased_by = null",
            "leased_by = %(mark)s",
            {"ws": workspace_id, "id": mailbox_id, "mark": mark},
        )

    transact(workspace_id, give_back)


def _write(session: Session, what: str, where: str, values: dict[str, UUID]) -> bool:
    """Change the lease where the row is as expected; tell whether it was."""
    result = bulk.run(
        session,
        f"update mailbox set {what} where workspace_id = %(ws)s and id = %(id)s and {where}",
        values,
    )
    return bool(result.rowcount)
