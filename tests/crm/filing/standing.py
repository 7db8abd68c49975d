"""Where messages stand, as a viewer sees it: what the tests of filing by hand look at."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from crm.base.db import Session
from crm.mail import visibility
from crm.mail.models import Message
from crm.people import contacts
from crm.people.models import Contact
from crm.work.models import ActivityLink
from crm.workspace.models import User

JANA = "jana@severka.test"


def contact(session: Session, ana: User, email: str = JANA) -> Contact:
    return contacts.get_named(session, ana, email)


def message(session: Session, subject: str) -> UUID:
    return session.scalars(select(Message.id).where(Message.subject == subject)).one()


def lines(session: Session, ana: User, record_id: UUID | None) -> list[str]:
    """Name what stands on a record for Ana to see."""
    viewer = visibility.viewer(session, ana)
    found = session.scalars(
        select(Message.subject)
        .join(ActivityLink, ActivityLink.activity_id == Message.id)
        .where(
            ActivityLink.record_id == record_id, ActivityLink.audience.in_(list(viewer.audiences))
        )
    )
    return sorted(found)


def said(session: Session) -> dict[str, str]:
    session.expire_all()
    return dict(session.execute(select(Message.subject, Message.unfiled)).all())
