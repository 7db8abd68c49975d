"""Messages as a viewer may see them: find, read, and the parts that belong to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, or_, select
from sqlalchemy.orm import aliased

from crm.base import ids
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import identity, visibility
from crm.mail.letter import Kind, Role
from crm.mail.models import (
    HELD,
    Attachment,
    Copy,
    CopyState,
    Direction,
    Folder,
    Mailbox,
    Message,
    MessageBody,
    Participant,
    Shares,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer


#: So many messages of a thread are listed.
MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as far as its viewer may see it: subject and texts are empty where they may not."""

    message: Message
    level: Shares

    @property
    def subject(self) -> str:
        """Return the subject, or "" where it is hidden."""
        return self.message.subject if self.level >= Shares.HEADERS else ""

    @property
    def snippet(self) -> str:
        """Return the beginning of the text, or "" where it is hidden."""
        return self.message.snippet if self.level >= Shares.EVERYTHING else ""

    @property
    def kind(self) -> Kind:
        """Return what sort of message it is."""
        return Kind(self.message.kind)

    @property
    def direction(self) -> Direction:
        """Return which way it went."""
        return Direction(self.message.direction)

    @property
    def at(self) -> datetime:
        """Return when it was sent."""
        return self.message.at


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """Where a mailbox has its copy."""

    mailbox: str
    folder: str
    gone: bool


_ONE = (
    select(Message, visibility.level())
    .where(Message.id == bindparam("message_id"), visibility.of())
    .execution_options(populate_existing=True)
)


def get(session: Session, viewer: Viewer, message_id: UUID) -> Seen:
    """Return a message that the viewer may know of. Raises NotFoundError."""
    row = session.execute(
        _ONE, {"message_id": message_id, **visibility.values(viewer)}
    ).one_or_none()
    if row is None:
        raise NotFoundError(_("There is no such message."))
    return Seen(row[0], Shares(row[1]))


_NAMED = (
    select(Message, visibility.level())
    .where(
        Message.ref == bindparam("ref"),
        Message.rfc_id == bindparam("rfc_id"),
        visibility.of(Shares.HEADERS),
    )
    .order_by(Message.at.desc(), Message.id.desc())
)


def named(session: Session, viewer: Viewer, name: str) -> list[Seen]:
    """Return the messages that an id or a Message-ID names, the newest first.

    A Message-ID may be borne by several: anyone may choose it. Raises NotFoundError.
    """
    text = name.strip().removeprefix("<").removesuffix(">").strip()
    ref = UUID(bytes=identity.ref(text))
    rows = session.execute(_NAMED, {"ref": ref, "rfc_id": text, **visibility.values(viewer)}).all()
    if rows:
        return [Seen(message, Shares(level)) for message, level in rows]
    message_id = ids.parse(text)
    if message_id is None:
        raise NotFoundError(_("There is no message {name}.").format(name=name[:200]))
    return [get(session, viewer, message_id)]


_OF_THREAD = (
    select(Message, visibility.level())
    .where(Message.thread_id == bindparam("thread_id"), visibility.of())
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(MOST)
)


def of_thread(session: Session, viewer: Viewer, thread_id: UUID) -> list[Seen]:
    """List the messages of a thread that the viewer may know of, the oldest first.

    Of a very long one the newest MOST.
    """
    rows = session.execute(_OF_THREAD, {"thread_id": thread_id, **visibility.values(viewer)}).all()
    return [Seen(message, Shares(level)) for message, level in reversed(rows)]


def body(session: Session, seen: Seen) -> MessageBody | None:
    """Return the texts of a message whose viewer may read everything, else None."""
    if seen.level < Shares.EVERYTHING:
        return None
    return session.scalar(
        select(MessageBody).where(
            MessageBody.workspace_id == seen.message.workspace_id,
            MessageBody.message_id == seen.message.id,
        )
    )


#: No header says these, but the message itself.
_FROM_INSIDE = (Role.ORIGINAL, Role.RETURNED, Role.INTRODUCED)
_PARTICIPANTS = (
    select(Participant)
    .join(
        Message,
        (Message.workspace_id == Participant.workspace_id) & (Message.id == Participant.message_id),
    )
    .where(
        Message.id == any_(bindparam("message_ids", type_=ARRAY(Uuid()))),
        visibility.of(),
        or_(Participant.role != Role.BCC, visibility.has_sent()),
        or_(
            Participant.role.not_in(_FROM_INSIDE),
            visibility.level() >= Shares.EVERYTHING,
        ),
    )
    .order_by(Participant.message_id, Participant.position)
)


