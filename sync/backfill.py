"""Plan what of a mailbox is to be brought in, and bring in one stretch.

At the first look a folder gets its live stretch, which starts where the folder stands, and below
it stretches of a thousand messages, the newest with the highest rank. From then on a look only
notes what has changed. Any number of workers take the stretches, each in its own connection.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from crm.base import clock, crash
from crm.base.db import transaction
from crm.mail import folders, identity, stretches
from crm.mail.letter import Arrival, Unreadable
from crm.mail.stretches import Claim, Piece
from sync import ingest
from sync.errors import CursorExpiredError, SyncError
from sync.patience import patiently
from sync.source import Batch, FolderRole, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing import Filed
    from crm.mail.models import Folder, Mailbox
    from sync.source import FolderState, MailSource

#: Messages in one stretch of the backfill.
SPAN = 1000

#: Folders whose content is not kept, and the rule's name.
SKIPS = {
    FolderRole.SPAM: "spam",
    FolderRole.TRASH: "trash",
    FolderRole.DRAFT: "draft",
}


def plan(mailbox: Mailbox, source: MailSource) -> dict[str, FolderState]:
    """Note every folder of the server, and cut stretches for what is new. Safe to repeat."""
    states = source.folders()
    with transaction(mailbox.workspace_id) as session:
        have = folders.of_mailbox(session, mailbox)
    for state in states:
        folder = have.get(state.name)
        if folder is None:
            _begin(mailbox, source, state)
        elif folder.uidvalidity != state.uidvalidity:
            renumber(mailbox, source, state, folder)
        elif folder.trouble:
            _note_trouble(mailbox, state.name, "")
    for name, reason in source.unavailable:
        if name in have:
            _note_trouble(mailbox, name, reason)
    crash.point("after plan")
    return {state.name: state for state in states}


def rule_for(mailbox: Mailbox, state: FolderState) -> str:
    """Name the rule by which nothing of a folder is kept, or return "" where it is."""
    if state.name in mailbox.excluded:
        return "folder_excluded"
    return SKIPS.get(state.role, "")


def take_stretch(
    workspace_id: UUID, stretch_id: UUID, source: MailSource
) -> Iterator[tuple[Claim, Filed]]:
    """Bring in what is left of a stretch, batch by batch. Safe to run twice, or twice at once."""
    with transaction(workspace_id) as session:
        claim = stretches.claim(session, workspace_id, stretch_id)
    if claim is None:
        return
    crash.point("after claim")
    place = Stretch(claim.folder, claim.uidvalidity, claim.cursor, claim.last)
    try:
        for fetched in source.batches(place):
            for batch in _carefully(fetched) if claim.careful else (fetched,):
                filed = _take(claim, batch)
                if filed is None:
                    return  # Another worker has gone on from here.
                yield claim, filed
    except CursorExpiredError:
        pass  # The next plan sees the new numbering.
    except (SyncError, GeneratorExit):  # The server's fault, or enough for now: not the letter's.
        _give_back(claim)
        raise
    except Exception:
        with transaction(workspace_id) as session:
            stretches.drop(session, claim)
        raise
    crash.point("before release")
    _give_back(claim)


def _give_back(claim: Claim) -> None:
    with transaction(claim.workspace_id) as session:
        stretches.release(session, claim)


def _take(claim: Claim, batch: Batch) -> Filed | None:
    crash.point("after fetch")
    arrivals = _read_alone(claim, batch) if claim.careful else ingest.read_all(batch.messages)
    crash.point("after reading")

    def file() -> Filed | None:
        with transaction(claim.workspace_id) as session:
            filed = ingest.take_in(session, claim, batch, arrivals)
            crash.point("before commit")
        return filed

    filed = patiently(file)
    crash.point("after commit")
    return filed


def _carefully(batch: Batch) -> Iterator[Batch]:
    """Cut a batch into single letters, so that one which ends the worker stands alone."""
    since = batch.since
    for message in batch.messages:
        yield Batch(since, message.place.uid, (message,))
        since = message.place.uid
    if since < batch.until or not batch.messages:
        yield Batch(since, batch.until, ())


def _read_alone(claim: Claim, batch: Batch) -> list[Arrival]:
    """Read one letter of a stretch that ended workers; keep it raw when it was this one."""
    arrivals = []
    for message in batch.messages:
        uid = message.place.uid
        if claim.suspect == uid:
            unread = Unreadable(
                identity.digest(message.raw),
                message.raw,
                "reading it ended the worker",
                message.place.size,
            )
            received_at = message.place.received_at or clock.EPOCH
            arrivals.append(Arrival(uid, unread, received_at, message.flags))
            continue
        with transaction(claim.workspace_id) as session:
            stretches.suspect(session, claim, uid)
        arrivals.append(ingest.read_one(message))
    return arrivals


def _begin(mailbox: Mailbox, source: MailSource, state: FolderState) -> None:
    """Meet a folder: its live stretch from where it stands, and the backfill below."""
    rule = rule_for(mailbox, state)
    pieces = [] if rule else list(_pieces(source, state))
    with suppress(IntegrityError), transaction(mailbox.workspace_id) as session:
        if state.name in folders.of_mailbox(session, mailbox):
            return  # Another worker met it a moment ago, or, by the error, just now.
        folder = folders.add(
            session,
            mailbox,
            state.name,
            role=state.role,
            uidvalidity=state.uidvalidity,
            skips=rule,
        )
        stretches.cut(session, folder, pieces)


def _pieces(source: MailSource, state: FolderState) -> Iterator[Piece]:
    """Cut a folder into stretches without holding its whole listing."""
    first = last = count = newest = 0
    for place in source.listing(state):
        first = first or place.uid
        last, count = place.uid, count + 1
        newest = max(newest, int(place.received_at.timestamp()) if place.received_at else 0)
        if count == SPAN:
            yield Piece(first, last, newest)
            first = count = newest = 0
    if count:
        yield Piece(first, last, newest)
    yield Piece(max(last + 1, state.uidnext), None, 2**62)


def renumber(mailbox: Mailbox, source: MailSource, state: FolderState, folder: Folder) -> None:
    """Take a folder up again after a new UIDVALIDITY."""
    from sync.renumbering import recognise

    with transaction(mailbox.workspace_id) as session:
        current = folders.get(session, mailbox.workspace_id, folder.id)
        if current.uidvalidity == state.uidvalidity:
            return
        old = current.uidvalidity
        folders.renumber(session, current, state.uidvalidity)
    recognise(mailbox, source, state, folder.id, old)


def _note_trouble(mailbox: Mailbox, name: str, reason: str) -> None:
    with transaction(mailbox.workspace_id) as session:
        _folder(session, mailbox, name).trouble = reason


def _folder(session: Session, mailbox: Mailbox, name: str) -> Folder:
    return folders.of_mailbox(session, mailbox)[name]
