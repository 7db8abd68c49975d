"""What came back is told to whoever may know whom it went to, and only what is true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.mail import bounced, messages, visibility
from crm.mail.models import Message, Shares
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.HEADERS)


@pytest.fixture
def sam(session, workspace):
    return visibility.viewer(session, make.user(session, workspace, "sam@halden.test"))


def send(session, box, to="bo@kovar.test", **headers):
    raw = make.raw("Ana <ana@halden.test>", to, message_id="offer@h.test", **headers)
    return make.filed(session, box, raw, folder_name="Sent").new[0]


def back(session, box, hours=1, recipient="bo@kovar.test", **values):
    arrival = make.bounce(recipient, about="offer@h.test", at=make.NOW + hours * HOUR, **values)
    return make.filed_arrivals(session, box, [arrival]).new[0]


def test_of_each_recipient_the_newest_is_told(session, ana, box):
    message_id = send(session, box, "bo@kovar.test, ann@kovar.test")
    back(session, box, 3, status="5.4.7")
    back(session, box, 1, status="4.4.1", permanent=False)
    back(session, box, 2, "ann@kovar.test")

    found = bounced.of_messages(session, visibility.viewer(session, ana), [message_id])

    told = {(one.recipient, one.status, one.permanent) for one in found[message_id]}
    assert told == {("bo@kovar.test", "5.4.7", True), ("ann@kovar.test", "5.1.1", True)}


def test_colleagues_are_told_as_far_as_they_may_read_the_message(session, ana, box, sam):
    message_id = send(session, box)
    back(session, box)

    (told,) = bounced.of_messages(session, sam, [message_id])[message_id]
    assert told.said == ""
    own = visibility.viewer(session, ana)
    (told,) = bounced.of_messages(session, own, [message_id])[message_id]
    assert told.said == "550 no such user"
    hidden = make.mailbox(session, ana, "other@halden.test", shares=Shares.HAPPENED)
    raw = make.raw("Ana <other@halden.test>", "bo@kovar.test", message_id="offer@h.test", text="2")
    second = make.filed(session, hidden, raw).new[0]
    back(session, hidden, 5)
    assert second not in bounced.of_messages(session, sam, [second])


def test_whom_a_blind_copy_did_not_reach_is_told_to_the_sender_alone(session, ana, box, sam):
    message_id = send(session, box, "ann@kovar.test", Bcc="bo@kovar.test")
    back(session, box)

    assert bounced.of_messages(session, sam, [message_id]) == {}
    (one,) = bounced.of_messages(session, visibility.viewer(session, ana), [message_id])[message_id]
    assert one.recipient == "bo@kovar.test"
    assert not listed(session, sam, message_id)
    assert listed(session, visibility.viewer(session, ana), message_id)


def test_what_names_no_message_of_ours_is_told_to_whoever_may_read_it(session, ana, box, sam):
    stray = make.bounce("eva@kovar.test", "not an address", about="unknown@h.test")
    bounce_id = make.filed_arrivals(session, box, [stray]).new[0]

    found = bounced.claimed(session, visibility.viewer(session, ana), [bounce_id])

    assert [(one.recipient, one.status) for one in found[bounce_id]] == [
        ("eva@kovar.test", "5.1.1")
    ]
    assert bounced.claimed(session, sam, [bounce_id]) == {}


def test_what_counts_against_a_message_is_no_claim(session, ana, box):
    send(session, box)
    held = back(session, box)

    assert bounced.claimed(session, visibility.viewer(session, ana), [held]) == {}


def listed(session, viewer, message_id):
    thread_id = messages.get(session, viewer, message_id).message.thread_id
    return bounced.in_threads(session, viewer, [thread_id]) == {thread_id}


def test_a_thread_of_which_something_came_back_is_told_until_it_is_sent_again(session, ana, box):
    viewer = visibility.viewer(session, ana)
    message_id = send(session, box)
    assert not listed(session, viewer, message_id)

    back(session, box)
    assert listed(session, viewer, message_id)

    for hours, sender in ((2, "Ann <ann@kovar.test>"), (3, "Sam <sam@halden.test>")):
        at = make.NOW + hours * HOUR
        raw = make.raw(sender, "ana@halden.test", at=at, In_Reply_To="<offer@h.test>")
        make.filed(session, box, raw)
    assert listed(session, viewer, message_id), "nothing of these went out"

    again = {"at": make.NOW + 4 * HOUR, "In_Reply_To": "<offer@h.test>"}
    make.filed(session, box, make.raw("ana@halden.test", "b@kovar.test", message_id="2@h", **again))
    assert not listed(session, viewer, message_id)

    second = make.bounce("b@kovar.test", about="2@h", at=make.NOW + 5 * HOUR)
    make.filed_arrivals(session, box, [second])
    assert listed(session, viewer, message_id)


def test_a_thread_is_told_to_whoever_may_know_what_it_is_about(session, ana, workspace, box, sam):
    message_id = send(session, box)
    back(session, box)
    assert listed(session, sam, message_id)

    session.get_one(Message, (workspace.id, message_id)).shares = Shares.HAPPENED
    session.flush()
    assert not listed(session, sam, message_id)
