"""What a handler is given knows the day that it is for its reader."""

from __future__ import annotations

import datetime as dt

import pytest

from addon.context import Context
from crm.mail import visibility
from tests.addon.beside import nothing

LATE = dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", dt.date(2026, 11, 20)),
        ("Asia/Tehran", dt.date(2026, 11, 21)),
        ("America/Caracas", dt.date(2026, 11, 20)),
        ("Nowhere/Atlantis", dt.date(2026, 11, 20)),
    ],
)
def test_today_is_the_readers_own_day(session, ana, zone, day):
    ana.time_zone = zone

    context = Context(session, ana, visibility.viewer(session, ana), LATE, nothing)

    assert context.today == day
