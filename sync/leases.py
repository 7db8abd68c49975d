"""One worker at a time looks after a mailbox: a lease in its row, by the database's clock."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_LASTS = "90 seconds"
_RENEWED_EVERY = 30.0


@contextmanager
def held(workspace_id: UUID, mailbox_id: UUID) -> Iterator[bool]:
    """Hold a mailbox's lease inside the block, renewed meanwhile; False when another has it.

    It is a courtesy, not a lock: two workers on one mailbox only do some work twice, and what
    they file is checked by claim and cursor.
    """
    if not _take(workspace_id, mailbox_id):
        yield False
        return
    ended = threading.Event()
    renewal = threading.Thread(
        target=_renew, args=(workspace_id, mailbox_id, ended), name="lease", daemon=True
    )
    renewal.start()
    try:
        yield True
    finally:
        ended.set()
        renewal.join()
        _give_back(workspace_id, mailbox_id)


def _take(workspace_id: UUID, mailbox_id: UUID) -> bool:
    with transaction(workspace_id) as session:
        taken = bulk.run(
            session,
            f"update mailbox set leased_until = now() + interval '{_LASTS}'"
            " where workspace_id = %s and id = %s"
            "   and (leased_until is null or leased_until < now()) returning id",
            (workspace_id, mailbox_id),
        )
        return taken.first() is not None


def _renew(workspace_id: UUID, mailbox_id: UUID, ended: threading.Event) -> None:
    while not ended.wait(_RENEWED_EVERY):
        with transaction(workspace_id) as session:
            bulk.run(
                session,
                f"update mailbox set leased_until = now() + interval '{_LASTS}'"
                " where workspace_id = %s and id = %s",
                (workspace_id, mailbox_id),
            )


def _give_back(workspace_id: UUID, mailbox_id: UUID) -> None:
    with transaction(workspace_id) as session:
        bulk.run(
            session,
            "update mailbox set leased_until = null where workspace_id = %s and id = %s",
            (workspace_id, mailbox_id),
        )
