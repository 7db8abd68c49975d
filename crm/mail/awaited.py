"""Letters that stretches name one by one and have not come to: where a server counts nothing.

What lies in a stretch that is in no hand is fetched later than now, as it is then. What is in some
hand may have been fetched already, and be filed as it was: that goes for a lease that has lapsed
too, as long as nobody else has taken the stretch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.models import Folder


def uids(session: Session, folder: Folder) -> list[int]:
    """Return the UIDs that are named and have not come in."""
    rows = bulk.run(
        session,
        "select u.uid from stretch s, unnest(s.uids) as u(uid)"
        " where s.workspace_id = %s and s.folder_id = %s and not s.done and u.uid > s.cursor",
        (folder.workspace_id, folder.id),
    )
    return [uid for (uid,) in rows]


def among(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs are named and have not come in."""
    return _among(session, folder, uids, "true")


def in_hand(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return which of these UIDs a worker may have fetched, and not filed yet."""
    return _among(session, folder, uids, "s.leased_until is not null")


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
