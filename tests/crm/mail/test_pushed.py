"""What a push leads to, whatever it says, and who is to be watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from crm.base.db import Session
from crm.mail import folders, mailboxes, pushed
from crm.mail.models import Mailbox, MailboxKind
from crm.mail.pushed import AGAIN, CALM, RENEWED, Place, Step, WatchTrouble
from crm.workspace.models import User
from tests import make

NOW = make.NOW
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
LOOK = Step(note=True, hurry=True, ask=True)
QUIET = Place("live", due=False, leased=False, history=100, pushed_at=NOW - SECOND)


@pytest.mark.parametrize(
    ("place", "history", "step"),
    [
        pytest.param(QUIET, 101, LOOK, id="news"),
        pytest.param(replace(QUIET, history=None), 1, LOOK, id="before the first look"),
        pytest.param(QUIET, 100, Step(), id="known"),
        pytest.param(QUIET, 7, Step(), id="late"),
        pytest.param(replace(QUIET, pushed_at=None), 7, Step(note=True), id="the first"),
        pytest.param(
            replace(QUIET, pushed_at=NOW - 2 * MINUTE), 7, Step(note=True), id="after a while"
        ),
        pytest.param(replace(QUIET, due=True), 101, Step(), id="due, and in nobody's hands"),
        pytest.param(
            replace(QUIET, due=True, leased=True), 101, Step(note=True, hurry=True), id="in a run"
        ),
        pytest.param(
            replace(QUIET, leased=True), 101, Step(note=True, hurry=True), id="at its end"
        ),
        pytest.param(replace(QUIET, state="connecting"), 101, LOOK, id="connecting"),
        pytest.param(replace(QUIET, state="failing"), 101, Step(), id="failing"),
        pytest.param(replace(QUIET, state="paused"), 101, Step(), id="paused"),
        pytest.param(replace(QUIET, state="needs_login"), 101, Step(), id="refused"),
    ],
)
def test_a_push_leads_to_one_look_at_most(place: Place, history: int, step: Step) -> None:
    assert pushed.decide(place, history, NOW) == step


@pytest.fixture
def connect(session: Session, ana: User) -> Callable[..., Mailbox]:
    def make_box(address: str = "ana@halden.test", **values: Any) -> Mailbox:
        given = {"kind": MailboxKind.GMAIL, "state": "live", "due_at": NOW + CALM, **values}
        return make.mailbox(session, ana, address, **given)

    return make_box


def push(session: Session, box: Mailbox, history: int = 101, at: datetime = NOW) -> bool:
    asked = pushed.call(session, box.workspace_id, box.id, history, at=at)
    session.refresh(box)
    return asked


def test_a_hundred_pushes_ask_for_one_look(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect()

    asked = [
        push(session, box, 100 + n, NOW + seconds * SECOND)
        for seconds, n in enumerate((3, 1, 2, *range(4, 100)))
    ]

    assert asked == [True] + [False] * 98
    assert mailboxes.is_due(box, NOW)


def test_a_push_in_the_middle_of_a_run_is_not_forgotten_by_its_end(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect(due_at=NOW, leased_until=NOW + 10 * 365 * DAY)
    asked = box.due_at

    assert not push(session, box, at=NOW + 3 * SECOND)

    mailboxes.note_success(session, box, at=NOW + 5 * SECOND, again=CALM, asked=asked)
    session.refresh(box)
    assert mailboxes.is_due(box, NOW + 5 * SECOND)


def test_a_push_of_what_is_known_asks_for_nothing(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect()
    make.folder(session, box, "All Mail").modseq = 500
    session.flush()

    assert not push(session, box, 500)
    assert (box.due_at, box.pushed_at) == (NOW + CALM, NOW)
    assert push(session, box, 501)
    assert [f.modseq for f in folders.of_mailbox(session, box).values()] == [500]


def test_a_mailbox_that_is_none_of_gmail_s_is_not_called(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect(kind=MailboxKind.IMAP)

    assert not push(session, box)
    assert not pushed.call(session, box.workspace_id, UUID(int=7), 101, at=NOW)
    assert box.pushed_at is None


def test_an_address_leads_to_every_workspace_that_has_it(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect()

    assert [way.id for way in pushed.ways(session, " Ana@Halden.test ")] == [box.id]
    assert pushed.ways(session, "nobody@halden.test") == []


@pytest.mark.parametrize(
    ("values", "rhythm"),
    [
        ({}, MINUTE),
        ({"watched_until": NOW + DAY}, MINUTE),
        ({"watched_until": NOW + DAY, "pushed_at": NOW - SECOND}, MINUTE),
        ({"watched_until": NOW + DAY, "pushed_at": NOW - 2 * MINUTE}, CALM),
        ({"watched_until": NOW - SECOND, "pushed_at": NOW - 2 * MINUTE}, MINUTE),
    ],
)
def test_it_is_calm_where_pushes_come_and_not_within_a_minute_of_one(
    connect: Callable[..., Mailbox], values: dict[str, Any], rhythm: timedelta
) -> None:
    assert pushed.rhythm(connect(**values), NOW, MINUTE) == rhythm


@pytest.mark.parametrize(
    ("pushed_at", "due_at", "doubted"),
    [
        (NOW, NOW + CALM, True),  # the clock's turn came
        (NOW, NOW - SECOND, False),  # the push made it due
    ],
)
def test_news_that_no_push_told_of_ends_the_calm(
    session: Session,
    connect: Callable[..., Mailbox],
    pushed_at: datetime,
    due_at: datetime,
    doubted: bool,
) -> None:
    box = connect(pushed_at=pushed_at, due_at=due_at)

    pushed.doubt(session, box)

    session.refresh(box)
    assert (box.pushed_at is None) is doubted


WATCHED = {"watched_until": NOW + 6 * DAY, "watch_at": NOW + DAY}


@pytest.mark.parametrize(
    ("values", "with_topic", "without"),
    [
        pytest.param({}, True, False, id="never asked"),
        pytest.param(WATCHED, False, True, id="watched"),
        pytest.param({**WATCHED, "watch_at": NOW}, True, True, id="a day old"),
        pytest.param({"watch_at": NOW + MINUTE}, False, False, id="failed a moment ago"),
        pytest.param({"watched_until": NOW - DAY, "watch_at": NOW}, True, False, id="lapsed"),
        pytest.param({"state": "connecting"}, True, False, id="connecting"),
        pytest.param({"state": "failing"}, True, False, id="failing"),
        pytest.param({"state": "paused"}, False, False, id="paused"),
        pytest.param(
            {"state": "paused", "watched_until": NOW + DAY}, True, True, id="paused and watched"
        ),
        pytest.param({"state": "needs_login"}, False, False, id="refused"),
        pytest.param({"kind": "imap"}, False, False, id="imap"),
    ],
)
def test_who_is_to_be_watched_anew_or_no_more(
    session: Session,
    connect: Callable[..., Mailbox],
    values: dict[str, Any],
    with_topic: bool,
    without: bool,
) -> None:
    box = connect(**values)
    way = (box.workspace_id, box.id)

    assert (way in pushed.due(session, NOW, pushes=True)) is with_topic
    assert (way in pushed.due(session, NOW, pushes=False)) is without


def test_a_watch_is_renewed_each_day_and_sooner_where_it_is_short(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect()

    for ends, renewed in ((7 * DAY, RENEWED), (DAY + MINUTE, AGAIN), (MINUTE, AGAIN)):
        pushed.note_watch(session, box, NOW + ends, named=box.address, at=NOW)
        session.refresh(box)
        assert (box.watched_until, box.watch_at) == (NOW + ends, NOW + renewed)


def test_a_watch_that_was_not_to_be_had_is_asked_for_soon_and_the_old_one_goes_on(
    session: Session, connect: Callable[..., Mailbox]
) -> None:
    box = connect(watched_until=NOW + DAY)

    pushed.note_no_watch(session, box, WatchTrouble.NOT_GRANTED, "403: no", at=NOW)

    session.refresh(box)
    assert (box.watched_until, box.watch_at) == (NOW + DAY, NOW + AGAIN)
    assert (box.watch_trouble, box.watch_said) == ("not_granted", "403: no")
    pushed.note_watch(session, box, NOW + 7 * DAY, named=box.address, at=NOW)
    session.refresh(box)
    assert (box.watch_trouble, box.watch_said) == ("", "")


def test_a_new_consent_lets_gmail_be_asked_at_once(
    session: Session, ana: User, connect: Callable[..., Mailbox]
) -> None:
    box = connect(**WATCHED, state="needs_login")

    mailboxes.resume(session, box, secret=b"sealed", by=ana, at=NOW)

    session.refresh(box)
    assert box.watch_at is None
    pushed.note_end(session, box)
    session.refresh(box)
    assert (box.watched_until, box.pushed_at) == (None, None)
    assert pushed.is_kept(box)
    pushed.watch_again(session, box)
