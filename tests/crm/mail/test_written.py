"""What was written here stands in its thread, and for those alone whose it is."""

from __future__ import annotations

import pytest

from crm.mail import messages, outgoing, visibility, written
from crm.mail.messages import Seen
from crm.mail.models import Mailbox
from tests import make
from tests.sync.sending import draft


@pytest.fixture
def box(session, ana) -> Mailbox:
    return make.mailbox(session, ana)


@pytest.fixture
def seen(session, ana, box) -> Seen:
    box.shares = 3
    make.filed(session, box, make.raw(message_id="first@severka.test"))
    [found] = messages.named(session, visibility.viewer(session, ana), "first@severka.test")
    return found


def test_an_answer_stands_in_the_thread_of_what_it_answers(session, box, ana, seen):
    made = outgoing.write(session, box, draft(), answers=seen, by=ana, at=make.NOW)

    viewer = visibility.viewer(session, ana)
    assert written.of_thread(session, viewer, seen.message.thread_id) == [made]


def test_what_began_a_thread_stands_in_it_once_it_has_its_place(session, box, ana, seen):
    made = outgoing.write(session, box, draft(), by=ana, at=make.NOW)
    viewer = visibility.viewer(session, ana)
    assert written.of_thread(session, viewer, seen.message.thread_id) == []

    made.message_id = seen.message.id
    session.flush()

    assert written.of_thread(session, viewer, seen.message.thread_id) == [made]


def test_an_answer_under_another_subject_stands_where_its_message_does(session, box, ana, seen):
    [other] = make.filed(session, box, make.raw(message_id="second@severka.test")).new
    [there] = messages.named(session, visibility.viewer(session, ana), "second@severka.test")
    made = outgoing.write(session, box, draft(), answers=seen, by=ana, at=make.NOW)
    made.message_id = other
    session.flush()

    viewer = visibility.viewer(session, ana)
    assert written.of_thread(session, viewer, seen.message.thread_id) == []
    assert written.of_thread(session, viewer, there.message.thread_id) == [made]


def test_a_colleague_decides_of_nothing_and_is_told_of_a_message_that_they_may_read(
    session, box, ana, seen, workspace
):
    made = outgoing.write(session, box, draft(), answers=seen, by=ana, at=make.NOW)
    made.message_id = seen.message.id
    session.flush()
    bo = visibility.viewer(session, make.user(session, workspace, "bo@halden.test"))

    assert written.of_thread(session, bo, seen.message.thread_id) == []
    assert written.of_messages(session, bo, [seen.message.id]) == {seen.message.id: made}
    assert written.of_messages(session, bo, []) == {}
