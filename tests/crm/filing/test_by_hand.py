"""What people say of filed mail by hand holds for what is filed meanwhile, and can be undone."""

from __future__ import annotations

import threading

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
from crm.work.models import Record
from crm.workspace.models import User, Workspace
from tests import make
from tests.crm.filing.standing import JANA, contact, lines, message, said


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
            by_hand.choose_shares(session, viewer, first.thread_id, Shares.NOTHING)
        elif choice == "deal":
            mine = deals.get(session, ana, deal.id)
            by_hand.link_thread(session, mine, first.thread_id, by=ana, at=make.NOW)
        else:
            by_hand.take_off(
                session, first.id, Record.CONTACT, jana.id, by=ana, at=make.NOW, email=JANA
            )
