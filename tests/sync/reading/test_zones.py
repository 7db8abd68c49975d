"""What a local moment is in UTC, in zones that calendar programs name."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.reading import zones

SUMMER = datetime(2025, 7, 1, 12)
WINTER = datetime(2025, 12, 1, 12)


@pytest.mark.parametrize(
    ("name", "local", "hour"),
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
def test_a_zone_is_known_by_its_name(name, local, hour):
    assert zones.utc_of(local, name, {}).hour == hour


def berlin() -> list[zones.Turn]:
    winter = zones.turn_of("+0100", datetime(1970, 10, 25, 3), "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
    summer = zones.turn_of("+0200", datetime(1970, 3, 29, 2), "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    assert winter is not None
    assert summer is not None
    return [winter, summer]


@pytest.mark.parametrize(
    ("local", "hours"),
    [
        (datetime(2025, 3, 30, 1, 59), 1),
        (datetime(2025, 3, 30, 3), 2),
        (datetime(2025, 10, 26, 2, 59), 2),
        (datetime(2025, 10, 26, 3), 1),
        (datetime(2025, 1, 1), 1),
        (datetime(1960, 7, 1), 1),
    ],
)
def test_a_zone_that_is_drawn_up_turns_twice_a_year(local, hours):
    moment = zones.utc_of(local, "Ours", {"Ours": berlin()})

    assert moment == (local - timedelta(hours=hours)).replace(tzinfo=UTC)


def test_the_second_sunday_and_the_last_day_of_december_are_found():
    second = zones.turn_of("-0400", datetime(2007, 3, 11, 2), "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")
    last = zones.turn_of("-0500", datetime(2007, 12, 1), "FREQ=YEARLY;BYMONTH=12;BYDAY=-1WE")
    assert second is not None
    assert last is not None

    assert second.latest(datetime(2025, 4, 1)) == datetime(2025, 3, 9, 2)
    assert last.latest(datetime(2026, 1, 1)) == datetime(2025, 12, 31)
    assert last.latest(datetime(2000, 1, 1)) is None


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
