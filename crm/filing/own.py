"""Give what we have sent its place in its thread, before its copy has come from the server.

The letter is read from the bytes that we made, so that the copy, which has the same, is recognised
by the same rules as any other: `crm.filing.recognising`. Until then a row of the ledger that counts
nowhere stands for it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.filing import batches, known, linking, message_rows
from crm.mail import folders
from crm.mail.letter import SENT, Arrival, Flag, Letter, Party, Role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.draft import Draft
    from crm.mail.models import Folder, Mailbox, Outgoing

#: Where it is as if it lay: in Sent, or where there is none, wherever the mailbox has a folder.
_ROLES = ("sent", "all", "inbox")


def told(letter: Letter, draft: Draft) -> Letter:
    """Return our letter with those whom a blind copy went to: its author alone is told of them."""
    blind = tuple(Party(Role.BCC, address) for address in draft.bcc)
    return dataclasses.replace(letter, parties=(*letter.parties, *blind))


def file(
    session: Session, mailbox: Mailbox, outgoing_id: UUID, letter: Letter, *, at: datetime
) -> UUID | None:
    """File a letter that we have sent, and return its message. Safe to repeat.

    None where the mailbox has no folder yet: then its copy is filed when it comes.
    """
    known.lock(session, mailbox.workspace_id)
    before = _message_of(session, mailbox.workspace_id, outgoing_id)
    if before is not None:  # Its copy was quicker, and was recognised.
        _tell_blind(session, mailbox, before, letter, at)
        return before
    folder = _folder(session, mailbox)
    if folder is None:
        return None
    # 62 bits by which an id differs from every other.
    number = outgoing_id.int & (1 << 62) - 1
    arrival = Arrival(number, letter, at, frozenset({Flag.SEEN}), labels=(SENT,))
    placed, merged = batches.place(session, mailbox, [arrival], at, own=True)
    batches.write(session, mailbox, folder, placed, at, own=True)
    batches.tell(session, mailbox, placed, merged, at)
    if not placed[0].new:
        _tell_blind(session, mailbox, placed[0].message_id, letter, at)
    return placed[0].message_id


def thread_of(session: Session, outgoing: Outgoing) -> UUID | None:
    """Return the thread that a message to be sent belongs to; None where it begins one."""
    found = bulk.run(
        session,
        "select thread_id from message where workspace_id = %(ws)s"
        " and id = coalesce(%(own)s::uuid, %(answered)s::uuid)",
        {
            "ws": outgoing.workspace_id,
            "own": outgoing.message_id,
            "answered": outgoing.in_reply_to_id,
        },
    )
    thread_id: UUID | None = found.scalar()
    return thread_id


def _tell_blind(
    session: Session, mailbox: Mailbox, message_id: UUID, letter: Letter, at: datetime
) -> None:
    """Note whom a letter went to blindly: no copy that somebody else got says it."""
    blind = {party.address.email for party in letter.parties if party.role is Role.BCC}
    if blind:
        workspace_id = mailbox.workspace_id
        people = known.people(session, workspace_id, blind)
        message_rows.add_blind(session, workspace_id, message_id, letter, people)
        linking.link(session, workspace_id, [message_id], since=at)
        linking.unfile(session, workspace_id, [message_id])  # It may stand on a timeline now.


def _message_of(session: Session, workspace_id: UUID, outgoing_id: UUID) -> UUID | None:
    found = bulk.run(
        session,
        "select message_id from outgoing where workspace_id = %s and id = %s",
        (workspace_id, outgoing_id),
    )
    message_id: UUID | None = found.scalar()
    return message_id


def _folder(session: Session, mailbox: Mailbox) -> Folder | None:
    found = folders.of_mailbox(session, mailbox).values()
    by_role = {folder.role: folder for folder in sorted(found, key=lambda one: one.name)}
    several = (by_role[role] for role in _ROLES if role in by_role)
    return next(several, next(iter(by_role.values()), None))
