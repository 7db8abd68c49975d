"""Somebody is away until the day that their newest automatic answer names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.mail import away, visibility
from crm.mail.meaning import Meaning
from crm.mail.models import Shares
from tests import make

TODAY = make.NOW.date()


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.EVERYTHING)


def says(session, box, day: date, hours=0):
    raw = make.raw("Bo <bo@kovar.test>", at=make.NOW + timedelta(hours=hours))
    letter = make.arrival(raw, meaning=Meaning(returns_on=day))
    make.filed_arrivals(session, box, [letter])


def until(session, user, *emails):
    asked = emails or ("bo@kovar.test",)
    return away.until(session, visibility.viewer(session, user), asked, today=TODAY)


def test_the_newest_answer_counts(session, ana, box):
    says(session, box, TODAY + timedelta(days=9), hours=1)
    says(session, box, TODAY + timedelta(days=20))

    assert until(session, ana) == TODAY + timedelta(days=9)
    assert until(session, ana, "ann@kovar.test") is None


def test_whose_day_has_come_is_back(session, ana, box):
    says(session, box, TODAY)

    assert until(session, ana) is None


def test_nobody_is_told_who_may_not_read_it(session, workspace, ana, box):
    says(session, box, TODAY + timedelta(days=9))
    sam = make.user(session, workspace, "sam@halden.test")
    assert until(session, sam) == TODAY + timedelta(days=9)

    closed = make.mailbox(session, ana, "other@halden.test", shares=Shares.HEADERS)
    says(session, closed, TODAY + timedelta(days=20), hours=2)

    assert until(session, sam) == TODAY + timedelta(days=9)
