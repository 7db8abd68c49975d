"""Pieces of folders that are being brought in: cut, claim, move, finish.

A stretch is a closed range of UIDs of one folder under one UIDVALIDITY, with a cursor inside it.
The live stretch has no end, and every folder that is kept has one, or is still being taken up.
Whoever claims one takes its next epoch; its rows and its cursor move in one transaction, which
checks both: a worker that slept through its lease cannot commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select

from crm.base import bulk, ids
from crm.mail.models import Folder, Mailbox, StretchRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session

#: How long a claim holds without a sign of life; the database's clock counts.
LEASE = "30 seconds"
#: After so many claims at one place its letters are read one at a time.
CAREFUL_AFTER = 1
#: After so many workers that ended while they read one letter, alone, it is tried apart: they may
#: have been killed by anything, and at that moment.
TRIED_AFTER = 2
#: So many convict it, whatever a trial has shown: what ends us may end a whole container.
CONVICTED_AFTER = 4
#: Claims at one place after which the next letter is not read, whatever it was that ended them.
HOPELESS_AFTER = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch in the hands of one worker.

    `tries` counts the claims that stood at this cursor, of which all but this one came to nothing.
    `suspect` is the letter that was being read, alone, when a worker ended; `accused` times.
    `beset` says that letters of the mailbox were read one by one since it was cut into stretches,
    because somebody did not come back from it.
    """

    workspace_id: UUID
    id: UUID
    mailbox_id: UUID
    folder_id: UUID
    folder: str
    uidvalidity: int
    last: int | None
    cursor: int
    epoch: int
    tries: int
    suspect: int | None
    accused: int
    uids: list[int] | None
    way: int
    beset: bool

    @property
    def careful(self) -> bool:
        """Tell whether to go one letter at a time, for something here may end workers."""
        return self.suspect is not None or self.tries > CAREFUL_AFTER

    def tries_apart(self, uid: int) -> bool:
        """Tell whether a letter may be what ends workers, so that another process tries it."""
        return self.suspect == uid and self.accused >= TRIED_AFTER

    def convicts(self, uid: int) -> bool:
        """Tell whether a letter has ended workers so often that it is kept unread."""
        return self.suspect == uid and self.accused >= CONVICTED_AFTER

    @property
    def hopeless(self) -> bool:
        """Tell whether nothing gets beyond the cursor, though no letter is under suspicion."""
        return self.tries > HOPELESS_AFTER


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of UIDs to be brought in, and its rank: the highest is taken first.

    Where the server counts nothing, `uids` are those that it is about, ascending.
    """

    first: int
    last: int | None
    rank: int
    uids: tuple[int, ...] | None = None
    way: int = 0


def cut(session: Session, folder: Folder, pieces: Sequence[Piece]) -> list[UUID]:
    """Make stretches of a folder as it is numbered now; return their ids."""
    made = ids.many(len(pieces))
    if pieces:
        session.execute(
            insert(StretchRow),
            [
                {
                    "workspace_id": folder.workspace_id,
                    "id": stretch_id,
                    "mailbox_id": folder.mailbox_id,
                    "folder_id": folder.id,
                    "uidvalidity": folder.uidvalidity,
                    "first": piece.first,
                    "last": piece.last,
                    "cursor": piece.first - 1,
                    "rank": piece.rank,
                    "uids": list(piece.uids) if piece.uids is not None else None,
                    "way": piece.way,
                }
                for stretch_id, piece in zip(made, pieces, strict=True)
            ],
        )
    return made


def mailbox_of(session: Session, workspace_id: UUID, stretch_id: UUID) -> UUID | None:
    """Return the mailbox that a stretch is of; None where it has been dropped."""
    query = select(StretchRow.mailbox_id)
    found: UUID | None = session.scalar(
        query.where(StretchRow.workspace_id == workspace_id, StretchRow.id == stretch_id)
    )
    return found


def forget(session: Session, folder: Folder) -> None:
    """Drop the stretches of a folder whose numbering has changed."""
    session.execute(
        delete(StretchRow).where(
            StretchRow.workspace_id == folder.workspace_id, StretchRow.folder_id == folder.id
        )
    )


def forget_done(session: Session, folder: Folder) -> None:
    """Drop the stretches of a folder that have come to their end."""
    session.execute(
        delete(StretchRow).where(
            StretchRow.workspace_id == folder.workspace_id,
            StretchRow.folder_id == folder.id,
            StretchRow.done.is_(True),
        )
    )


def unfinished(session: Session, workspace_id: UUID, mailbox_id: UUID) -> list[UUID]:
    """List what is still to be brought in: live stretches first, then the newest."""
    return list(
        session.scalars(
            select(StretchRow.id)
            .where(
                StretchRow.workspace_id == workspace_id,
                StretchRow.mailbox_id == mailbox_id,
                StretchRow.done.is_(False),
            )
            .order_by(StretchRow.last.is_not(None), StretchRow.rank.desc(), StretchRow.id)
        )
    )


def open_ranges(session: Session, folder: Folder) -> list[tuple[int, int]]:
    """Return the ranges of UIDs, (above, up to], that stretches have not come to, ascending."""
    rows = session.execute(
        select(StretchRow.cursor, StretchRow.last)
        .where(
            StretchRow.workspace_id == folder.workspace_id,
            StretchRow.folder_id == folder.id,
            StretchRow.done.is_(False),
        )
        .order_by(StretchRow.cursor)
    )
    return [(cursor, last if last is not None else 2**63) for cursor, last in rows]


def taken_up(session: Session, mailbox: Mailbox) -> frozenset[UUID]:
    """Return the folders of a mailbox that have their live stretch."""
    found = session.scalars(
        select(StretchRow.folder_id).where(
            StretchRow.workspace_id == mailbox.workspace_id,
            StretchRow.mailbox_id == mailbox.id,
            StretchRow.last.is_(None),
        )
    )
    return frozenset(found)


def is_taken_up(session: Session, folder: Folder) -> bool:
    """Tell whether a folder has its live stretch."""
    row = bulk.run(
        session,
        'select 1 from stretch where workspace_id = %s and folder_id = %s and "last" is null',
        (folder.workspace_id, folder.id),
    ).first()
    return row is not None


def left_over(session: Session, workspace_id: UUID, mailbox_id: UUID) -> list[UUID]:
    """List what a run must still wait for: what is in some hand, and what was given back undone.

    A live stretch that nobody holds is as far as it was when it was last looked at.
    """
    return list(
        session.scalars(
            select(StretchRow.id)
            .where(
                StretchRow.workspace_id == workspace_id,
                StretchRow.mailbox_id == mailbox_id,
                StretchRow.done.is_(False),
                or_(StretchRow.last.is_not(None), StretchRow.leased_until > func.now()),
            )
            .order_by(StretchRow.rank.desc(), StretchRow.id)
        )
    )


def claim(session: Session, workspace_id: UUID, stretch_id: UUID) -> Claim | None:
    """Take a stretch that nobody holds. None when it is done, held, or not there."""
    row = bulk.run(
        session,
        f"update stretch s set epoch = s.epoch + 1, tries = s.tries + 1,"
        f" leased_until = now() + interval '{LEASE}'"
        " from folder f"
        " where s.workspace_id = %(ws)s and s.id = %(id)s and not s.done"
        "   and (s.leased_until is null or s.leased_until < now())"
        "   and f.workspace_id = s.workspace_id and f.id = s.folder_id"
        " returning s.workspace_id, s.id, s.mailbox_id, s.folder_id, f.name, s.uidvalidity,"
        '   s."last", s.cursor, s.epoch, s.tries, s.suspect, s.accused,'
        " s.uids, s.way,"
        "   exists (select from stretch o where o.workspace_id = s.workspace_id"
        "     and o.mailbox_id = s.mailbox_id and o.accused > 0"
        '     and o."last" is not null)',
        {"ws": workspace_id, "id": stretch_id},
    ).one_or_none()
    return Claim(*row) if row is not None else None


def suspect(session: Session, claim: Claim, uid: int) -> bool:
    """Write down which letter is about to be read alone, with a new lease to read it in.

    False when the claim is lost.
    """
    again = "case when suspect = %(uid)s then accused + 1 else 1 end"
    lease = f"leased_until = now() + interval '{LEASE}'"
    return _update(session, claim, f"suspect = %(uid)s, accused = {again}, {lease}", {"uid": uid})


def acquit(session: Session, claim: Claim) -> bool:
    """Note that the letter was read and the worker lives. False when the claim is lost."""
    return _update(session, claim, "suspect = null", {})


def holds(session: Session, claim: Claim, since: int) -> bool:
    """Tell, with the row locked, whether a claim still holds and the cursor is where it was."""
    row = bulk.run(
        session,
        "select cursor, epoch from stretch where workspace_id = %s and id = %s for update",
        (claim.workspace_id, claim.id),
    ).one_or_none()
    return row is not None and (row[0], row[1]) == (since, claim.epoch)


def move(session: Session, claim: Claim, until: int) -> None:
    """Move the cursor, and take a new lease. The rows of the batch go with it."""
    done = claim.last is not None and until >= claim.last
    _update(
        session,
        claim,
        "cursor = %(until)s, done = %(done)s, tries = 1, suspect = null,"
        f" leased_until = now() + interval '{LEASE}'",
        {"until": until, "done": done},
    )


def excuse(session: Session, claim: Claim) -> None:
    """Note that the database keeps a claim waiting: that counts against no letter.

    Whoever holds the stretch meanwhile has no older claims against its letters either.
    """
    bulk.run(
        session,
        "update stretch set tries = least(tries, 1), leased_until = case when epoch = %(epoch)s"
        f" then now() + interval '{LEASE}' else leased_until end"
        " where workspace_id = %(ws)s and id = %(id)s",
        {"ws": claim.workspace_id, "id": claim.id, "epoch": claim.epoch},
    )


def release(session: Session, claim: Claim) -> None:
    """Give a stretch back, so that others may go on with it at once."""
    _update(session, claim, "leased_until = null, tries = 0, suspect = null", {})


def drop(session: Session, claim: Claim, uid: int | None = None) -> None:
    """Give a stretch back after a fault, which counts like a worker that died of it.

    `uid` is the letter at fault, where it stood alone: that we live to say so counts as another
    worker's end.
    """
    also = "" if uid is None else ", accused = accused + 1"
    _update(session, claim, f"leased_until = null, suspect = %(uid)s{also}", {"uid": uid})


def _update(session: Session, claim: Claim, what: str, values: dict[str, object]) -> bool:
    result = bulk.run(
        session,
        f"update stretch set {what}"
        " where workspace_id = %(ws)s and id = %(id)s and epoch = %(epoch)s",
        {"ws": claim.workspace_id, "id": claim.id, "epoch": claim.epoch, **values},
    )
    return bool(result.rowcount)
