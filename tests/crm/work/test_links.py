"""Links: which records a message stands on, and what somebody has refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import i18n, ids
from crm.base.db import Session
from crm.base.errors import ForbiddenError
from crm.base.money import Money
from crm.mail import visibility
from crm.mail.models import Message, Shares
from crm.people.models import Contact
from crm.sales import deals
from crm.work import links
from crm.work.links import Link, TakenOff
from crm.work.models import Record, Refusal
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def message(session: Session, workspace: Workspace, ana: User) -> UUID:
    make.filed(session, make.mailbox(session, ana), make.raw("Jana <jana@severka.test>"))
    return session.scalars(select(Message.id)).one()


def contact(session: Session) -> Contact:
    return session.scalars(select(Contact)).one()


def taken_off(session: Session, user: User, message: UUID, *addresses: str) -> tuple[TakenOff, ...]:
    viewer = visibility.viewer(session, user)
    return links.beside(session, viewer, message, addresses=addresses).taken_off


def test_each_link_says_on_what_and_why(session: Session, ana: User, message: UUID) -> None:
    found = links.of_message(session, visibility.viewer(session, ana), message)

    assert [(link.record.word, link.name, link.reason) for link in found] == [
        ("contact", "Jana", "The address is theirs"),
        ("company", "Severka", "Through its contact"),
    ]
    with i18n.speaking("cs"):
        assert all(link.reason for link in found)


def test_a_link_shows_once_however_many_audiences_it_has(
    session: Session, workspace: Workspace, ana: User
) -> None:
    letter = make.raw("Jana <jana@severka.test>", to="1@halden.test, 2@halden.test")
    for n in (1, 2):
        box = make.mailbox(session, ana, f"{n}@halden.test", shares=Shares.NOTHING)
        make.filed(session, box, letter)
    message = session.scalars(select(Message.id)).one()

    assert len(links.of_message(session, visibility.viewer(session, ana), message)) == 2


def test_links_of_a_hidden_message_are_not_told(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    make.filed(session, make.mailbox(session, ana, shares=Shares.NOTHING), make.raw())
    message = session.scalars(select(Message.id)).one()

    assert links.of_message(session, visibility.viewer(session, sam), message) == []


def test_a_refusal_is_listed_with_the_records_name_until_it_is_taken_back(
    session: Session, ana: User, message: UUID
) -> None:
    jana = contact(session)
    assert jana.company_id is not None

    for record, id_ in ((Record.CONTACT, jana.id), (Record.COMPANY, jana.company_id)):
        links.take_off(session, message, record, id_, by=ana, at=make.NOW)
    assert taken_off(session, ana, message) == (
        TakenOff(Record.CONTACT, jana.id, "Jana"),
        TakenOff(Record.COMPANY, jana.company_id, "Severka"),
    )
    links.put_back(session, message, Record.CONTACT, jana.id, by=ana)

    left = TakenOff(Record.COMPANY, jana.company_id, "Severka")
    assert taken_off(session, ana, message) == (left,)
    assert taken_off(session, ana, ids.new()) == ()


def test_refusing_twice_is_the_same_as_once(session: Session, ana: User, message: UUID) -> None:
    jana = contact(session)

    for hours in range(2):
        at = make.NOW + timedelta(hours=hours)
        links.take_off(
            session, message, Record.CONTACT, jana.id, by=ana, at=at, email="jana@severka.test"
        )

    whole = TakenOff(Record.CONTACT, jana.id, "Jana", "jana@severka.test")
    one = TakenOff(Record.CONTACT, jana.id, "Jana")
    assert taken_off(session, ana, message, "jana@severka.test") == (one, whole)
    assert taken_off(session, ana, message) == (one,)
    whats = session.scalars(select(Refusal.what)).all()
    assert sorted(whats) == sorted([str(message), "jana@severka.test"])


@pytest.mark.parametrize(("email", "left"), [("", "jana@severka.test"), ("jana@severka.test", "")])
def test_putting_back_forgets_the_one_refusal_that_is_meant(
    session: Session, ana: User, message: UUID, email: str, left: str
) -> None:
    jana, way = contact(session), (session, message, Record.CONTACT)
    links.take_off(*way, jana.id, by=ana, at=make.NOW, email="jana@severka.test")

    links.put_back(*way, jana.id, by=ana, email=email)

    assert session.scalars(select(Refusal.what)).all() == [left or str(message)]


def test_how_a_message_was_taken_off_is_found_by_record_and_address(
    session: Session, ana: User, message: UUID
) -> None:
    jana, viewer, email = contact(session), visibility.viewer(session, ana), "jana@severka.test"
    way = (session, viewer, message, Record.CONTACT, jana.id)
    stands = links.find(*way)
    assert isinstance(stands, Link)
    assert links.find(*way, all_from=email) is None

    links.take_off(session, None, Record.CONTACT, jana.id, by=ana, at=make.NOW, email=email)

    assert links.find(*way) == stands
    assert links.find(*way, all_from=email) == TakenOff(Record.CONTACT, jana.id, "Jana", email)
    assert links.find(*way, all_from="petr@kovar.test") is None
    assert links.find(session, viewer, message, Record.COMPANY, jana.id, all_from=email) is None


def test_a_refusal_of_a_deal_is_told_while_the_thread_is_linked_to_it(
    session: Session, ana: User, message: UUID
) -> None:
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    thread_id = session.scalars(select(Message.thread_id)).one()
    links.take_off(session, message, Record.DEAL, deal.id, by=ana, at=make.NOW)
    assert taken_off(session, ana, message) == ()

    deals.link_thread(session, deal, thread_id, by=ana, at=make.NOW)

    assert taken_off(session, ana, message) == (TakenOff(Record.DEAL, deal.id, "Steel"),)


def test_a_reader_takes_nothing_off(
    session: Session, workspace: Workspace, ana: User, message: UUID
) -> None:
    reader = make.user(session, workspace, "r@halden.test", role="reader")
    jana = contact(session)

    with pytest.raises(ForbiddenError):
        links.take_off(session, message, Record.CONTACT, jana.id, by=reader, at=make.NOW)

    assert taken_off(session, ana, message) == ()
