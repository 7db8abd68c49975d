"""The ledger: one row for each message of the server, in exactly one state; and its sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from crm.base import bulk
from crm.base.db import among
from crm.mail import identity
from crm.mail.models import Copy, CopyState, Folder, Mailbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from crm.base.db import Session

#: UIDs that are read at once.
PAGE = 20_000
#: The digest of a letter of which the server gave no byte.
NOTHING = identity.digest(b"")
#: What was asked for in vain is asked for in one of so many comparisons at least, as a power of 2.
_RAREST = 5


@dataclass(slots=True)
class FolderLedger:
    """One folder's part of the ledger.

    `server`, `pending` and `stray` are as last compared; where the counts agree, as last counted.
    """

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
        compared = f.compared_at is not None and not f.trouble
        return compared and not f.pending and not f.stray and f.server == kept


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


def known(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs a folder's copies have that are not gone."""
    rows = bulk.run(
        session,
        "select uid from copy where workspace_id = %s and folder_id = %s and uidvalidity = %s"
        " and uid = any(%s::bigint[]) and state <> %s",
        (folder.workspace_id, folder.id, folder.uidvalidity, list(uids), CopyState.GONE),
    )
    return frozenset(uid for (uid,) in rows)


def highest(session: Session, folder: Folder) -> int:
    """Return the highest UID of a folder's copies, gone or not; -1 where there is none."""
    row = bulk.run(
        session,
        "select max(uid) from copy where workspace_id = %s and folder_id = %s and uidvalidity = %s",
        (folder.workspace_id, folder.id, folder.uidvalidity),
    )
    found: int | None = row.scalar_one()
    return -1 if found is None else found


def mark_gone(session: Session, folder: Folder, uids: Sequence[int]) -> None:
    """Note that the server no longer has these messages. What we know of them stays."""
    bulk.run(
        session,
        "update copy set state = %s, rule = '' where workspace_id = %s and folder_id = %s"
        " and uidvalidity = %s and uid = any(%s::bigint[])",
        (CopyState.GONE, folder.workspace_id, folder.id, folder.uidvalidity, list(uids)),
    )


def mark_all_gone(session: Session, folder: Folder) -> None:
    """Note that the server no longer has a folder."""
    bulk.run(
        session,
        "update copy set state = %(gone)s, rule = '' where workspace_id = %(ws)s"
        " and folder_id = %(folder)s and state <> %(gone)s",
        {"gone": CopyState.GONE, "ws": folder.workspace_id, "folder": folder.id},
    )


def mark_older_gone(session: Session, folder: Folder) -> None:
    """Note that what stands under an older numbering, and was not found again, is gone."""
    bulk.run(
        session,
        "update copy set state = %(gone)s, rule = '' where workspace_id = %(ws)s"
        " and folder_id = %(folder)s and state <> %(gone)s and uidvalidity <> %(now)s",
        {
            "gone": CopyState.GONE,
            "ws": folder.workspace_id,
            "folder": folder.id,
            "now": folder.uidvalidity,
        },
    )


def numbers(session: Session, folder: Folder) -> frozenset[int]:
    """Return the UIDVALIDITYs under which copies stand that are not gone."""
    rows = bulk.run(
        session,
        "select distinct uidvalidity from copy"
        " where workspace_id = %s and folder_id = %s and state <> %s",
        (folder.workspace_id, folder.id, CopyState.GONE),
    )
    return frozenset(number for (number,) in rows)


def count(session: Session, folder: Folder) -> int:
    """Count the copies of a folder that are not gone."""
    row = bulk.run(
        session,
        "select count(*) from copy where workspace_id = %s and folder_id = %s and state <> %s",
        (folder.workspace_id, folder.id, CopyState.GONE),
    )
    return int(row.scalar_one())


def note_compared(
    session: Session, folder: Folder, *, server: int, pending: int, stray: int, at: datetime
) -> None:
    """Keep what a comparison with the server has found."""
    folder.server, folder.pending, folder.stray = server, pending, stray
    folder.compared_at = at
    session.flush()


def ungiven(session: Session, mailbox: Mailbox, attempts: int) -> list[tuple[str, Copy]]:
    """List what the server has listed and never given, with its folder's name.

    Only what was asked for less than so many times, under the folder's numbers of now.
    """
    query = _ungiven(mailbox).where(Copy.attempts < attempts).order_by(Folder.name, Copy.uid)
    return [(name, copy) for name, copy in session.execute(query)]


def ungiven_long(
    session: Session, mailbox: Mailbox, attempts: int, *, compared_before: datetime, most: int
) -> list[tuple[str, Copy]]:
    """List some of what was asked for that often in vain, where the comparison is due again.

    A letter's turn comes by chance, half as often after each attempt, and at least once in 32
    comparisons: so it grows rarer with no more noted of it than how often it was asked for.
    """
    more = func.least(Copy.attempts - attempts, _RAREST)
    query = (
        _ungiven(mailbox)
        .where(
            Copy.attempts >= attempts,
            or_(Folder.compared_at.is_(None), Folder.compared_at < compared_before),
            func.random() * func.power(2, more) < 1,
        )
        .order_by(Copy.attempts, func.random())
        .limit(most)
    )
    return [(name, copy) for name, copy in session.execute(query)]


def _ungiven(mailbox: Mailbox) -> Select[str, Copy]:
    return (
        select(Folder.name, Copy)
        .join(
            Copy,
            and_(
                Copy.workspace_id == Folder.workspace_id,
                Copy.folder_id == Folder.id,
                Copy.uidvalidity == Folder.uidvalidity,
            ),
        )
        .where(
            Folder.workspace_id == mailbox.workspace_id,
            Folder.mailbox_id == mailbox.id,
            Copy.state == CopyState.FAILED,
            Copy.digest == NOTHING,
        )
    )


def ask_again(session: Session, workspace_id: UUID) -> None:
    """Let the next runs ask again for what the server has never given."""
    bulk.run(
        session,
        "update copy set attempts = 0 where workspace_id = %s and state = %s and digest = %s",
        (workspace_id, CopyState.FAILED, NOTHING),
    )


def failed(
    session: Session, workspace_id: UUID, mailbox_id: UUID | None = None, most: int | None = None
) -> list[Copy]:
    """List the letters in quarantine, the newest first; all of them where `most` says no less."""
    query = select(Copy).where(Copy.workspace_id == workspace_id, Copy.state == CopyState.FAILED)
    if mailbox_id is not None:
        query = query.where(Copy.mailbox_id == mailbox_id)
    return list(session.scalars(query.order_by(Copy.received_at.desc()).limit(most)))


def failures(session: Session, mailbox: Mailbox) -> dict[str, int]:
    """Count a mailbox's letters in quarantine by the reason, in words."""
    rows = session.execute(
        select(Copy.error, func.count())
        .join(Folder, and_(Folder.workspace_id == Copy.workspace_id, Folder.id == Copy.folder_id))
        .where(
            Folder.workspace_id == mailbox.workspace_id,
            Folder.mailbox_id == mailbox.id,
            Copy.state == CopyState.FAILED,
        )
        .group_by(Copy.error)
    )
    return {str(error): int(count) for error, count in rows}
