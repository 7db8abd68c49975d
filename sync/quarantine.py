"""Letters that could not be read: their bytes, and another try after an upgrade."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base.db import transaction
from crm.mail import copies, folders, mailboxes
from crm.mail.letter import Flag, Letter
from crm.mail.models import Copy, RawLetter
from sync import ingest
from sync.source import Place, RawMessage

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session


def raw(session: Session, copy: Copy) -> bytes:
    """Return the bytes that are kept of a letter; none where the server never gave any."""
    kept = session.scalar(
        select(RawLetter.body).where(
            RawLetter.workspace_id == copy.workspace_id, RawLetter.digest == copy.digest
        )
    )
    return zlib.decompress(kept) if kept is not None else b""


def retry(workspace_id: UUID) -> tuple[int, int]:
    """Read every kept letter again; count those that are filed now, and those that are not."""
    read = left = 0
    with transaction(workspace_id) as session:
        waiting = copies.failed(session, workspace_id)
    for copy in waiting:
        with transaction(workspace_id) as session:
            if _try(session, copy):
                read += 1
            else:
                left += 1
    return read, left


def _try(session: Session, copy: Copy) -> bool:
    body = raw(session, copy)
    if not body:
        return False  # Its mailbox is asked for it at the next run.
    folder = folders.get(session, copy.workspace_id, copy.folder_id)
    place = Place(folder.name, copy.uidvalidity, copy.uid, copy.size, copy.received_at)
    flags = frozenset(Flag(word) for word in copy.flags.split())
    arrival = ingest.read_one(RawMessage(place, body, flags))
    if not isinstance(arrival.letter, Letter):
        return False
    mailbox = mailboxes.get(session, copy.workspace_id, copy.mailbox_id)
    ingest.take_places(session, mailbox, folder, [arrival])
    return True
