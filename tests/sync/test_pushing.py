"""Gmail is asked to push, and asked again; what it refuses stops nobody from reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from freezegun import freeze_time

from crm.base import clock, db, directory
from crm.base.settings import Settings
from crm.mail import mailboxes, pushed
from crm.workspace.models import User
from server.demo.gmail import Fault, GmailServer, Mailbox
from sync import jobs, pushing
from tests import make
from tests.sync import rig
from tests.sync.rig import Box

TOPIC = "projects/halden/topics/gmail"
DAY = timedelta(days=1)


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer(now=lambda: clock.now().timestamp()) as server:
        server.add_topic(TOPIC)
        yield server


def watching(settings: Settings, topic: str = TOPIC) -> Settings:
    return replace(
        settings,
        google_pubsub_topic=topic,
        google_pubsub_subscription="projects/halden/subscriptions/gmail",
        google_pubsub_service_account="pushes@halden.iam.gserviceaccount.com",
    )


@pytest.fixture
def box(town: Settings, google: GmailServer, account: Mailbox) -> Box:
    made = rig.connect_gmail(town, google)
    return replace(made, settings=watching(made.settings))


def arrange(box: Box) -> None:
    pushing.arrange(box.workspace_id, box.id, box.settings, box.vault)


def asked(google: GmailServer) -> list[str]:
    return [
        call.method.removeprefix("users.")
        for call in google.calls
        if call.method in ("users.watch", "users.stop")
    ]


def test_gmail_is_asked_to_push_for_a_week_and_again_each_day(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    before = google.units("ana@halden.test")
    arrange(box)

    row = box.row()
    assert row.watched_until is not None
    assert row.watch_at is not None
    assert account.is_watched
    assert abs(row.watched_until - clock.now() - 7 * DAY) < timedelta(minutes=1)
    assert abs(row.watch_at - clock.now() - DAY) < timedelta(minutes=1)
    assert google.units("ana@halden.test") - before == 101
    with freeze_time(clock.now() + DAY + timedelta(minutes=1), tick=True):
        google.expire_tokens()
        arrange(box)
        assert box.row().watched_until > row.watched_until + DAY / 2


def test_a_mailbox_that_is_read_under_an_alias_hears_of_its_primary_address(
    account: Mailbox, box: Box
) -> None:
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        row.address = "a.kovac@halden.test"
        directory.remove(session, directory.Key.MAILBOX, account.address, box.workspace_id)

    arrange(box)
    arrange(box)

    with db.transaction() as session:
        ways = pushed.ways(session, account.address.title())
    assert [way.id for way in ways if way.workspace_id == box.workspace_id] == [box.id]


def test_the_point_that_gmail_answers_with_is_not_read_on_from(account: Mailbox, box: Box) -> None:
    rig.bring(box)
    account.deliver(make.raw(subject="Between"))

    arrange(box)
    rig.expire(box)

    assert rig.bring(box).stored == 1


@pytest.mark.parametrize(
    ("topic", "granted", "trouble", "said"),
    [
        (TOPIC, False, "not_granted", "403: Error sending test message"),
        ("projects/halden/topics/other", True, "no_topic", "404: Error sending test message"),
        ("projects/other/topics/gmail", True, "other_project", "400: Invalid topicName"),
    ],
)
def test_what_gmail_refuses_is_noted_and_reading_goes_on(
    google: GmailServer,
    account: Mailbox,
    box: Box,
    topic: str,
    granted: bool,
    trouble: str,
    said: str,
) -> None:
    google.add_topic(TOPIC, granted=granted)

    arrange(replace(box, settings=watching(box.settings, topic)))

    row = box.row()
    assert (row.watch_trouble, row.watched_until) == (trouble, None)
    assert row.watch_said.startswith(said)
    assert row.state != "failing"
    account.deliver(make.raw(subject="Read all the same"))
    assert rig.bring(box).stored == 1
    row = box.row()
    assert row.due_at - clock.now() < timedelta(minutes=2)
    google.add_topic(TOPIC)
    arrange(box)
    assert box.row().watch_trouble == ""


def test_a_consent_that_has_ended_is_told_apart_from_a_gmail_that_is_away(
    google: GmailServer, box: Box
) -> None:
    google.plan(Fault("500", method="users.watch", times=None))
    arrange(box)
    assert box.row().watch_trouble == "passing"
    google.heal()
    google.revoke("ana@halden.test")
    google.expire_tokens()

    arrange(box)

    assert box.row().watch_trouble == "no_consent"


def test_a_renewal_that_fails_leaves_the_watch_that_runs(google: GmailServer, box: Box) -> None:
    arrange(box)
    until = box.row().watched_until
    google.add_topic(TOPIC, granted=False)

    arrange(box)

    row = box.row()
    assert (row.watched_until, row.watch_trouble) == (until, "not_granted")
    assert row.watch_at is not None
    assert row.watch_at - clock.now() < timedelta(minutes=20)


def test_a_watch_for_another_topic_makes_room(google: GmailServer, box: Box) -> None:
    arrange(box)
    google.add_topic(f"{TOPIC}-2")

    arrange(replace(box, settings=watching(box.settings, f"{TOPIC}-2")))

    assert asked(google) == ["watch", "watch", "stop", "watch"]
    assert box.row().watch_trouble == ""


def test_without_a_topic_nothing_is_watched_and_what_was_ends(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    without = replace(box, settings=replace(box.settings, google_pubsub_topic=""))
    arrange(without)
    assert asked(google) == []
    arrange(box)

    arrange(without)

    assert asked(google) == ["watch", "stop"]
    assert not account.is_watched
    assert box.row().watched_until is None


def test_a_mailbox_that_is_paused_is_pushed_no_more_whatever_gmail_says(
    google: GmailServer, box: Box
) -> None:
    arrange(box)
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        by = session.get_one(User, (box.workspace_id, row.user_id))
        mailboxes.pause(session, row, by=by)
    google.revoke("ana@halden.test")
    google.expire_tokens()

    jobs.bind(box.settings, box.vault)
    jobs.watch_mailbox(str(box.workspace_id), str(box.id))
    jobs.watch_mailbox(str(box.workspace_id), str(box.id))
    jobs.bind(None, None)  # type: ignore[arg-type]

    assert box.row().watched_until is None


def test_where_another_workspace_reads_the_mailbox_the_pushes_are_left_to_it(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    other = rig.connect_gmail(town, google)
    other = replace(other, settings=box.settings)
    for one in (box, other):
        arrange(one)
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        mailboxes.pause(session, row, by=session.get_one(User, (box.workspace_id, row.user_id)))

    arrange(box)

    assert asked(google) == ["watch", "watch"]
    assert account.is_watched
    assert (box.row().watched_until is None, other.row().watched_until is None) == (True, False)
    arrange(replace(other, settings=replace(other.settings, google_pubsub_topic="")))
    assert not account.is_watched


def test_a_history_that_is_forgotten_lets_gmail_be_asked_anew(account: Mailbox, box: Box) -> None:
    rig.bring(box)
    arrange(box)
    account.deliver(make.raw(subject="Long ago"))
    account.age_history()

    assert rig.bring(box).stored == 1

    assert box.row().watch_at is None


def test_news_that_no_push_told_of_brings_back_the_look_of_every_minute(
    account: Mailbox, box: Box
) -> None:
    rig.bring(box)
    arrange(box)
    box.ask("update mailbox set pushed_at = now() - interval '3 minutes' where id = %s", box.id)
    rig.expire(box)
    rig.bring(box)
    assert box.row().due_at - clock.now() > pushed.CALM - timedelta(minutes=1)
    account.deliver(make.raw(subject="Its push was lost"))
    rig.expire(box)

    assert rig.bring(box).stored == 1

    row = box.row()
    assert row.pushed_at is None
    assert row.due_at - clock.now() < timedelta(minutes=2)


def test_a_watch_that_has_lapsed_is_asked_for_again_and_mail_comes_by_the_clock_meanwhile(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    arrange(box)
    rig.bring(box)
    box.ask("update mailbox set pushed_at = now() where id = %s", box.id)
    with freeze_time(clock.now() + 8 * DAY, tick=True):
        google.expire_tokens()
        account.deliver(make.raw(subject="Nobody pushed it"))
        assert not account.is_watched
        assert rig.bring(box).stored == 1
        row = box.row()
        assert row.due_at - clock.now() < timedelta(minutes=2)
        with db.transaction(box.workspace_id) as session:
            assert (box.workspace_id, box.id) in pushed.due(session, clock.now(), pushes=True)

        arrange(box)

        assert account.is_watched
        assert box.row().watched_until > clock.now() + 6 * DAY
