"""What came back of messages, as far as their viewer may know whom they went to.

Only what counts is told: `crm.filing.bouncing` has held it against the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm.mail import visibility
from crm.mail.letter import Role
from crm.mail.models import BounceRow, Direction, Message, Participant, Shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer

#: So many bounces to one contact are looked at, the newest.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody whom a message did not reach, or not yet, and why."""

    recipient: str
    status: str  # RFC 3463; "" where it is not told
    permanent: bool | None  # None where it is not told
    at: datetime


_back = aliased(Message, name="back")
_MESSAGES = bindparam("message_ids", type_=ARRAY(Uuid()))
_EMAILS = bindparam("emails", type_=ARRAY(Text()))

#: Whom a blind copy did not reach is told to its sender alone.
_OPENLY = exists().where(
    Participant.workspace_id == Message.workspace_id,
    Participant.message_id == Message.id,
    Participant.email == BounceRow.recipient,
    Participant.role.in_((Role.TO, Role.CC)),
)
_OF_MESSAGES = (
    select(BounceRow.about_id, BounceRow.recipient, BounceRow.status, BounceRow.permanent, _back.at)
    .join(
        Message,
        (Message.workspace_id == BounceRow.workspace_id) & (Message.id == BounceRow.about_id),
    )
    .join(
        _back, (_back.workspace_id == BounceRow.workspace_id) & (_back.id == BounceRow.message_id)
    )
    .where(
        BounceRow.about_id == any_(_MESSAGES),
        visibility.of(Shares.HEADERS),
        or_(_OPENLY, visibility.has_sent()),
    )
    .order_by(_back.at, _back.id)
)

#: By the bounce itself: it names openly whom it is about, or tells it to nobody but the sender.
_TO_ADDRESSES = (
    select(BounceRow.recipient, BounceRow.status, BounceRow.permanent, Message.at)
    .join(
        Message,
        (Message.workspace_id == BounceRow.workspace_id) & (Message.id == BounceRow.message_id),
    )
    .where(
        BounceRow.recipient == any_(_EMAILS),
        BounceRow.about_id.is_not(None),
        visibility.of(Shares.HEADERS),
        exists().where(
            Participant.workspace_id == Message.workspace_id,
            Participant.message_id == Message.id,
            Participant.email == BounceRow.recipient,
            Participant.role == Role.RETURNED,
        ),
    )
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(_MOST)
)
_WROTE = (
    select(Participant.email, func.max(Message.at).label("at"))
    .join(
        Message,
        (Message.workspace_id == Participant.workspace_id) & (Message.id == Participant.message_id),
    )
    .where(
        Participant.workspace_id == bindparam("workspace_id"),
        Participant.email == any_(_EMAILS),
        Participant.role == Role.FROM,
        Message.direction == Direction.IN,
        visibility.of(),
    )
    .group_by(Participant.email)
)


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Returned, ...]]:
    """Return whom messages did not reach: of each recipient the newest that is known."""
    asked = {"message_ids": list(message_ids), **visibility.values(viewer)}
    found: dict[UUID, dict[str, Returned]] = {}
    for row in session.execute(_OF_MESSAGES, asked):
        one = Returned(row.recipient, row.status, row.permanent, row.at)
        found.setdefault(row.about_id, {})[one.recipient] = one
    return {about_id: tuple(several.values()) for about_id, several in found.items()}


def of_addresses(session: Session, viewer: Viewer, emails: Sequence[str]) -> dict[str, datetime]:
    """Return the addresses to which mail comes back for good, and since when.

    Not one from which mail has come since, nor one of which something else was heard last.
    """
    asked = {"emails": list(emails), **visibility.values(viewer)}
    rows = session.execute(_TO_ADDRESSES, asked)
    told = [Returned(row.recipient, row.status, row.permanent, row.at) for row in rows]
    if not told:
        return {}
    wrote = {row.email: row.at for row in session.execute(_WROTE, asked)}
    found: dict[str, datetime] = {}
    settled: set[str] = set()
    for one in told:  # The newest first.
        last = wrote.get(one.recipient)
        if not one.permanent or (last is not None and last > one.at):
            settled.add(one.recipient)
        if one.recipient not in settled:
            found[one.recipient] = one.at
    return found
