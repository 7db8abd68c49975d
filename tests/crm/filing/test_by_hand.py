"""What people say of filed mail by hand holds for what is filed meanwhile, and can be undone."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base.db import Session, transaction
from crm.base.money import Money
from crm.base.settings import Settings
from crm.filing import by_hand, known
from crm.mail import visibility
from crm.mail.models import Mailbox, Message, Shares
from crm.people.models import Contact
from crm.sales import deals
from crm.sales.models import Deal, DealThread
from crm.work import links
from crm.work.models import ActivityLink, Record
from crm.workspace.models import User, Workspace
from tests import make
from tests.crm.filing.standing import JANA, contact, lines, message, said

DAY = timedelta(days=1)


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def test_what_was_refused_meanwhile_comes_back_with_the_rest(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, *[make.raw(JANA, subject=f"{n}") for n in (1, 2)])
    jana, one = contact(session, ana), message(session, "1")
    by_hand.take_off(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW, email=JANA)
    make.filed(session, box, make.raw(JANA, subject="3"))
    assert lines(session, ana, jana.id) == []
    assert said(session) == dict.fromkeys("123", "taken_off")

    by_hand.put_back(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW, email=JANA)

    assert lines(session, ana, jana.id) == ["1", "2", "3"]
    assert lines(session, ana, jana.company_id) == ["1", "2", "3"]
    assert said(session) == dict.fromkeys("123", "")


def test_a_company_gets_back_what_came_while_an_address_was_refused_there(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"))
    jana, one = contact(session, ana), message(session, "1")
    severka = jana.company_id
    assert severka is not None
    by_hand.take_off(session, one, Record.COMPANY, severka, by=ana, at=make.NOW, email=JANA)
    make.filed(session, box, make.raw(JANA, subject="2"))
    assert lines(session, ana, severka) == []
    assert lines(session, ana, jana.id) == ["1", "2"]

    two = message(session, "2")
    by_hand.put_back(session, two, Record.COMPANY, severka, by=ana, at=make.NOW, email=JANA)

    assert lines(session, ana, severka) == ["1", "2"]
    assert lines(session, ana, jana.id) == ["1", "2"]


def test_a_company_misses_nothing_in_whatever_order_things_are_put_back(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"))
    jana, one = contact(session, ana), message(session, "1")
    severka = jana.company_id
    assert severka is not None
    by_hand.take_off(session, one, Record.COMPANY, severka, by=ana, at=make.NOW, email=JANA)
    make.filed(session, box, make.raw(JANA, subject="2"))
    two = message(session, "2")
    by_hand.take_off(session, two, Record.CONTACT, jana.id, by=ana, at=make.NOW)

    by_hand.put_back(session, one, Record.COMPANY, severka, by=ana, at=make.NOW, email=JANA)
    by_hand.put_back(session, two, Record.CONTACT, jana.id, by=ana, at=make.NOW)

    assert lines(session, ana, severka) == ["1", "2"]
    assert lines(session, ana, jana.id) == ["1", "2"]


def test_putting_an_address_back_leaves_what_was_refused_itself(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, *[make.raw(JANA, subject=f"{n}") for n in (1, 2)])
    jana, one = contact(session, ana), message(session, "1")
    way = {"by": ana, "at": make.NOW}
    by_hand.take_off(session, message(session, "2"), Record.CONTACT, jana.id, **way, email=JANA)
    links.take_off(session, one, Record.CONTACT, jana.id, **way)

    by_hand.put_back(session, one, Record.CONTACT, jana.id, **way, email=JANA)
    assert lines(session, ana, jana.id) == ["2"]
    assert said(session) == {"1": "taken_off", "2": ""}

    by_hand.put_back(session, one, Record.CONTACT, jana.id, **way)
    assert lines(session, ana, jana.id) == ["1", "2"]


def test_a_deal_gets_back_what_came_while_its_address_was_refused(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1", message_id="1@x.test"))
    one, deal = message(session, "1"), new_deal(session, ana)
    by_hand.link_thread(session, deal, thread_of(session), by=ana, at=make.NOW)
    by_hand.take_off(session, one, Record.DEAL, deal.id, by=ana, at=make.NOW, email=JANA)
    make.filed(session, box, make.raw(JANA, subject="2", In_Reply_To="<1@x.test>"))
    assert lines(session, ana, deal.id) == []

    by_hand.put_back(session, one, Record.DEAL, deal.id, by=ana, at=make.NOW, email=JANA)

    assert lines(session, ana, deal.id) == ["1", "2"]


def test_what_is_put_back_on_a_deal_waits_for_its_thread_to_be_linked_again(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1", message_id="1@x.test"))
    deal, thread_id = new_deal(session, ana), thread_of(session)
    by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW - DAY)
    make.filed(session, box, make.raw(JANA, subject="2", In_Reply_To="<1@x.test>"))
    two = message(session, "2")
    by_hand.take_off(session, two, Record.DEAL, deal.id, by=ana, at=make.NOW)
    by_hand.unlink_thread(session, deal, thread_id, by=ana)

    by_hand.put_back(session, two, Record.DEAL, deal.id, by=ana, at=make.NOW)
    assert lines(session, ana, deal.id) == []

    by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW)
    assert lines(session, ana, deal.id) == ["1", "2"]


def test_a_thread_that_is_linked_again_since_when_it_was_stands_as_it_stood(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1", message_id="1@x.test"))
    deal, thread_id = new_deal(session, ana), thread_of(session)
    by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW - DAY)
    make.filed(session, box, make.raw(JANA, subject="2", In_Reply_To="<1@x.test>"))
    before = standing(session)

    since = by_hand.unlink_thread(session, deal, thread_id, by=ana)
    assert since == make.NOW - DAY
    assert lines(session, ana, deal.id) == []
    by_hand.link_thread(session, deal, thread_id, by=ana, at=since)

    assert standing(session) == before
    assert {row.since for row in session.scalars(select(ActivityLink))} == {make.NOW, since}


def test_unlinking_what_is_not_linked_changes_nothing(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"))
    deal = new_deal(session, ana)
    before = standing(session)

    assert by_hand.unlink_thread(session, deal, thread_of(session), by=ana) is None

    assert standing(session) == before


def test_a_thread_that_is_unlinked_says_again_why_its_mail_stands_nowhere(
    session: Session, box: Mailbox, ana: User
) -> None:
    nobody = "undisclosed@lists.test"
    letters = {
        "stranger": make.raw(JANA, nobody, "stranger"),
        "machine": make.raw(JANA, subject="machine", List_Unsubscribe="<mailto:x@lists.test>"),
        "colleague": make.raw("ana@halden.test", "sam@halden.test", "colleague"),
    }
    make.filed(session, box, *letters.values())
    deal, before = new_deal(session, ana), said(session)
    threads = set(session.scalars(select(Message.thread_id)))
    assert before == {
        "stranger": "no_contact_by_policy",
        "machine": "machine",
        "colleague": "colleague_only",
    }

    for thread_id in threads:
        by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW)
    assert said(session) == dict.fromkeys(letters, "")
    for subject in letters:
        one = message(session, subject)
        by_hand.take_off(session, one, Record.DEAL, deal.id, by=ana, at=make.NOW)
    assert said(session) == dict.fromkeys(letters, "taken_off")
    for thread_id in threads:
        by_hand.unlink_thread(session, deal, thread_id, by=ana)

    assert said(session) == before


def test_what_was_taken_off_its_contact_still_says_so_when_its_thread_is_unlinked(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"))
    jana, deal, thread_id = contact(session, ana), new_deal(session, ana), thread_of(session)
    by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW)
    one = message(session, "1")
    by_hand.take_off(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW)
    assert said(session) == {"1": ""}

    by_hand.unlink_thread(session, deal, thread_id, by=ana)

    assert said(session) == {"1": "taken_off"}


def new_deal(session: Session, ana: User) -> Deal:
    return deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW - DAY)


def thread_of(session: Session) -> UUID:
    return session.scalars(select(Message.thread_id).distinct()).one()


def standing(session: Session) -> set[tuple[object, ...]]:
    """Return every row that puts a message on a record, or a thread, byte for byte."""
    session.expire_all()
    tables = (ActivityLink.__table__, DealThread.__table__)
    return {tuple(row) for one in tables for row in session.execute(select(*one.columns))}


def test_a_thread_that_went_into_another_is_linked_where_its_mail_is(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(subject="1", message_id="1@x.test"))
    make.filed(session, box, make.raw(subject="3", message_id="3@x.test", In_Reply_To="<2@x.test>"))
    before = set(session.scalars(select(Message.thread_id)))
    make.filed(session, box, make.raw(subject="2", message_id="2@x.test", In_Reply_To="<1@x.test>"))
    session.expire_all()
    living = set(session.scalars(select(Message.thread_id)))
    (gone,) = before - living
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)

    by_hand.link_thread(session, deal, gone, by=ana, at=make.NOW)

    assert lines(session, ana, deal.id) == ["1", "2", "3"]
    assert set(session.scalars(select(DealThread.thread_id))) == living


@pytest.mark.parametrize("choice", ["private", "deal", "never"])
def test_what_is_said_while_a_letter_is_filed_holds_for_it(house: Settings, choice: str) -> None:
    with transaction() as session:
        workspace = make.workspace(session)
    with transaction(workspace.id) as session:
        ana = make.user(session, workspace, "ana@halden.test", role="admin")
        box = make.mailbox(session, ana)
        make.filed(session, box, make.raw(JANA, subject="1", message_id="1@x.test"))
        first = session.scalars(select(Message)).one()
        jana = contact(session, ana)
        deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    speaking = threading.Thread(target=say, args=(choice, workspace, ana, deal, first, jana))

    with transaction(workspace.id) as session:
        known.lock(session, workspace.id)
        speaking.start()
        speaking.join(0.5)
        assert speaking.is_alive()  # It waits until the letter is filed.
        reply = make.raw(JANA, subject="2", In_Reply_To="<1@x.test>")
        make.filed(session, box, reply)
    speaking.join(30)

    with transaction(workspace.id) as session:
        if choice == "private":
            assert set(session.scalars(select(Message.shares))) == {Shares.NOTHING}
        elif choice == "deal":
            assert lines(session, ana, deal.id) == ["1", "2"]
        else:
            assert lines(session, ana, jana.id) == []
            assert said(session) == {"1": "taken_off", "2": "taken_off"}


def say(
    choice: str, workspace: Workspace, ana: User, deal: Deal, first: Message, jana: Contact
) -> None:
    with transaction(workspace.id) as session:
        if choice == "private":
            viewer = visibility.viewer(session, ana)
            by_hand.choose_shares(session, viewer, first.thread_id, Shares.NOTHING, at=make.NOW)
        elif choice == "deal":
            mine = deals.get(session, ana, deal.id)
            by_hand.link_thread(session, mine, first.thread_id, by=ana, at=make.NOW)
        else:
            by_hand.take_off(
                session, first.id, Record.CONTACT, jana.id, by=ana, at=make.NOW, email=JANA
            )
