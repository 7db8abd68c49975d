"""The ledger: one row for each message of the server, in exactly one state; and its sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from crm.base import bulk
from crm.base.db import among
from crm.mail.models import Copy, CopyState, Folder, Mailbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: UIDs that are read at once.
PAGE = 20_000


@dataclass(slots=True)
class FolderLedger:
    """One folder's part of the ledger. `server`, `pending` and `stray` are as last compared."""

    folder: Folder
    stored: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    gone: int = 0

    @property
    def balanced(self) -> bool:
        """Tell whether every message of the server is accounted for, and nothing else."""
        f = self.folder
        kept = self.stored + sum(self.skipped.values()) + self.failed
        return f.compared_at is not None and not f.pending and not f.stray and f.server == kept


def ledger(session: Session, mailbox: Mailbox) -> list[FolderLedger]:
    """Return the ledger of a mailbox, folder by folder, by name."""
    folders = session.scalars(
        select(Folder)
        .where(Folder.workspace_id == mailbox.workspace_id, Folder.mailbox_id == mailbox.id)
        .order_by(Folder.name)
    )
    found = {folder.id: FolderLedger(folder) for folder in folders}
    rows = session.execute(
        select(Copy.folder_id, Copy.state, Copy.rule, func.count())
        .where(Copy.workspace_id == mailbox.workspace_id, among(Copy.folder_id, list(found)))
        .group_by(Copy.folder_id, Copy.state, Copy.rule)
    )
    for folder_id, state, rule, count in rows:
        line = found[folder_id]
        if state == CopyState.STORED:
            line.stored += count
        elif state == CopyState.SKIPPED:
            line.skipped[rule] = count
        elif state == CopyState.FAILED:
            line.failed += count
        else:
            line.gone += count
    return list(found.values())


def uids(session: Session, folder: Folder, after: int = -1, size: int = PAGE) -> list[int]:
    """Return the next UIDs, ascending, of a folder's copies that are not gone."""
    rows = bulk.run(
        session,
        "select uid from copy where workspace_id = %s and folder_id = %s and uidvalidity = %s"
        " and uid > %s and state <> %s order by uid limit %s",
        (folder.workspace_id, folder.id, folder.uidvalidity, after, CopyState.GONE, size),
    )
    return [uid for (uid,) in rows]


def mark_gone(session: Session, folder: Folder, uids: Sequence[int]) -> None:
    """Note that the server no longer has these messages. What we know of them stays."""
    bulk.run(
        session,
        "update copy set state = %s, rule = '' where workspace_id = %s and folder_id = %s"
        " and uidvalidity = %s and uid = any(%s::bigint[])",
        (CopyState.GONE, folder.workspace_id, folder.id, folder.uidvalidity, list(uids)),
    )


def note_compared(
    session: Session, folder: Folder, *, server: int, pending: int, stray: int, at: datetime
) -> None:
    """Keep what a comparison with the server has found."""
    folder.server, folder.pending, folder.stray = server, pending, stray
    folder.compared_at = at
    session.flush()


def failed(
    session: Session, workspace_id: UUID, mailbox_id: UUID | None = None, most: int | None = None
) -> list[Copy]:
    """List the letters in quarantine, the newest first; all of them where `most` says no less."""
    query = select(Copy).where(Copy.workspace_id == workspace_id, Copy.state == CopyState.FAILED)
    if mailbox_id is not None:
        query = query.where(Copy.mailbox_id == mailbox_id)
    return list(session.scalars(query.order_by(Copy.received_at.desc()).limit(most)))
