"""When a mailbox that failed is looked at again: sooner or later, and after refusals not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.mail import retrying
from crm.mail.retrying import Standing
from tests.make import NOW

MINUTE = timedelta(minutes=1)
WELL = Standing(0, 0, NOW)


def test_a_provider_that_refuses_everybody_for_a_quarter_of_an_hour_disconnects_nobody() -> None:
    box, at, looks = WELL, NOW, 0

    while not retrying.stops("login_refused", box):
        at = max(at, box.due_at)
        box = retrying.after("login_refused", box, at=at, jitter=0.0)
        looks += 1

    assert looks == retrying.LOGINS
    assert at - NOW >= 15 * MINUTE


def test_a_quarter_of_an_hour_is_left_where_the_watcher_was_the_first() -> None:
    box = Standing(0, 1, NOW)

    box = retrying.after("login_refused", box, at=NOW, jitter=0.0)

    assert not retrying.stops("login_refused", box)
    assert box.due_at == NOW + 15 * MINUTE


@pytest.mark.parametrize("word", ["login_refused", "unreachable", "unstable", "unfinished"])
def test_who_looks_again_and_again_within_that_time_ends_it_neither_way(word: str) -> None:
    refused = retrying.after("login_refused", WELL, at=NOW, jitter=0.0)
    box = refused

    for second in range(1, 60):
        box = retrying.after(word, box, at=NOW + timedelta(seconds=second), jitter=1.0)
        assert not retrying.stops(word, box)

    assert (box.refusals, box.due_at) == (1, refused.due_at)


def test_jitter_makes_the_wait_after_a_refusal_no_shorter() -> None:
    waits = [
        retrying.after("login_refused", WELL, at=NOW, jitter=jitter).due_at - NOW
        for jitter in (0.0, 0.5, 1.0)
    ]

    assert waits == [5 * MINUTE, 6.25 * MINUTE, 7.5 * MINUTE]