def participants(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> list[Participant]:
    """List who stands in messages that the viewer may know of, in the order of their headers.

    Whom a blind copy went to is told to the sender alone; who is named inside, to its readers.
    """
    asked = {"message_ids": list(message_ids), **visibility.values(viewer)}
    return list(session.scalars(_PARTICIPANTS, asked))


_PARTICIPANTS_OF = (
    select(Participant)
    .where(
        Participant.workspace_id == bindparam("workspace_id"),
        Participant.message_id == bindparam("message_id"),
    )
    .order_by(Participant.position)
)


_SENT = (
    select(visibility.has_sent())
    .select_from(Message)
    .where(Message.workspace_id == bindparam("workspace_id"), Message.id == bindparam("message_id"))
)


def participants_of(session: Session, viewer: Viewer, seen: Seen) -> list[Participant]:
    """List who stands in one message, in the order of its headers, as `participants` does.

    By equality: of an array's length the planner knows nothing, so it would plan anew each time.
    """
    if seen.level < Shares.HAPPENED:
        return []
    m = seen.message
    asked = {"message_id": m.id, **visibility.values(viewer)}
    found = [
        p
        for p in session.scalars(_PARTICIPANTS_OF, asked)
        if seen.level >= Shares.EVERYTHING or p.role not in _FROM_INSIDE
    ]
    if any(p.role == Role.BCC for p in found) and not session.scalar(_SENT, asked):
        return [p for p in found if p.role != Role.BCC]
    return found


def attachments(session: Session, seen: Seen) -> list[Attachment]:
    """List a message's attachments, where its viewer may read everything."""
    if seen.level < Shares.EVERYTHING:
        return []
    return list(
        session.scalars(
            select(Attachment)
            .where(
                Attachment.workspace_id == seen.message.workspace_id,
                Attachment.message_id == seen.message.id,
            )
            .order_by(Attachment.position)
        )
    )


_COPIES = (
    select(Mailbox.address, Mailbox.id, Folder.name, Copy.state)
    .select_from(Copy)
    .join(Folder, (Folder.workspace_id == Copy.workspace_id) & (Folder.id == Copy.folder_id))
    .join(Mailbox, (Mailbox.workspace_id == Copy.workspace_id) & (Mailbox.id == Copy.mailbox_id))
    .join(Message, (Message.workspace_id == Copy.workspace_id) & (Message.id == Copy.message_id))
    .where(
        Copy.workspace_id == bindparam("workspace_id"),
        Copy.message_id == bindparam("message_id"),
        Copy.state.in_(HELD),
        visibility.of(),
    )
    .order_by(Mailbox.address, Folder.name)
)


def copies(session: Session, viewer: Viewer, message_id: UUID) -> list[CopyPlace]:
    """List where copies of a message are, where its viewer may know of it.

    Of others' mailboxes only the address is told.
    """
    rows = session.execute(_COPIES, {"message_id": message_id, **visibility.values(viewer)})
    return [
        CopyPlace(address, name if mailbox in viewer.mailboxes else "", state == CopyState.GONE)
        for address, mailbox, name, state in rows
    ]


_Folder = aliased(Folder)
_STORED_COPY = (
    select(Copy, _Folder)
    .join(_Folder, (_Folder.workspace_id == Copy.workspace_id) & (_Folder.id == Copy.folder_id))
    .join(Message, (Message.workspace_id == Copy.workspace_id) & (Message.id == Copy.message_id))
    .where(
        Copy.workspace_id == bindparam("workspace_id"),
        Copy.message_id == bindparam("message_id"),
        Copy.state == CopyState.STORED,
        visibility.of(Shares.EVERYTHING),
    )
    .order_by(visibility.in_own_mailbox(Copy.mailbox_id).desc())
    .limit(1)
)


def stored_copy(session: Session, viewer: Viewer, message_id: UUID) -> tuple[Copy, Folder] | None:
    """Return a copy from which the message can be fetched again, the viewer's own first.

    None where no mailbox has one any more, or where the viewer may not read everything of it.
    """
    row = session.execute(
        _STORED_COPY, {"message_id": message_id, **visibility.values(viewer)}
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None
