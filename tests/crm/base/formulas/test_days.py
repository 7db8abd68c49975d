"""Days: stretches that begin at the reader's midnight, and end where the calendar does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.formulas import Kind, days
from crm.base.formulas.questions import Between, Compared

PRAGUE = ZoneInfo("Europe/Prague")
ZONES = st.sampled_from(["UTC", "Europe/Prague", "Pacific/Kiritimati", "Pacific/Pago_Pago"])


@pytest.mark.parametrize(
    ("operator", "count", "unit", "first", "last"),
    [
        ("within", 0, "days", date(2026, 3, 31), date(2026, 3, 31)),
        ("within", 60, "days", date(2026, 1, 30), date(2026, 3, 31)),
        ("within", 2, "weeks", date(2026, 3, 17), date(2026, 3, 31)),
        ("within", 1, "months", date(2026, 2, 28), date(2026, 3, 31)),
        ("within", 15, "months", date(2024, 12, 31), date(2026, 3, 31)),
        ("in the next", 7, "days", date(2026, 3, 31), date(2026, 4, 7)),
        ("in the next", 9, "months", date(2026, 3, 31), date(2026, 12, 31)),
    ],
)
def test_a_stretch_reaches_from_today(operator, count, unit, first, last):
    assert days.reach(operator, count, unit, date(2026, 3, 31)) == (first, last)


def test_a_day_begins_at_the_readers_midnight():
    asked = days.stretch(date(2026, 3, 29), date(2026, 3, 29), Kind.MOMENT, PRAGUE)

    # The clocks go forward that day: it has 23 hours.
    assert asked == Between(
        datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
    )


def test_a_moment_is_compared_with_the_whole_day():
    first, after = (datetime(2026, 11, day, 23, tzinfo=UTC) for day in (23, 24))
    day = date(2026, 11, 24)

    assert days.on_day("=", day, PRAGUE) == Between(first, after)
    assert days.on_day("<", day, PRAGUE) == Compared("<", first)
    assert days.on_day("<=", day, PRAGUE) == Compared("<", after)
    assert days.on_day(">", day, PRAGUE) == Compared(">=", after)
    assert days.on_day(">=", day, PRAGUE) == Compared(">=", first)


@given(
    st.sampled_from(["within", "in the next"]),
    st.integers(0, 36_525),
    st.sampled_from(["days", "weeks", "months"]),
    st.dates() | st.sampled_from([date.min, date.max]),
    ZONES,
    st.sampled_from([Kind.DATE, Kind.MOMENT]),
)
def test_no_stretch_leaves_the_calendar(operator, count, unit, today, zone, kind):
    first, last = days.reach(operator, count, unit, today)
    asked = days.stretch(first, last, kind, ZoneInfo(zone))

    assert first <= today <= last
    assert isinstance(asked, Between)
    assert asked.first <= asked.before


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), ZONES)
def test_midnight_is_when_the_day_begins(day, zone):
    began = days.midnight(day, ZoneInfo(zone))

    assert began.astimezone(ZoneInfo(zone)).date() == day
    assert (began - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < day
