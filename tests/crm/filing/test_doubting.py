"""Who may not be who they seem: no contact by themselves, and nothing of theirs is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import adding
from crm.mail import inbox, visibility
from crm.mail.meaning import Meaning, Suspicion
from crm.mail.models import Mailbox, Message
from crm.people import contacts
from crm.people.models import Company, Contact
from crm.work import timeline
from crm.workspace.models import User
from tests import make

HOUR = timedelta(hours=1)
EVE = "Eve <eve@evil.test>"
JANA = "Jana <jana@severka.test>"


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def came(
    session: Session,
    box: Mailbox,
    sender: str,
    *suspicions: Suspicion,
    hours: int = 0,
    text: str = "Good morning",
) -> Message:
    """File a letter to Ana, and return its message."""
    at = make.NOW + hours * HOUR
    raw = make.raw(sender, at=at, text=text)
    arrival = make.arrival(raw, at=at, meaning=Meaning(suspicions=suspicions))
    message_id = make.filed_arrivals(session, box, [arrival]).new[0]
    return session.get_one(Message, (box.workspace_id, message_id))


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(Contact.name)))


@pytest.mark.parametrize("suspicion", Suspicion)
def test_a_doubted_stranger_is_no_contact_and_no_company_and_is_found(
    session: Session, ana: User, box: Mailbox, suspicion: Suspicion
) -> None:
    message = came(session, box, EVE, suspicion, text="Buy gift cards")

    assert names(session) == []
    assert session.scalars(select(Company)).all() == []
    assert message.unfiled == "in_doubt"
    viewer = visibility.viewer(session, ana)
    assert [row.message.id for row in inbox.page(session, viewer).rows] == [message.id]
    assert [row.message.id for row in inbox.search(session, viewer, "gift").rows] == [message.id]


def test_the_same_letter_in_another_mailbox_makes_none_either(
    session: Session, ana: User, box: Mailbox
) -> None:
    raw, doubted = make.raw(EVE), Meaning(suspicions=(Suspicion.DISOWNED,))
    other = make.mailbox(session, ana, "sales@halden.test")

    for one in (box, other, other):
        make.filed_arrivals(session, one, [make.arrival(raw, meaning=doubted)])

    assert names(session) == []


def test_a_person_may_choose_them_and_then_all_of_theirs_is_there(
    session: Session, ana: User, box: Mailbox
) -> None:
    message = came(session, box, EVE, Suspicion.DISOWNED)

    eve = adding.add_contact(session, "eve@evil.test", name="Eve", by=ana, at=make.NOW)

    session.refresh(message)
    assert message.unfiled == ""
    viewer = visibility.viewer(session, ana)
    [entry] = timeline.page(session, viewer, eve.id).entries
    assert (entry.message_id, entry.in_doubt) == (message.id, True)


def test_the_first_letter_that_is_not_doubted_makes_the_contact(
    session: Session, ana: User, box: Mailbox
) -> None:
    forged = came(session, box, "The Boss <jana@severka.test>", Suspicion.DISOWNED, hours=2)

    true = came(session, box, JANA, hours=1)

    jana = contacts.get_named(session, ana, "jana@severka.test")
    assert jana.name == "Jana"
    assert jana.last_in_at == make.NOW + HOUR, "what may be forged is nothing that she wrote"
    viewer = visibility.viewer(session, ana)
    entries = timeline.page(session, viewer, jana.id).entries
    assert [(e.message_id, e.in_doubt) for e in entries] == [(forged.id, True), (true.id, False)]


def test_a_contact_takes_neither_name_nor_sign_of_life_from_a_doubted_letter(
    session: Session, ana: User, box: Mailbox
) -> None:
    came(session, box, "jana@severka.test")

    came(session, box, "The Boss <jana@severka.test>", Suspicion.DISOWNED, hours=5)

    jana = contacts.get_named(session, ana, "jana@severka.test")
    assert (jana.name, jana.last_in_at) == ("jana", make.NOW)


def test_whoever_answers_them_has_chosen_them(session: Session, ana: User, box: Mailbox) -> None:
    came(session, box, EVE, Suspicion.DISOWNED)

    make.filed(session, box, make.raw("Ana <ana@halden.test>", EVE))

    assert names(session) == ["Eve"]
