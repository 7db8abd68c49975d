"""Take in one batch: its rows and its stretch's cursor, in one transaction.

    fetched ──read──> arrivals ──┐  begin
                                 ├─ lock the workspace's filing
                                 ├─ the claim holds and the cursor stands where the batch begins?
                                 ├─ nobody has stopped the mailbox meanwhile?
                                 ├─ file: rows of the ledger, messages, timeline
                                 ├─ move the cursor to the batch's end
                                 └─ commit

A letter that cannot be read takes its place in the ledger as failed, with its bytes, and nothing
waits for it. Killed anywhere, the batch is either all there or not at all.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crm import filing
from crm.base import clock, crash, faults
from crm.filing import known
from crm.mail import folders, identity, stretches
from crm.mail.letter import Arrival, Unreadable
from crm.mail.mailboxes import BY_HAND
from crm.mail.mailboxes import get as get_mailbox
from sync import reading
from sync.errors import SyncError, UnreadableMessageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.base.db import Session
    from crm.filing import Filed
    from crm.mail.models import Folder, Mailbox
    from crm.mail.stretches import Claim
    from sync.source import Batch, Place, RawMessage

_log = logging.getLogger(__name__)


class StoppedError(SyncError):
    """Somebody has stopped the mailbox while it was read. What is left waits until it goes on."""

    code = "stopped"


def read_all(messages: Iterable[RawMessage]) -> list[Arrival]:
    """Read what was fetched. What cannot be read becomes an Unreadable, and no exception."""
    return [read_one(message) for message in messages]


def read_one(message: RawMessage) -> Arrival:
    """Read one message as the server gave it."""
    if message.rule:
        return skipped(message.place, message.rule, message.labels)
    if message.trouble:
        return keep(message, message.trouble)
    place = message.place
    try:
        size = place.size if message.left else None
        letter = reading.read(message.raw, left=message.left, size=size)
    except UnreadableMessageError as error:
        fault = error.__cause__
        if fault is not None:  # It is ours, and somebody has to mend it.
            _log.error("Letter %s of a folder is kept: %s", place.uid, faults.place(fault))
        return keep(message, str(error))
    at = place.received_at or clock.EPOCH
    return Arrival(place.uid, letter, at, message.flags, message.labels, thread=message.thread)


def keep(message: RawMessage, error: str) -> Arrival:
    """Keep a message unread: its bytes, what was left on the server, and the error in words."""
    place, digest = message.place, identity.digest(message.raw)
    unread = Unreadable(digest, message.raw, error, place.size, message.left)
    at = place.received_at or clock.EPOCH
    return Arrival(place.uid, unread, at, message.flags, message.labels)


def take_in(
    session: Session, claim: Claim, batch: Batch, arrivals: Sequence[Arrival]
) -> Filed | None:
    """File a batch and move the cursor. None when another worker has gone on from here.

    Raises StoppedError where the mailbox was paused or disconnected since it was fetched.
    """
    known.lock(session, claim.workspace_id)
    if not stretches.holds(session, claim, batch.since):
        return None
    mailbox = get_mailbox(session, claim.workspace_id, claim.mailbox_id)
    if mailbox.state in BY_HAND:
        raise StoppedError
    folder = folders.get(session, claim.workspace_id, claim.folder_id)
    crash.point("before filing")
    filed = filing.file(session, mailbox, folder, arrivals, at=clock.now())
    crash.point("after filing")
    stretches.move(session, claim, batch.until)
    crash.point("after cursor")
    return filed


def take_places(
    session: Session, mailbox: Mailbox, folder: Folder, arrivals: Sequence[Arrival]
) -> Filed:
    """File single letters beside the stretches: what a comparison has found missing."""
    known.lock(session, mailbox.workspace_id)
    return filing.file(session, mailbox, folder, arrivals, at=clock.now())


def skipped(place: Place, rule: str, labels: tuple[str, ...] = ()) -> Arrival:
    """Account for a message that a rule keeps out, without its content."""
    at = place.received_at or clock.EPOCH
    return Arrival(place.uid, None, at, labels=labels, skipped=rule)
