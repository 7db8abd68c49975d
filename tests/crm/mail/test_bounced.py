"""What came back is told to whoever may know whom it went to, and only what is true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.mail import bounced, visibility
from crm.mail.models import Shares
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
