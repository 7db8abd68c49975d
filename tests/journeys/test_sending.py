"""Kills: a worker dies anywhere on the way out, and no message is received twice or forgotten."""

from __future__ import annotations

import random
import signal
import time
from uuid import uuid4

import pytest

from crm.base import crash
from crm.base.settings import Settings
from server.app import create_app
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Smtp
from tests.sync import rig, sending
from tests.sync.sending import Post
from tests.visiting import Visitor, said

town, _town = rig.town, rig._town

#: So many messages are on their way at once.
COUNT = 6


@pytest.fixture
def post(town: Settings, dovecot: Dovecot, smtp: Smtp) -> Post:
    return sending.connect(town, dovecot, smtp)


@pytest.mark.parametrize("point", crash.SENDING)
def test_a_worker_that_dies_at_a_point_sends_nothing_twice(post, smtp, dovecot, point):
    for n in range(3):
        post.write(f"Message {n}")

    assert rig.finish(post.start(f"{point}:2")) == 137
    sending.assert_honest(post, smtp, at_rest=False)
    post.hurry()
    post.settle()

    sending.assert_honest(post, smtp)
    states = sorted(post.ids().values())
    in_doubt = point in ("after leaving", "after departure")
    assert states == (["sent", "sent", "unknown"] if in_doubt else ["sent"] * 3)
    assert sorted(sending.in_sent(dovecot)) == sorted(
        rfc_id for rfc_id, state in post.ids().items() if state == "sent"
    )
    assert post.lines() == 3


@pytest.mark.parametrize("seed", range(4))
def test_workers_that_are_killed_at_random_send_nothing_twice(post, smtp, dovecot, seed):
    dice = random.Random(seed)
    for n in range(COUNT):
        post.write(f"Message {n}")

    for _ in range(3):
        worker = post.start()
        rig.until(lambda: post.box.ask("select 1 from outgoing where epoch > 0"))
        time.sleep(dice.uniform(0, 0.3))
        worker.kill()
        assert rig.finish(worker) in (-signal.SIGKILL, 0)
        sending.assert_honest(post, smtp, at_rest=False)
        post.hurry()
    post.settle()

    sending.assert_honest(post, smtp)
    assert set(post.ids().values()) <= {"sent", "unknown"}
    assert len(sending.in_sent(dovecot)) == list(post.ids().values()).count("sent")


def test_an_answer_from_the_inbox_arrives_threads_and_stands_once(post, smtp, dovecot, town):
    dovecot.deliver("ana", make.raw(message_id="first@severka.test", text="How much?"))
    rig.expire(post.box)
    rig.bring(post.box)
    ((message_id, thread_id),) = post.box.ask("select id, thread_id from message")
    ana = Visitor(create_app(town, post.box.vault)).be(post.author())

    sent = ana.post(
        f"/messages/{message_id}/reply",
        {
            "from": str(post.box.id),
            "to": "Jana <jana@severka.test>",
            "text": "120 each.",
            "quote": "yes",
            "nonce": str(uuid4()),
        },
    )
    assert sent.status_code == 303
    assert "Will be sent in a moment." in said(ana.get(f"/inbox/{thread_id}"))
    post.hurry()
    post.settle()
    rig.expire(post.box)
    rig.bring(post.box)

    [letter] = smtp.received
    assert b"In-Reply-To: <first@severka.test>" in letter.raw
    assert b"120 each." in letter.raw
    rows = post.box.ask("select thread_id, count(*) from message group by 1")
    assert rows == [(thread_id, 2)]
    assert post.lines() == 2
    page = said(ana.get(f"/inbox/{thread_id}"))
    assert page.count("120 each.") == 2  # The line of the folded message, and the message.
    assert "Will be sent" not in page
    rig.assert_exact(post.box, rig.served(dovecot, "ana"))
