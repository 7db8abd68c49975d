"""What is due is sent once, and never again by itself, whatever the server does."""

from __future__ import annotations

import pytest

from crm.base.settings import Settings
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import DROP_AFTER_ANSWER, DROP_BEFORE_ANSWER, Smtp
from tests.sync import rig, sending
from tests.sync.sending import Post


@pytest.fixture
def post(town: Settings, dovecot: Dovecot, smtp: Smtp) -> Post:
    return sending.connect(town, dovecot, smtp)


def test_a_message_arrives_once_and_lies_in_sent(post, smtp, dovecot):
    sent = post.write("Good morning.\nHow are you?")

    assert post.work(sent)

    row = post.row(sent)
    assert (row.state, row.due_at) == ("sent", None)
    [letter] = smtp.received
    assert letter.sender == "ana@halden.test"
    assert letter.recipients == ("jana@severka.test",)
    assert b"Good morning.\r\nHow are you?\r\n" in letter.raw
    assert sending.in_sent(dovecot) == [row.rfc_id]


def test_nothing_is_sent_twice_by_working_twice(post, smtp, dovecot):
    sent = post.write()

    post.work(sent)
    post.hurry()

    assert not post.work(sent)
    assert len(smtp.received) == 1


def test_a_sent_message_stands_in_its_thread_at_once_and_its_copy_is_the_same(post, smtp, dovecot):
    sent = post.write()
    post.work(sent)

    assert post.lines() == 1
    before = post.row(sent).message_id
    assert before is not None
    rig.expire(post.box)
    rig.bring(post.box)

    assert post.lines() == 1
    assert post.row(sent).message_id == before
    rig.assert_exact(post.box, rig.served(dovecot, "ana"))


@pytest.mark.parametrize("how", [DROP_BEFORE_ANSWER, DROP_AFTER_ANSWER])
def test_a_lost_answer_is_unknown_and_is_not_sent_again(post, smtp, dovecot, how):
    smtp.plan("BODY", how)
    sent = post.write()

    for _ in range(5):
        post.work(sent)
        post.hurry()

    assert len(smtp.received) == 1
    assert post.state(sent) == ("unknown" if how == DROP_BEFORE_ANSWER else "sent")
    assert post.lines() == 1
