"""Whether somebody is reached: addresses to which mail comes back, and the day they are back.

Both are asked at once, for every card asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    DateTime,
    Text,
    any_,
    bindparam,
    cast,
    desc,
    exists,
    func,
    null,
    select,
    union_all,
)

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
class Reach:
    """Addresses to which mail comes back for good, since when; and the day somebody is back."""

    lost: dict[str, datetime] = field(default_factory=dict)
    back_on: date | None = None


_EMAILS = bindparam("emails", type_=ARRAY(Text()))
#: By the bounce itself: it names openly whom it is about, or tells it to nobody but the sender.
_BACK = (
    select(
        BounceRow.recipient.label("email"),
        func.coalesce(BounceRow.permanent, False).label("permanent"),
        Message.at.label("at"),
    )
    .join(
        Message,
        (Message.workspace_id == BounceRow.workspace_id) & (Message.id == BounceRow.message_id),
    )
    .where(
        BounceRow.recipient == any_(_EMAILS),
        BounceRow.about_id.is_not(None),
        visibility.of(Shares.EVERYTHING),
        exists().where(
            Participant.workspace_id == Message.workspace_id,
            Participant.message_id == Message.id,
            Participant.email == BounceRow.recipient,
            Participant.role == Role.RETURNED,
        ),
    )
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(_MOST)
    .cte("back")
)
_lost = select(_BACK.c.email).where(_BACK.c.permanent).distinct().subquery("lost")
#: Asked once for an address, however often mail to it came back.
_LAST_WROTE = (
    select(Message.at)
    .where(
        Message.workspace_id == bindparam("workspace_id"),
        Message.from_email == _lost.c.email,
        Message.direction == Direction.IN,
    )
    .order_by(Message.at.desc())
    .limit(1)
    .correlate(_lost)
    .scalar_subquery()
)
_wrote = select(_lost.c.email, _LAST_WROTE.label("at")).cte("wrote")
_FAILED = select(
    _BACK.c.email,
    _BACK.c.permanent,
    _BACK.c.at,
    _wrote.c.at.label("wrote_at"),
    cast(null(), Date).label("returns_on"),
).outerjoin(_wrote, _wrote.c.email == _BACK.c.email)
_AWAY = (
    select(
        Message.from_email.label("email"),
        cast(null(), Boolean).label("permanent"),
        Message.at.label("at"),
        cast(null(), DateTime(timezone=True)).label("wrote_at"),
        Message.returns_on.label("returns_on"),
    )
    .where(
        Message.from_email == any_(_EMAILS),
        Message.returns_on.is_not(None),
        visibility.of(Shares.EVERYTHING),
    )
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(1)
)
_FACTS = union_all(_FAILED, select(_AWAY.subquery())).order_by(desc("at"))


def of_addresses(session: Session, viewer: Viewer, emails: Sequence[str], *, today: date) -> Reach:
    """Return how whoever writes from these addresses is reached, as far as the viewer may know.

    An address is not lost where mail has come from it since, or where something else than that it
    is lost was heard last. The newest automatic answer says when somebody is back.
    """
    lost: dict[str, datetime] = {}
    settled: set[str] = set()
    back_on = None
    for one in session.execute(_FACTS, {"emails": list(emails), **visibility.values(viewer)}):
        if one.returns_on is not None:
            back_on = one.returns_on if one.returns_on > today else None
            continue
        if not one.permanent or (one.wrote_at is not None and one.wrote_at > one.at):
            settled.add(one.email)
        if one.email not in settled:  # The newest come first.
            lost[one.email] = one.at
    return Reach(lost, back_on)
