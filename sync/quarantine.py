"""Letters that could not be read: their bytes, and another try after an upgrade."""

from __future__ import annotations

import logging
import zlib
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from crm.base import faults
from crm.base.db import among
from crm.filing import copy_rows
from crm.mail import copies, folders, mailboxes
from crm.mail.letter import Flag, LeftPart, Letter
from crm.mail.models import Copy, RawLetter
from sync import ingest, trial
from sync.patience import is_its_own, transact
from sync.source import Place, RawMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.letter import Arrival
    from crm.mail.models import Folder

_log = logging.getLogger(__name__)

#: Letters that are read at once, and their bytes.
_AT_ONCE = 50
_BYTES = 16_000_000


def raw(session: Session, copy: Copy) -> bytes:
    """Return the bytes that are kept of a letter; none where the server never gave any."""
    letters = _letters(session, copy.workspace_id, [copy])
    return zlib.decompress(letters[0].body) if letters else b""


def retry(workspace_id: UUID) -> tuple[int, int]:
    """Read every kept letter again; count those that are filed now, and those that are not.

    What the server never gave is asked for again in the next runs of its mailbox.
    """
    waiting = transact(workspace_id, partial(copies.failed, workspace_id=workspace_id))
    # What ended workers comes last, each alone: should it end us, all the others are read.
    waiting.sort(key=_is_deadly)
    read = sum(_retry_apart(workspace_id, chunk) for chunk in _chunks(waiting))
    transact(workspace_id, partial(copies.ask_again, workspace_id=workspace_id))
    return read, len(waiting) - read


def tidy(workspace_id: UUID) -> None:
    """Drop the bytes of letters that were read elsewhere, or are gone."""
    transact(workspace_id, partial(copy_rows.forget_raw, workspace_id=workspace_id))


def _retry_apart(workspace_id: UUID, chunk: Sequence[Copy]) -> int:
    """Retry some letters together; where the database refuses one of them, each alone."""
    try:
        return _retry(workspace_id, chunk)
    except DBAPIError as error:
        if is_its_own(error):
            raise
        if len(chunk) == 1:
            place = faults.place(error)
            _log.error("Letter %s of a folder stays in quarantine: %s", chunk[0].uid, place)
            return 0
        return sum(_retry_apart(workspace_id, [copy]) for copy in chunk)


def _retry(workspace_id: UUID, chunk: Sequence[Copy]) -> int:
    """Read some letters again, outside of any transaction, and file those that can be read."""
    found, kept = transact(workspace_id, partial(_kept, workspace_id=workspace_id, chunk=chunk))
    arrivals: dict[UUID, list[Arrival]] = {}
    for copy in chunk:
        folder, letter = found.get(copy.folder_id), kept.get(copy.digest or b"")
        if folder is None or letter is None or copy.uidvalidity != folder.uidvalidity:
            continue
        arrival = ingest.read_one(_message(folder, copy, letter))
        if isinstance(arrival.letter, Letter):
            arrivals.setdefault(folder.id, []).append(arrival)

    def file(session: Session) -> int:
        stored = 0
        for folder_id, some in arrivals.items():
            mailbox = mailboxes.get(session, workspace_id, found[folder_id].mailbox_id)
            stored += ingest.take_places(session, mailbox, found[folder_id], some).stored
        copy_rows.forget_raw(session, workspace_id)
        return stored

    return transact(workspace_id, file) if arrivals else 0


def _kept(
    session: Session, workspace_id: UUID, chunk: Sequence[Copy]
) -> tuple[dict[UUID, Folder], dict[bytes, RawLetter]]:
    folder_ids = {copy.folder_id for copy in chunk}
    found = {one: folders.get(session, workspace_id, one) for one in folder_ids}
    return found, {letter.digest: letter for letter in _letters(session, workspace_id, chunk)}


def _letters(session: Session, workspace_id: UUID, some: Sequence[Copy]) -> Sequence[RawLetter]:
    """Return what is kept of some copies; the same bytes are kept once."""
    digests = {copy.digest for copy in some if copy.digest}
    return session.scalars(
        select(RawLetter).where(
            RawLetter.workspace_id == workspace_id, among(RawLetter.digest, digests)
        )
    ).all()


def _message(folder: Folder, copy: Copy, letter: RawLetter) -> RawMessage:
    """Return a kept letter as the server gave it then."""
    return RawMessage(
        Place(folder.name, copy.uidvalidity, copy.uid, copy.size, copy.received_at),
        zlib.decompress(letter.body),
        frozenset(Flag(word) for word in copy.flags.split()),
        tuple(LeftPart(**part) for part in letter.parts_left),
    )


def _chunks(waiting: Sequence[Copy]) -> Iterator[list[Copy]]:
    chunk: list[Copy] = []
    held = 0
    for copy in waiting:
        full = len(chunk) >= _AT_ONCE or held + copy.size > _BYTES or _is_deadly(copy)
        if chunk and full:
            yield chunk
            chunk, held = [], 0
        chunk.append(copy)
        held += copy.size
    if chunk:
        yield chunk


def _is_deadly(copy: Copy) -> bool:
    return copy.error == trial.DEADLY
