"""What was written here, beside the threads and the messages in which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from crm.base.db import among
from crm.base.i18n import gettext as _
from crm.mail import visibility
from crm.mail.models import Message, Outgoing, OutgoingState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.visibility import Viewer


def of_thread(session: Session, viewer: Viewer, thread_id: UUID) -> list[Outgoing]:
    """List what was written in a thread by somebody, or from a mailbox of theirs, oldest first.

    It stands where its message does; before it has one, where what it answers does.
    """
    beside = or_(
        Message.id == Outgoing.message_id,
        and_(Outgoing.message_id.is_(None), Message.id == Outgoing.in_reply_to_id),
    )
    found = session.scalars(
        select(Outgoing)
        .join(Message, and_(Message.workspace_id == Outgoing.workspace_id, beside))
        .where(
            Message.thread_id == thread_id,
            visibility.of(),
            or_(
                Outgoing.author_id == viewer.user.id,
                visibility.in_own_mailbox(Outgoing.mailbox_id),
            ),
        )
        .order_by(Outgoing.written_at, Outgoing.id),
        visibility.values(viewer),
    )
    return list(found)


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, Outgoing]:
    """Return what stands behind messages that were sent from here.

    Whoever asks names such alone as the viewer may read the subject of.
    """
    found = session.scalars(
        select(Outgoing)
        .where(
            Outgoing.workspace_id == viewer.workspace_id,
            among(Outgoing.message_id, message_ids),
        )
        .order_by(Outgoing.written_at, Outgoing.id)
    )
    return {one.message_id: one for one in found if one.message_id is not None}


def mark(one: Outgoing) -> str:
    """Say of a message in its thread what is otherwise than it looks; "" where it was sent."""
    match one.state:
        case OutgoingState.UNKNOWN | OutgoingState.DROPPED:
            return _("We cannot tell whether this left.")
        case OutgoingState.CANCELLED:
            return _("Taken back before it left.")
        case OutgoingState.FAILED:
            return _("Not sent.")
        case OutgoingState.WAITING | OutgoingState.SENDING:
            return _("Not sent yet.")
    return ""
