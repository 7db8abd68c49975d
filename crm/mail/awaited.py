"""Letters that stretches name one by one and have not come to: where a server counts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk

if TYPE_CHECKING:
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


def wrest(session: Session, folder: Folder) -> None:
    """Take every open stretch of a folder out of whosever hand it is in: they begin it anew."""
    bulk.run(
        session,
        "update stretch set epoch = epoch + 1, leased_until = null, tries = 0, suspect = null"
        " where workspace_id = %s and folder_id = %s and not done",
        (folder.workspace_id, folder.id),
    )
