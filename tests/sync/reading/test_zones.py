"""What a local moment is in UTC, in zones that calendar programs name."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.reading import zones

local = datetime.fromisoformat
SUMMER = local("2025-07-01 12:00")
WINTER = local("2025-12-01 12:00")


@pytest.mark.parametrize(
    ("name", "at", "hour"),
    [
        ("Europe/Sarajevo", SUMMER, 10),
        ("Europe/Sarajevo", WINTER, 11),
        ("Central European Standard Time", SUMMER, 10),  # Windows
        ("/mozilla.org/20050126_1/Europe/Prague", SUMMER, 10),
        ("(UTC+01:00) Belgrade, Bratislava, Budapest", WINTER, 11),  # Outlook
        ("GMT-0330", WINTER, 15),
        ("Iran Standard Time", WINTER, 8),
        ("Nowhere/At All", SUMMER, 12),
        ("../../etc/passwd", SUMMER, 12),
        ("Europe", SUMMER, 12),
        ("", SUMMER, 12),
    ],
)
def test_a_zone_is_known_by_its_name(name, at, hour):
    assert zones.utc_of(at, name, {}).hour == hour


def berlin() -> list[zones.Turn]:
    winter = zones.turn_of("+0100", local("1970-10-25 03:00"), "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
    summer = zones.turn_of("+0200", local("1970-03-29 02:00"), "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    assert winter is not None
    assert summer is not None
    return [winter, summer]


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (local("2025-03-30 01:59"), 1),
        (local("2025-03-30 03:00"), 2),
        (local("2025-10-26 02:59"), 2),
        (local("2025-10-26 03:00"), 1),
        (local("2025-01-01 00:00"), 1),
        (local("1960-07-01 00:00"), 1),
    ],
)
def test_a_zone_that_is_drawn_up_turns_twice_a_year(at, hours):
    moment = zones.utc_of(at, "Ours", {"Ours": berlin()})

    assert moment == (at - timedelta(hours=hours)).replace(tzinfo=UTC)


def test_the_second_sunday_and_the_last_day_of_december_are_found():
    second = zones.turn_of("-0400", local("2007-03-11 02:00"), "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")
    last = zones.turn_of("-0500", local("2007-12-01 00:00"), "FREQ=YEARLY;BYMONTH=12;BYDAY=-1WE")
    assert second is not None
    assert last is not None

    assert second.latest(local("2025-04-01 00:00")) == local("2025-03-09 02:00")
    assert last.latest(local("2026-01-01 00:00")) == local("2025-12-31 00:00")
    assert last.latest(local("2000-01-01 00:00")) is None


@pytest.mark.parametrize("offset", ["", "one", "+1", "+01000000000"])
def test_an_offset_that_is_none_is_left_out(offset):
    assert zones.turn_of(offset, SUMMER, "") is None


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=99;BYDAY=1SU"],
)
def test_a_rule_that_nobody_writes_is_taken_for_once(rule):
    turn = zones.turn_of("+0100", SUMMER, rule)

    assert turn == zones.Turn(timedelta(hours=1), SUMMER)
