"""When somebody is back, as the newest automatic answer from one of their addresses says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, any_, bindparam, select

from crm.mail import visibility
from crm.mail.models import Message, Shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer

_NEWEST = (
    select(Message.returns_on)
    .where(
        Message.from_email == any_(bindparam("emails", type_=ARRAY(Text()))),
        Message.returns_on.is_not(None),
        visibility.of(Shares.EVERYTHING),
    )
    .order_by(Message.at.desc(), Message.id.desc())
    .limit(1)
)


def until(session: Session, viewer: Viewer, emails: Sequence[str], *, today: date) -> date | None:
    """Return the day on which whoever writes from these addresses is back; None once it is here."""
    asked = {"emails": list(emails), **visibility.values(viewer)}
    day = session.scalar(_NEWEST, asked)
    return day if day is not None and day > today else None
