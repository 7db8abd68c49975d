"""The calendar of Iran, against days that are known, and against itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import jalali
from crm.base.jalali import Jalali

#: Leap years as Iran has kept them; from 1408 on, as the cycle goes on.
LEAP = {
    *(1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358),
    *(1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420),
    *(1424, 1428, 1432, 1436, 1441, 1445, 1449, 1453, 1457, 1461, 1465, 1469, 1474, 1478, 1482),
    *(1486, 1490, 1494, 1498),
}
FIRST, LAST = date(1921, 3, 21), date(2122, 3, 20)  # 1 Farvardin 1300, 29 Esfand 1500


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (FIRST, (1300, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2000, 3, 19), (1378, 12, 29)),
        (date(2000, 3, 20), (1379, 1, 1)),
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2026, 9, 22), (1405, 6, 31)),
        (date(2026, 9, 23), (1405, 7, 1)),
        (date(2029, 3, 20), (1408, 1, 1)),
        (LAST, (1500, 12, 29)),
    ],
)
def test_a_known_day_has_its_date(day: date, known: tuple[int, int, int]) -> None:
    assert jalali.of(day) == known


def test_every_day_of_two_centuries_follows_the_one_before() -> None:
    day, expected = FIRST, Jalali(1300, 1, 1)
    while day <= LAST:
        assert jalali.of(day) == expected
        day, expected = day + timedelta(days=1), _next(expected)


def _next(day: Jalali) -> Jalali:
    long = 31 if day.month < 7 else 30 if day.month < 12 or day.year in LEAP else 29
    if day.day < long:
        return Jalali(day.year, day.month, day.day + 1)
    return Jalali(day.year, day.month + 1, 1) if day.month < 12 else Jalali(day.year + 1, 1, 1)


@given(st.dates())
def test_any_day_that_can_be_written_has_a_month_with_a_name(day: date) -> None:
    assert jalali.of(day).month_name in jalali.MONTHS


@given(st.dates(FIRST, LAST))
def test_a_day_comes_back_from_its_year_month_and_day(when):
    assert jalali.day_of(*jalali.of(when)) == when


@pytest.mark.parametrize(
    "no_day", [(1404, 12, 30), (1404, 7, 31), (1404, 0, 1), (1404, 13, 1), (1404, 1, 0), (5, 1, 1)]
)
def test_a_day_that_is_none_is_none(no_day):
    assert jalali.day_of(*no_day) is None
