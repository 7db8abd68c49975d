"""Kills: a worker dies anywhere on the way out, and no message is received twice or forgotten."""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from crm.base import clock, crash
from crm.base.settings import Settings
from server.app import create_app
from server.demo.gmail import Fault, GmailServer
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


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        yield server


@pytest.mark.parametrize("seed", range(4))
def test_workers_that_are_killed_at_random_over_gmail_send_nothing_twice(town, google, seed):
    dice, post = random.Random(seed), sending.connect_gmail(town, google)
    received = sending.Received(google)
    for n in range(COUNT):
        post.write(f"Message {n}")

    for _ in range(3):
        worker = post.start()
        rig.until(lambda: post.box.ask("select 1 from outgoing where epoch > 0"))
        time.sleep(dice.uniform(0, 0.5))
        worker.kill()
        assert rig.finish(worker) in (-signal.SIGKILL, 0)
        sending.assert_honest(post, received, at_rest=False)
        post.hurry()
    post.settle()
    rig.expire(post.box)
    rig.bring(post.box)

    sending.assert_honest(post, received)
    assert set(post.ids().values()) == {"sent"}
    assert sending.in_gmail(google, "DRAFT") == []
    assert post.lines() == COUNT


def assert_stands_once(reader: Visitor, thread_id: object, words: str) -> None:
    """See that a message which has left stands in its thread, once."""
    page = reader.get(f"/inbox/{thread_id}")
    assert said(page).count(words) == 1  # The line of the folded message.
    frames = [reader.get(src) for src in re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)]
    assert sum(said(frame).count(words) for frame in frames) == 1
    assert "Will be sent" not in said(page)


@pytest.mark.parametrize("renames", [True, False])
def test_an_answer_over_gmail_arrives_threads_and_stands_once(town, google, renames):
    mine = google.add("ana@halden.test")
    mine.renames = renames
    asked = mine.deliver(make.raw(subject="Price", message_id="first@severka.test"))
    post = sending.connect_gmail(town, google)
    ((message_id, thread_id),) = post.box.ask("select id, thread_id from message")
    ana = Visitor(create_app(post.box.settings, post.box.vault)).be(post.author())

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
    assert post.lines() == 2
    rig.expire(post.box)
    assert rig.bring(post.box).trouble == ""

    [letter] = sending.Received(google).letters
    assert b"In-Reply-To: <first@severka.test>" in letter
    assert b"120 each." in letter
    [copy] = [one for one in mine.copies if "SENT" in one.labels]
    assert copy.thread == mine.copies.get(asked).thread
    rows = post.box.ask("select thread_id, count(*) from message group by 1")
    assert rows == [(thread_id, 2)]
    assert post.lines() == 2
    assert_stands_once(ana, thread_id, "120 each.")
    rig.hours_pass(post.box)
    rig.bring(post.box)
    rig.assert_filed_once(post.box)
    rig.assert_balanced(post.box)


def test_what_is_undone_or_for_later_does_not_leave_gmail(town, google):
    post = sending.connect_gmail(town, google)
    later = post.write("Later.", due_at=clock.now() + timedelta(hours=2))
    undone = post.write("Undone.", due_at=clock.now() + timedelta(seconds=10))
    ana = Visitor(create_app(post.box.settings, post.box.vault)).be(post.author())

    assert ana.post(f"/outgoing/{undone}/undo").status_code == 303
    assert not post.work(later)
    assert not post.work(undone)

    assert (post.state(later), post.state(undone)) == ("waiting", "cancelled")
    assert [call.method for call in google.calls if "drafts" in call.method] == []


def test_of_what_nobody_can_tell_over_gmail_its_author_decides(town, google):
    google.add("ana@halden.test").deliver(make.raw(message_id="first@severka.test"))
    post = sending.connect_gmail(town, google)
    ((thread_id,),) = post.box.ask("select thread_id from message")
    gone = [Fault("404_once", f"users.drafts.{verb}", times=None) for verb in ("send", "get")]
    google.plan(*gone)
    sent = post.write(answers="first@severka.test")
    post.work(sent)
    post.hurry()
    post.settle()
    ana = Visitor(create_app(post.box.settings, post.box.vault)).be(post.author())

    page = said(ana.get(f"/inbox/{thread_id}"))
    assert "We cannot tell whether this left." in page
    assert "It arrived" in page
    google.heal()
    ana.post(f"/outgoing/{sent}/again")
    post.hurry()
    post.settle()
    rig.expire(post.box)
    rig.bring(post.box)

    assert post.state(sent) == "sent"
    assert (len(sending.Received(google).letters), post.lines()) == (1, 2)


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
    assert_stands_once(ana, thread_id, "120 each.")
    rig.assert_exact(post.box, rig.served(dovecot, "ana"))
