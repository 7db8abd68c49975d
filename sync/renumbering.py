"""Take a folder up: for the first time, or again after a new UIDVALIDITY.

    note the number ── recognise what we have ── what was not found is gone, stretches for the rest
          │                                                          │
          └─ until here the folder has no live stretch: broken off ──┘ it goes on in the next run

The header alone tells (its headprint), together with the size and the time of arrival; so no body
of a known letter is fetched again, and nothing is doubled.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.mail import copies, folders, stretches
from crm.mail.models import CopyState
from sync import cutting, reading
from sync.errors import UnreadableMessageError
from sync.patience import transact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.mail.models import Folder, Mailbox
    from crm.mail.stretches import Piece
    from sync.source import FolderState, MailSource, Place, RawMessage

_AT_ONCE = 500

_KNOWN = """
select uidvalidity, uid, headprint, received_at, size, digest from copy
where workspace_id = %s and folder_id = %s and uidvalidity <> %s
  and headprint = any(%s::bytea[]) and state <> %s order by uidvalidity, uid
"""
_ADOPT = """
update copy set uidvalidity = %(now)s, uid = v.uid
from unnest(%(numbers)s::bigint[], %(olds)s::bigint[], %(uids)s::bigint[]) as v(number, old, uid)
where workspace_id = %(ws)s and folder_id = %(folder)s
  and copy.uidvalidity = v.number and copy.uid = v.old
"""


def take_up(mailbox: Mailbox, source: MailSource, state: FolderState, rule: str) -> None:
    """Give a folder its number of now and its stretches. Safe to repeat, and to break off.

    `rule` is that by which nothing of it is kept, or "".
    """

    def note(session: Session) -> tuple[Folder, frozenset[int]]:
        folder = folders.number(
            session,
            mailbox,
            state.name,
            role=state.role,
            uidvalidity=state.uidvalidity,
            skips=rule,
            modseq=state.modseq,
        )
        if folder.compared_at is None:  # Whoever watches it come in wants to know of how many.
            folder.server = state.count
        if folder.skips:  # What is skipped has no head to know it by, and needs no fetching.
            copies.mark_older_gone(session, folder)
        return folder, copies.numbers(session, folder)

    folder, numbers = transact(mailbox.workspace_id, note)
    if folder.skips:
        return
    if numbers:
        listed = _recognise(source, state, folder, older=numbers != {folder.uidvalidity})
    else:
        listed = ((place, False) for place in source.listing(state))
    found = list(cutting.pieces(listed, state.uidnext))
    transact(mailbox.workspace_id, partial(_finish, folder=folder, pieces=found))


def _finish(session: Session, folder: Folder, pieces: Sequence[Piece]) -> None:
    current = folders.lock(session, folder.workspace_id, folder.id)
    if current.uidvalidity != folder.uidvalidity or stretches.is_taken_up(session, current):
        return  # Another worker was at it too.
    copies.mark_older_gone(session, current)
    stretches.cut(session, current, pieces)


def _recognise(
    source: MailSource, state: FolderState, folder: Folder, *, older: bool
) -> Iterator[tuple[Place, bool]]:
    """Tell which letters the ledger has; let rows under older numbers follow theirs to this one."""
    listed = source.listing(state)
    while places := list(islice(listed, _AT_ONCE)):
        here = transact(folder.workspace_id, partial(_here, folder=folder, places=places))
        strangers = [place for place in places if place.uid not in here] if older else []
        heads = {head.place.uid: _headprint(head) for head in source.headers(strangers)}
        adopted = transact(
            folder.workspace_id, partial(_adopt, folder=folder, places=strangers, heads=heads)
        )
        for place in places:
            yield place, place.uid in adopted or here.get(place.uid, False)


def _here(session: Session, folder: Folder, places: Sequence[Place]) -> dict[int, bool]:
    """Return the UIDs that the ledger has under the new number, and whether they are not gone."""
    rows = bulk.run(
        session,
        "select uid, state from copy where workspace_id = %s and folder_id = %s"
        " and uidvalidity = %s and uid = any(%s::bigint[])",
        (folder.workspace_id, folder.id, folder.uidvalidity, [place.uid for place in places]),
    )
    return {uid: state != CopyState.GONE for uid, state in rows}


def _adopt(
    session: Session, folder: Folder, places: Sequence[Place], heads: dict[int, bytes]
) -> set[int]:
    """Return the new UIDs whose letters are known; their rows bear the new numbers."""
    known = _known(session, folder, [head for head in heads.values() if head])
    moved: dict[int, tuple[int, int]] = {}
    for place in places:
        head = heads.get(place.uid, b"")
        if (
            head
            and place.received_at
            and (olds := known.get((head, place.received_at, place.size)))
        ):
            moved[place.uid] = olds.pop(0)
    if moved:
        values = {
            "ws": folder.workspace_id,
            "folder": folder.id,
            "now": folder.uidvalidity,
            "numbers": [number for number, _uid in moved.values()],
            "olds": [uid for _number, uid in moved.values()],
            "uids": list(moved),
        }
        bulk.run(session, _ADOPT, values)
    return set(moved)


def _known(
    session: Session, folder: Folder, heads: Sequence[bytes]
) -> dict[tuple[bytes, datetime, int], list[tuple[int, int]]]:
    """Return what the ledger has under older numbers, by head, time of arrival and size.

    Where letters agree in all of these and not in their bytes, none is told: they are fetched.
    """
    values = (folder.workspace_id, folder.id, folder.uidvalidity, list(heads), CopyState.GONE)
    found: dict[tuple[bytes, datetime, int], list[tuple[int, int]]] = {}
    digests: dict[tuple[bytes, datetime, int], set[bytes]] = {}
    for number, uid, head, received_at, size, digest in bulk.run(session, _KNOWN, values):
        key = (bytes(head), received_at, size)
        found.setdefault(key, []).append((number, uid))
        digests.setdefault(key, set()).add(bytes(digest))
    return {key: olds for key, olds in found.items() if len(digests[key]) == 1}


def _headprint(head: RawMessage) -> bytes:
    try:
        return reading.headprint(head.raw)
    except UnreadableMessageError:
        return b""
