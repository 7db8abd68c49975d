"""What is due at a mailbox of Gmail is sent once and stands once, whatever Gmail does."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from crm.base import clock, crash
from crm.base.addresses import Address
from crm.base.settings import Settings
from crm.base.vault import Vault
from crm.mail import outbox
from server.demo.gmail import Fault, GmailServer
from sync.google import READING, SENDING
from tests import make
from tests.sync import rig, sending
from tests.sync.sending import Post, Received, in_gmail

town, _town = rig.town, rig._town


@pytest.fixture
def post(town: Settings, google: GmailServer) -> Post:
    return sending.connect_gmail(town, google)


def bring(post: Post) -> None:
    rig.expire(post.box)
    assert rig.bring(post.box).trouble == ""


@pytest.mark.parametrize("renames", [True, False])
def test_a_message_arrives_once_and_its_copy_is_the_same_message(post, google, renames):
    google.add("ana@halden.test").renames = renames
    sent = post.write("Good morning.\nHow are you?", bcc=(Address("boss@kovar.test"),))

    assert post.work(sent)

    row = post.row(sent)
    assert (row.state, row.due_at) == ("sent", None)
    assert row.sent_rfc_id.endswith("@mail.gmail.com") is renames
    before = row.message_id
    assert (post.lines(), before is not None) == (1, True)
    bring(post)
    assert (post.lines(), post.row(sent).message_id) == (1, before)
    assert post.box.ask("select count(*) from copy where uidvalidity = 0") == [(0,)]
    [letter] = Received(google).letters
    assert b"How are you?" in letter
    rig.hours_pass(post.box)
    bring(post)
    rig.assert_filed_once(post.box)
    rig.assert_balanced(post.box)


@pytest.mark.parametrize("renames", [True, False])
def test_an_id_that_could_not_be_read_back_is_told_by_the_copy(post, google, renames):
    google.add("ana@halden.test").renames = renames
    google.plan(Fault("404_once", method="users.messages.get"))
    sent = post.write()

    post.work(sent)
    assert (post.state(sent), post.row(sent).sent_rfc_id) == ("sent", "")
    bring(post)

    assert bool(post.row(sent).sent_rfc_id) is renames
    assert post.lines() == 1


@pytest.mark.parametrize("renames", [True, False])
def test_a_copy_that_comes_before_we_know_that_it_left_is_the_same_message(post, google, renames):
    google.add("ana@halden.test").renames = renames
    files = (("offer.pdf", "application/pdf", b"x" * 300),)
    sent = post.write("Straße\n\n> quoted", subject="Nabídka č. 5", files=files)
    assert rig.finish(post.start("after departure")) == 137

    bring(post)
    assert post.lines() == 1
    google.plan(Fault("500", method="users.drafts.get", times=None))
    post.hurry()
    post.work(sent)
    google.heal()
    post.hurry()
    post.work(sent)

    assert (post.state(sent), post.lines()) == ("sent", 1)
    assert bool(post.row(sent).sent_rfc_id) is renames
    assert set(Received(google).ids.values()) == {1}


def test_an_alias_writes_and_its_copy_is_the_same_message(post, google):
    ana = google.add("ana@halden.test")
    ana.aliases["sales@halden.test"] = "Sales"
    place = json.dumps(["ana@halden.test", "sales@halden.test"])
    post.box.ask(
        "update mailbox set place = jsonb_set(place, '{aliases}', %s::jsonb) where id = %s",
        *(place, post.box.id),
    )
    google.plan(Fault("404_once", method="users.messages.get"))
    sent = post.write(author=Address("sales@halden.test"))

    post.work(sent)
    bring(post)

    [letter] = Received(google).letters
    assert b"sales@halden.test" in letter
    assert b"ana@halden.test" not in letter
    assert (post.lines(), bool(post.row(sent).sent_rfc_id)) == (1, True)


def test_a_lost_answer_is_looked_for_and_found(post, google):
    google.plan(Fault("cut_after", method="users.drafts.send"))
    sent = post.write()

    post.work(sent)

    assert post.state(sent) == "sent"
    bring(post)
    assert (len(Received(google).letters), post.lines()) == (1, 1)


def test_what_never_left_is_sent_again_by_itself_and_not_at_once(post, google):
    google.plan(Fault("cut_before", method="users.drafts.send"))
    sent = post.write()

    post.work(sent)

    row = post.row(sent)
    assert row.state == "waiting"
    assert row.due_at > clock.now() + timedelta(seconds=5)
    post.hurry()
    post.work(sent)
    assert post.state(sent) == "sent"
    assert (len(Received(google).letters), post.lines()) == (1, 1)


def test_what_gmail_never_sends_is_tried_more_rarely_and_given_back_to_its_author(post, google):
    google.plan(Fault("500", method="users.drafts.send", times=None))
    sent, waits = post.write(), []

    while post.work(sent):
        row = post.row(sent)
        waits.append((row.due_at - clock.now()).total_seconds() if row.due_at else None)
        post.hurry()

    assert (row.state, row.trouble, len(waits)) == ("failed", "deferred", outbox.MOST_TRIES)
    assert waits[0] < 30
    assert waits[-2] > 60 * 25
    assert Received(google).letters == []
    google.heal()
    post.send_again(sent)
    post.work(sent)
    assert (post.state(sent), len(Received(google).letters), post.lines()) == ("sent", 1, 1)


def test_after_a_doubt_no_second_draft_is_sent_however_slow_gmail_is(post, google):
    ana = google.add("ana@halden.test")
    google.plan(Fault("cut_before", method="users.drafts.send"))
    sent = post.write()
    post.work(sent)
    assert post.row(sent).remote["doubted"]
    client = sending.gmail(google)
    [draft] = ana.drafts  # Now Gmail gets round to it.
    client.users().drafts().send(userId="me", body={"id": draft}).execute()
    client.close()
    before = len(google.calls)

    google.plan(
        Fault("500", method="users.threads.get"), Fault("500", method="users.messages.list")
    )
    post.hurry()
    post.work(sent)
    google.heal()
    post.hurry()
    post.work(sent)

    assert post.state(sent) == "sent"
    assert set(Received(google).ids.values()) == {1}
    assert "users.drafts.create" not in {call.method for call in google.calls[before:]}


def test_of_a_draft_that_is_gone_without_a_copy_its_author_is_asked(post, google):
    gone = [
        Fault("404_once", method=f"users.drafts.{verb}", times=None) for verb in ("send", "get")
    ]
    google.plan(*gone)
    sent = post.write()

    post.work(sent)
    post.hurry()
    post.settle()

    row = post.row(sent)
    assert (row.state, row.due_at, post.lines()) == ("unknown", None, 1)
    assert Received(google).letters == []
    google.heal()
    post.send_again(sent)
    post.work(sent)
    bring(post)
    assert (post.state(sent), len(Received(google).letters), post.lines()) == ("sent", 1, 1)


def test_the_limit_of_a_day_is_waited_for_by_hours(post, google):
    google.plan(Fault("429", method="users.drafts.send"))
    sent = post.write()

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble) == ("waiting", "quota")
    assert row.due_at > clock.now() + timedelta(minutes=59)
    google.heal()
    post.hurry()
    post.work(sent)
    assert post.state(sent) == "sent"
    assert len(Received(google).letters) == 1


@pytest.fixture
def waiting(post, google):
    """Let a message wait for the next day, with its draft at Gmail."""
    google.plan(Fault("429", method="users.drafts.send"))
    sent = post.write()
    post.work(sent)
    google.heal()
    assert len(in_gmail(google, "DRAFT")) == 1
    return sent


def test_what_is_taken_back_leaves_no_draft_behind(post, google, waiting):
    post.undo(waiting)

    post.work(waiting)

    row = post.row(waiting)
    assert (row.state, row.due_at) == ("cancelled", None)
    assert in_gmail(google, "DRAFT") == []
    assert Received(google).letters == []


def test_a_draft_whose_id_was_lost_is_taken_away_too(post, google):
    google.plan(Fault("cut_after", method="users.drafts.create"))
    sent = post.write()
    post.work(sent)
    google.heal()
    assert len(in_gmail(google, "DRAFT")) == 1
    post.undo(sent)

    post.work(sent)

    assert in_gmail(google, "DRAFT") == []


@pytest.mark.parametrize("marked", [False, True])
def test_a_draft_that_its_owner_has_changed_is_theirs(post, google, waiting, marked):
    phone = sending.gmail(google)
    [raw] = in_gmail(google, "DRAFT")
    changed = raw.replace(b"<div", b"<b><div") if marked else raw.replace(b"morning", b"evening")
    message = {"raw": base64.urlsafe_b64encode(changed).decode()}
    [draft] = google.add("ana@halden.test").drafts
    phone.users().drafts().update(userId="me", id=draft, body={"message": message}).execute()
    phone.close()
    post.undo(waiting)

    post.work(waiting)

    assert (post.row(waiting).due_at, in_gmail(google, "DRAFT")) == (None, [changed])


def test_a_draft_that_cannot_be_taken_away_now_is_taken_away_later(post, google, waiting):
    google.plan(Fault("500", method="users.drafts.delete", times=None))
    post.undo(waiting)
    post.work(waiting)
    assert post.row(waiting).due_at > clock.now()

    google.heal()
    post.hurry()
    post.work(waiting)

    assert post.row(waiting).due_at is None
    assert in_gmail(google, "DRAFT") == []


def test_what_its_owner_has_sent_meanwhile_is_left_alone(post, google, waiting):
    phone = sending.gmail(google)
    [draft] = google.add("ana@halden.test").drafts
    phone.users().drafts().send(userId="me", body={"id": draft}).execute()
    phone.close()
    post.undo(waiting)

    post.work(waiting)

    assert post.row(waiting).due_at is None
    assert (len(Received(google).letters), len(in_gmail(google))) == (1, 1)


def test_a_consent_that_has_ended_ends_the_taking_away(post, google, waiting):
    google.revoke("ana@halden.test")
    post.undo(waiting)

    post.work(waiting)

    assert (post.state(waiting), post.row(waiting).due_at) == ("cancelled", None)


def test_a_consent_for_reading_alone_reads_on_and_says_what_is_missing(town, google):
    post = sending.connect_gmail(town, google, READING)
    google.add("ana@halden.test").deliver(make.raw())
    sent = post.write()

    post.work(sent)
    bring(post)

    row = post.row(sent)
    assert (row.state, row.trouble, row.due_at) == ("failed", "scope_missing", None)
    assert post.box.row().state == "live"
    wide = google.refresh_token("ana@halden.test", rig.APP.client_id, (*READING, *SENDING))
    secret = Vault(town.vault_keys).seal(wide)
    post.box.ask("update mailbox set secret = %s where id = %s", secret, post.box.id)
    post.send_again(sent)
    post.work(sent)
    assert post.state(sent) == "sent"


def test_a_consent_that_was_taken_back_is_told_to_the_author(post, google):
    sent = post.write()
    google.revoke("ana@halden.test")

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble) == ("failed", "consent")


def test_an_admin_lets_us_send_or_read_alone(town, google):
    post = sending.connect_gmail(town, google)
    key = google.delegate("robot@halden.test", READING)
    secret = Vault(town.vault_keys).seal(json.dumps(key))
    place = json.dumps({"grant": "delegation"})
    post.box.ask(
        "update mailbox set secret = %s, place = %s::jsonb where id = %s",
        secret,
        place,
        post.box.id,
    )
    google.expire_tokens()
    sent = post.write()
    post.work(sent)
    assert (post.state(sent), post.row(sent).trouble) == ("failed", "scope_missing")
    assert "Admin console" in post.row(sent).said
    bring(post)

    key = google.delegate("robot@halden.test", (*READING, *SENDING))
    secret = Vault(town.vault_keys).seal(json.dumps(key))
    post.box.ask("update mailbox set secret = %s where id = %s", secret, post.box.id)
    post.send_again(sent)
    post.work(sent)
    assert post.state(sent) == "sent"


@pytest.mark.parametrize("point", [*crash.DRAFTING, *crash.SENDING])
def test_a_worker_that_dies_at_a_point_sends_nothing_twice(post, google, point):
    for n in range(3):
        post.write(f"Message {n}")

    assert rig.finish(post.start(f"{point}:2")) == 137
    sending.assert_honest(post, Received(google), at_rest=False)
    post.hurry()
    post.settle()

    sending.assert_honest(post, Received(google))
    assert list(post.ids().values()) == ["sent"] * 3
    assert len(in_gmail(google)) == 3
    assert in_gmail(google, "DRAFT") == []
    bring(post)
    assert post.lines() == 3
    rig.assert_filed_once(post.box)


def test_two_workers_at_once_send_it_once(post, google):
    sent = [post.write(f"Message {n}") for n in range(4)]

    workers = [post.start() for _ in range(3)]
    for worker in workers:
        assert rig.finish(worker) == 0

    assert set(Received(google).ids.values()) == {1}
    assert [post.state(one) for one in sent] == ["sent"] * 4
