"""Filing: a letter finds its people, its thread and its place on timelines, once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from crm.base.db import Session
from crm.mail import messages, visibility
from crm.mail.models import Copy, Message, Thread
from crm.people import contacts
from crm.people.models import Contact
from crm.work import links, timeline
from crm.workspace.models import User, Workspace
from tests import make


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_stranger_who_writes_to_us_becomes_a_contact_with_a_company(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(session, box, make.raw("Jana Dvořáková <jana@severka.test>"))

    jana = contacts.find_by_email(session, ana, "jana@severka.test")
    assert jana is not None
    assert (jana.name, jana.company.name if jana.company else "") == ("Jana Dvořáková", "Severka")
    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert [entry.summary for entry in page.entries] == ["Hello"]


def test_filing_twice_brings_in_nothing_twice(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    arrivals = [make.arrival(make.raw()), make.arrival(make.raw(subject="Again"))]

    make.filed_arrivals(session, box, arrivals)
    again = make.filed_arrivals(session, box, arrivals)

    assert (again.stored, count(session, Message), count(session, Copy)) == (0, 2, 2)


def test_an_answer_that_arrives_before_its_question_is_in_one_thread(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    question = make.raw(message_id="q@severka.test")
    answer = make.raw(
        "ana@halden.test",
        "jana@severka.test",
        "Re: Hello",
        message_id="a@halden.test",
        at=make.NOW + timedelta(hours=1),
        In_Reply_To="<q@severka.test>",
    )

    make.filed(session, box, answer, folder_name="Sent")
    make.filed(session, box, question)

    assert count(session, Thread) == 1
    assert session.scalar(select(Thread.messages)) == 2


def test_the_same_message_in_two_mailboxes_is_one_with_two_copies(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    letter = make.raw(to="ana@halden.test, sam@halden.test")

    make.filed(session, make.mailbox(session, ana), letter)
    make.filed(session, make.mailbox(session, sam), letter)

    assert (count(session, Message), count(session, Copy)) == (1, 2)


def test_a_reused_message_id_hides_no_mail(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(
        session,
        box,
        make.raw(subject="First", message_id="same@x.test"),
        make.raw(subject="Other", text="Quite something else", message_id="same@x.test"),
    )

    found = messages.named(session, visibility.viewer(session, ana), "<same@x.test>")
    assert {seen.subject for seen in found} == {"First", "Other"}
    assert [seen.message.same_id_as is None for seen in found].count(False) == 1
    assert count(session, Thread) == 2


def test_a_newsletter_makes_no_contact_and_says_why(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(session, box, make.raw("news@shop.test", List_Unsubscribe="<https://x.test>"))

    message = session.scalars(select(Message)).one()
    assert (message.unfiled, message.kind_reason) == ("machine", "List-Unsubscribe")
    assert count(session, Contact) == 0


def test_a_contact_that_is_met_later_pulls_in_what_is_already_there(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    bcc = make.raw("jana@severka.test", "somebody@else.test", "Not to us", message_id="1@s.test")
    make.filed(session, box, bcc)
    assert count(session, Contact) == 0

    make.filed(session, box, make.raw("Jana <jana@severka.test>", message_id="2@s.test"))

    jana = contacts.get_named(session, ana, "jana@severka.test")
    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert len(page.entries) == 2
    early = session.scalars(select(Message).where(Message.subject == "Not to us")).one()
    assert early.unfiled == ""
    names = {
        link.name for link in links.of_message(session, visibility.viewer(session, ana), early.id)
    }
    assert names == {"Jana", "Severka"}
