"""After a new UIDVALIDITY: recognise the letters that we have, and fetch only the others.

The header alone tells (its headprint), together with the size and the time of arrival; so no body
of a known letter is fetched again, and nothing is doubled. What is left over is gone.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.db import transaction
from crm.mail import folders, stretches
from crm.mail.models import CopyState
from crm.mail.stretches import Piece
from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Mailbox
    from sync.source import FolderState, MailSource, Place, RawMessage

_AT_ONCE = 500

_ADOPT = """
update copy set uidvalidity = %(new)s, uid = v.uid
from unnest(%(olds)s::bigint[], %(uids)s::bigint[]) as v(old, uid)
where workspace_id = %(ws)s and folder_id = %(folder)s and uidvalidity = %(was)s
  and copy.uid = v.old
"""


def recognise(
    mailbox: Mailbox, source: MailSource, state: FolderState, folder_id: UUID, was: int
) -> None:
    """Let the ledger's rows follow their letters to the new numbers; cut stretches for the rest."""
    unknown: list[Place] = []
    for places in _chunks(source.listing(state)):
        heads = {h.place.uid: h for h in source.headers(places)}
        with transaction(mailbox.workspace_id) as session:
            adopted = _adopt(session, mailbox, folder_id, was, state.uidvalidity, places, heads)
        unknown += [place for place in places if place.uid not in adopted]
    with transaction(mailbox.workspace_id) as session:
        folder = folders.get(session, mailbox.workspace_id, folder_id)
        _leave(session, folder.workspace_id, folder_id, was)
        pieces = list(_ranges(unknown))
        last = max((p.uid for p in unknown), default=0)
        pieces.append(Piece(max(last + 1, state.uidnext), None, 2**62))
        if not folder.skips:
            stretches.cut(session, folder, pieces)


def _adopt(
    session: Session,
    mailbox: Mailbox,
    folder_id: UUID,
    was: int,
    new: int,
    places: Sequence[Place],
    heads: dict[int, RawMessage],
) -> set[int]:
    """Return the new UIDs whose letters are known; their rows bear the new numbers."""
    prints = {place.uid: _headprint(heads.get(place.uid)) for place in places}
    rows = bulk.run(
        session,
        "select uid, headprint, received_at from copy where workspace_id = %s and folder_id = %s"
        " and uidvalidity = %s and headprint = any(%s::bytea[]) and state <> %s order by uid",
        (mailbox.workspace_id, folder_id, was, [p for p in prints.values() if p], CopyState.GONE),
    )
    known: dict[tuple[bytes, datetime], list[int]] = {}
    for uid, headprint, received_at in rows:
        known.setdefault((bytes(headprint), received_at), []).append(uid)
    moved: dict[int, int] = {}
    for place in places:
        headprint = prints[place.uid]
        olds = known.get((headprint, place.received_at), []) if place.received_at else []
        if olds:
            moved[place.uid] = olds.pop(0)
    if moved:
        values = {
            "ws": mailbox.workspace_id,
            "folder": folder_id,
            "was": was,
            "new": new,
            "olds": list(moved.values()),
            "uids": list(moved),
        }
        bulk.run(session, _ADOPT, values)
    return set(moved)


def _headprint(head: RawMessage | None) -> bytes:
    if head is None:
        return b""
    try:
        return reading.headprint(head.raw)
    except UnreadableMessageError:
        return b""


def _leave(session: Session, workspace_id: UUID, folder_id: UUID, was: int) -> None:
    bulk.run(
        session,
        "update copy set state = %s where workspace_id = %s and folder_id = %s"
        " and uidvalidity = %s",
        (CopyState.GONE, workspace_id, folder_id, was),
    )


def _ranges(places: Sequence[Place]) -> Iterator[Piece]:
    """Cut the unknown letters into stretches. What is known between them is left alone."""
    for chunk in _chunks(iter(places)):
        newest = max(int(p.received_at.timestamp()) if p.received_at else 0 for p in chunk)
        yield Piece(chunk[0].uid, chunk[-1].uid, newest)


def _chunks(places: Iterator[Place]) -> Iterator[list[Place]]:
    while chunk := list(islice(places, _AT_ONCE)):
        yield chunk
