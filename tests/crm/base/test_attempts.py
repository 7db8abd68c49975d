"""Attempts: counted within a span of time, each thing by itself, and forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from crm.base import attempts
from crm.base.attempts import Attempt
from crm.base.db import Session
from tests import make

SPAN = timedelta(minutes=5)


def test_attempts_add_up_within_their_span_and_begin_anew_after_it(session: Session) -> None:
    moments = [make.NOW + timedelta(minutes=n) for n in (0, 1, 4, 5, 6, 11)]

    counted = [attempts.add(session, "a", within=SPAN, at=at) for at in moments]

    assert counted == [1, 2, 3, 1, 2, 1]


def test_each_thing_is_counted_by_itself(session: Session) -> None:
    assert attempts.add(session, "a", within=SPAN, at=make.NOW) == 1
    assert attempts.add(session, "b\udcff", within=SPAN, at=make.NOW) == 1
    assert attempts.add(session, "a", within=SPAN, at=make.NOW) == 2


def test_what_is_forgotten_begins_anew(session: Session) -> None:
    for _ in range(3):
        attempts.add(session, "a", within=SPAN, at=make.NOW)

    attempts.forget(session, "a")

    assert attempts.add(session, "a", within=SPAN, at=make.NOW) == 1


def test_what_is_a_day_old_goes_by_itself_and_no_text_is_kept(session: Session) -> None:
    attempts.add(session, "ana@halden.test", within=SPAN, at=make.NOW)

    attempts.add(session, "b", within=SPAN, at=make.NOW + timedelta(days=1))

    [key] = session.scalars(select(Attempt.key))
    assert len(key) == 32
