"""What came back of messages, as far as their viewer may know whom they went to.

Of a message only what counts is told: `crm.filing.bouncing` has held it against the message. What
a bounce says that is about none of ours is told beside the bounce alone, as its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from crm.mail import visibility
from crm.mail.letter import Role
from crm.mail.models import BounceRow, Direction, Message, Participant, Shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer


#: Of a message: something of it has come back.
_RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody whom a message did not reach, or not yet, and why."""

    recipient: str
    status: str  # RFC 3463; "" where it is not told
    permanent: bool | None  # None where it is not told
    at: datetime
    said: str = ""  # by the other server, for whoever may read all of the message


_back = aliased(Message, name="back")
_MESSAGES = bindparam("message_ids", type_=ARRAY(Uuid()))

#: Whom a blind copy did not reach is told to its sender alone.
_OPENLY = exists().where(
    Participant.workspace_id == Message.workspace_id,
    Participant.message_id == Message.id,
    Participant.email == BounceRow.recipient,
    Participant.role.in_((Role.TO, Role.CC)),
)
_OF_MESSAGES = (
    select(
        BounceRow.about_id,
        BounceRow.recipient,
        BounceRow.status,
        BounceRow.permanent,
        BounceRow.diagnostic,
        _back.at,
        visibility.level().label("level"),
    )
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


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Returned, ...]]:
    """Return whom messages did not reach: of each recipient the newest that is known."""
    asked = {"message_ids": list(message_ids), **visibility.values(viewer)}
    found: dict[UUID, dict[str, Returned]] = {}
    for row in session.execute(_OF_MESSAGES, asked):
        said = row.diagnostic if row.level >= Shares.EVERYTHING else ""
        one = Returned(row.recipient, row.status, row.permanent, row.at, said)
        found.setdefault(row.about_id, {})[one.recipient] = one
    return {about_id: tuple(several.values()) for about_id, several in found.items()}


_CLAIMED = (
    select(BounceRow, Message.at)
    .join(
        Message,
        (Message.workspace_id == BounceRow.workspace_id) & (Message.id == BounceRow.message_id),
    )
    .where(BounceRow.message_id == any_(_MESSAGES), visibility.of(Shares.EVERYTHING))
    .order_by(BounceRow.message_id, BounceRow.position)
)


def claimed(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Returned, ...]]:
    """Return whom bounces say that something did not reach, where it is no message of ours."""
    asked = {"message_ids": list(message_ids), **visibility.values(viewer)}
    found: dict[UUID, list[Returned]] = {}
    held = set()
    for row, at in session.execute(_CLAIMED, asked):
        if row.about_id is not None:
            held.add(row.message_id)
        elif row.recipient:
            one = Returned(row.recipient, row.status, row.permanent, at, row.diagnostic)
            found.setdefault(row.message_id, []).append(one)
    return {id_: tuple(several) for id_, several in found.items() if id_ not in held}


_again = aliased(Message, name="again")


def _is_returned(message: type[Message]) -> ColumnElement[bool]:
    return literal(_RETURNED) == any_(func.string_to_array(message.means, " "))


_IN_THREADS = (
    select(Message.thread_id)
    .where(
        Message.thread_id == any_(bindparam("thread_ids", type_=ARRAY(Uuid()))),
        Message.means != "",
        _is_returned(Message),
        visibility.of(Shares.HEADERS),
        exists().where(
            BounceRow.workspace_id == Message.workspace_id,
            BounceRow.about_id == Message.id,
            or_(_OPENLY, visibility.has_sent()),
        ),
        ~exists().where(
            _again.workspace_id == Message.workspace_id,
            _again.thread_id == Message.thread_id,
            _again.direction == Direction.OUT,
            _again.at > Message.at,
            ~_is_returned(_again),
        ),
    )
    .distinct()
)


def in_threads(session: Session, viewer: Viewer, thread_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return the threads of which something came back, and nothing of ours has gone out since.

    It does not matter to whom: who writes again may have found another address.
    """
    asked = {"thread_ids": list(thread_ids), **visibility.values(viewer)}
    return frozenset(session.scalars(_IN_THREADS, asked))
