"""The calendar of Iran: years from the equinox in March, six months of 31 days, five of 30.

The last month has 30 days in a leap year, as eight years of 33 are, from 1210 to 1634 (1831 to
2256; K. M. Borkowski, The Persian Calendar for 3000 Years, 1996): further than mail goes back, or
deals go ahead.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

MONTHS: Final = tuple("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split())

_LONG, _SHORT = 31, 30
_SUMMER: Final = 6 * _LONG  # Days until autumn.


class Jalali(NamedTuple):
    """A day of this calendar."""

    year: int
    month: int
    day: int

    @property
    def month_name(self) -> str:
        """Return the month's name, in Persian."""
        return MONTHS[self.month - 1]


def of(when: date) -> Jalali:
    """Return a day as this calendar has it."""
    day = when.toordinal()
    year = when.year - 621
    if day < _new_year(year):
        year -= 1
    gone = day - _new_year(year)
    if gone < _SUMMER:
        return Jalali(year, gone // _LONG + 1, gone % _LONG + 1)
    gone -= _SUMMER
    return Jalali(year, gone // _SHORT + 7, gone % _SHORT + 1)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day of this calendar as the world has it, or None where there is no such day."""
    if not (1210 <= year <= 1634 and 1 <= month <= 12 and 1 <= day <= _LONG):
        return None
    before = _LONG * min(month - 1, 6) + _SHORT * max(month - 7, 0)
    found = date.fromordinal(_new_year(year) + before + day - 1)
    return found if of(found)[:2] == (year, month) else None


def _new_year(year: int) -> int:
    """Return the ordinal of a year's first day; the leap years before it are counted in."""
    return _BEFORE + 365 * (year - 1) + (8 * year + 21) // 33


#: So that the first of Farvardin 1403 is the 20th of March 2024.
_BEFORE: Final = date(2024, 3, 20).toordinal() - 365 * 1402 - (8 * 1403 + 21) // 33
