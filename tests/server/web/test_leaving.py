"""What was written and has not left says what it waits for, and what to do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base import clock, showing
from crm.base.addresses import Address
from crm.mail import messages, outgoing, visibility
from crm.mail.draft import Draft
from crm.mail.models import Mailbox, MailboxState, Message, Outgoing
from tests import make
from tests.visiting import Visitor


@pytest.fixture
def written(session, ana, mailbox: Mailbox, take_in) -> Outgoing:
    """Write an answer that is to leave in two days."""
    [message_id] = take_in(make.raw(subject="Label printers"))
    asked = messages.get(session, visibility.viewer(session, ana), message_id)
    draft = Draft(
        rfc_id="1@halden.test",
        author=Address(mailbox.address, "Ana"),
        to=(Address("jana@severka.test", "Jana"),),
        subject="Re: Label printers",
        text="120 each.",
        at=clock.now(),
    )
    due = clock.now() + timedelta(days=2)
    made = outgoing.write(
        session, mailbox, draft, answers=asked, by=ana, at=clock.now(), due_at=due
    )
    session.commit()
    return made


def thread(reader: Visitor, session) -> str:
    """Return what stands at the end of the thread that was answered."""
    thread_id = session.scalars(select(Message.thread_id)).one()
    return reader.get(f"/inbox/{thread_id}").text.partition('id="outgoing"')[2]


def test_what_waits_says_its_day_and_time_as_people_do(reader, session, ana, written):
    ana.time_zone = "Asia/Tehran"
    session.commit()

    page = thread(reader, session)

    due = written.due_at.astimezone(showing.zone(ana.time_zone))
    assert f"Will be sent: {due:%A}, {showing.clock_time(due, due.tzinfo)}." in page
    assert "Connect again" not in page


@pytest.mark.parametrize("trouble", ["", "unreachable"])
def test_what_waits_in_a_disconnected_mailbox_promises_nothing(
    reader, session, mailbox, written, trouble
):
    mailbox.kind, mailbox.state = "imap", MailboxState.DISCONNECTED
    if trouble:
        written.tries, written.trouble = 1, trouble
    session.commit()

    page = thread(reader, session)

    assert "It is not sent before \u2068ana@halden.test\u2069 is connected again." in page
    assert "Will be sent" not in page
    assert "It is tried again" not in page
    assert f'href="/mailboxes/{mailbox.id}#sign-in"' in page
    assert "Undo" in page


@pytest.mark.parametrize(
    ("kind", "place", "there"),
    [
        ("imap", {"host": "imap.halden.test"}, "/mailboxes/{id}#sign-in"),
        ("gmail", {"grant": "consent", "scopes": []}, "/mailboxes/gmail/{id}"),
    ],
)
def test_what_was_due_in_a_disconnected_mailbox_is_named_with_the_click_that_mends_it(
    reader, session, mailbox, written, kind, place, there
):
    mailbox.kind, mailbox.place, mailbox.state = kind, place, MailboxState.DISCONNECTED
    written.state, written.due_at = "failed", None
    written.trouble, written.said = "disconnected", "Its mailbox was disconnected."
    session.commit()

    page = thread(reader, session)

    assert "Not sent. Its mailbox was disconnected. Connect it again, then try again." in page
    assert page.count("Its mailbox was disconnected.") == 1
    assert f'href="{there.format(id=mailbox.id)}"' in page
    assert "Connect again" in page
    assert "Try again" in page

    mailbox.state = MailboxState.LIVE
    session.commit()
    assert "Connect again" not in thread(reader, session)


@pytest.mark.parametrize("trouble", ["not_allowed", "no_way"])
def test_what_our_words_say_is_not_said_again_in_english(reader, session, written, trouble):
    written.state, written.due_at = "failed", None
    written.trouble, written.said = trouble, "The same in English."
    session.commit()

    assert "The same in English." not in thread(reader, session)
