"""Letters that stretches name one by one and have not come to: where a server counts nothing.

What lies in a stretch that is in no hand is fetched later than now, as it is then. What is in some
hand may have been fetched already, and be filed as it was: that goes for a lease that has lapsed
too, as long as nobody else has taken the stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from crm.base import bulk
from crm.mail import copies, stretches
from crm.mail.stretches import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Folder
    from crm.mail.stretches import Claim

#: The rank of a letter that somebody looks at: before all that there is.
FIRST: Final = 2**63 - 1

_NAMING = """
select s.id, s.rank, coalesce(s.leased_until > now(), false),
  (select count(*) from unnest(s.uids) as u(uid) where u.uid > s.cursor and u.uid < %(uid)s)
from stretch s
where s.workspace_id = %(ws)s and s.folder_id = %(folder)s and not s.done
  and s.cursor < %(uid)s and s."last" >= %(uid)s and %(uid)s = any(s.uids)
for update
"""


def among(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs are named and have not come in."""
    return _among(session, folder, uids, "true")


def in_hand(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs a worker may have fetched, and not filed yet."""
    return _among(session, folder, uids, "s.leased_until is not null")


def single_out(
    session: Session, folder: Folder, uid: int, *, way: int, at_once: int
) -> UUID | None:
    """Give a letter a stretch of its own, before all others; return which. Safe to repeat.

    It leaves the stretch that would have brought it, so that none fetches it again. None where
    that is not needed: the ledger has it, or it may be among the next `at_once` letters of a
    stretch in some hand, which are being fetched now. Lock the folder before.
    """
    if copies.known(session, folder, [uid]):
        return None
    where = {"ws": folder.workspace_id, "folder": folder.id, "uid": uid}
    naming = bulk.run(session, _NAMING, where).all()
    for stretch_id, rank, held, before in naming:
        if rank == FIRST:
            return None if held else cast("UUID", stretch_id)
        if held and before < at_once:
            return None
    for stretch_id, *_rest in naming:
        bulk.run(
            session,
            "update stretch set uids = array_remove(uids, %s) where workspace_id = %s and id = %s",
            (uid, folder.workspace_id, stretch_id),
        )
    (made,) = stretches.cut(session, folder, [Piece(uid, uid, FIRST, (uid,), way)])
    return made


def singled_out(session: Session, workspace_id: UUID, mailbox_id: UUID) -> list[UUID]:
    """List the stretches of single letters that somebody waits for and nobody has in hand."""
    rows = bulk.run(
        session,
        "select id from stretch where workspace_id = %s and mailbox_id = %s and not done"
        " and rank = %s and (leased_until is null or leased_until < now()) order by id",
        (workspace_id, mailbox_id, FIRST),
    )
    return [stretch_id for (stretch_id,) in rows]


def fewer(session: Session, claim: Claim, count: int) -> list[int] | None:
    """Return what a stretch names where that are not so many as before; None where they are."""
    row = bulk.run(
        session,
        "select uids from stretch where workspace_id = %s and id = %s and cardinality(uids) <> %s",
        (claim.workspace_id, claim.id, count),
    ).one_or_none()
    return list(row[0]) if row is not None else None


def wrest(session: Session, folder: Folder) -> None:
    """Take every open stretch of a folder out of whosever hand it is in: they begin it anew."""
    bulk.run(
        session,
        "update stretch set epoch = epoch + 1, leased_until = null, tries = 0, suspect = null"
        " where workspace_id = %s and folder_id = %s and not done",
        (folder.workspace_id, folder.id),
    )


def _among(session: Session, folder: Folder, uids: Sequence[int], which: str) -> frozenset[int]:
    if not uids:
        return frozenset()
    rows = bulk.run(
        session,
        "select u.uid from stretch s, unnest(s.uids) as u(uid)"
        " where s.workspace_id = %(ws)s and s.folder_id = %(folder)s and not s.done"
        '   and s.cursor < %(high)s and s."last" >= %(low)s'
        f"   and u.uid > s.cursor and {which}"
        " intersect select uid from unnest(%(uids)s::bigint[]) as wanted(uid)",
        {
            "ws": folder.workspace_id,
            "folder": folder.id,
            "uids": list(uids),
            "low": min(uids),
            "high": max(uids),
        },
    )
    return frozenset(uid for (uid,) in rows)
