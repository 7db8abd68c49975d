"""Letters that tell something of who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crm.base.db import Session
from crm.filing import Filed
from crm.mail.letter import Arrival, Letter
from crm.mail.meaning import Details, Meaning
from crm.mail.models import Mailbox, Message
from crm.people.models import DetailKind, DetailSource, Suggestion
from tests import make

JANA = "jana@severka.test"
HEAD = Details(title="Head of Sales", phones=("+420777123456",), links=("https://severka.test",))


def arrived(
    details: Details, *, at: datetime = make.NOW, meaning: Meaning | None = None
) -> Arrival:
    """Take a letter of Jana's whose signature says this."""
    found = make.arrival(make.raw(at=at), at=at)
    assert isinstance(found.letter, Letter)
    told = meaning or Meaning(details=details)
    return replace(found, letter=replace(found.letter, meaning=told))


def told(session: Session, mailbox: Mailbox, details: Details, *, at: datetime = make.NOW) -> Filed:
    """File such a letter in a mailbox."""
    return make.filed_arrivals(session, mailbox, [arrived(details, at=at)])


def suggest(
    session: Session, mailbox: Mailbox, message: Message, title: str = "Head of Sales"
) -> None:
    """Let a stored message of Jana's tell her title."""
    session.add(
        Suggestion(
            workspace_id=mailbox.workspace_id,
            email=JANA,
            kind=DetailKind.TITLE,
            value=title,
            mailbox_id=mailbox.id,
            message_id=message.id,
            source=DetailSource.SIGNATURE,
            at=make.NOW,
        )
    )
    session.flush()
