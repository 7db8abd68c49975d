"""Days, times and sizes as a reader of the language writes them, in their own time zone.

Babel knows the names, the order and the separators. It writes Latin digits and the Gregorian
calendar everywhere; Persian has its own of both.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from crm.base import digits, jalali
from crm.base.i18n import gettext as _
from crm.base.i18n import language

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Overrides (UAX 9, section 2.2): no language needs them, and they disguise names of files.
_OVERRIDES = re.compile("[\u202d\u202e]")
#: A day of this year and of another, where CLDR's short names of months are not what people write.
_DAYS: Final = {"cs": ("d.\xa0M.", "d.\xa0M.\xa0y")}
_DAY: Final = ("d MMM", "d MMM y")
_COMMA: Final = {"fa": "، "}


def straight(text: str) -> str:
    """Leave out of a text what turns the order of its letters, and of what stands behind it."""
    return _OVERRIDES.sub("", text)


def zone(name: str) -> ZoneInfo:
    """Return a time zone; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def zones() -> list[str]:
    """List the time zones that people live in, by name."""
    return sorted(name for name in available_timezones() if "/" in name and name[:4] != "Etc/")


def moment(at: datetime, now: datetime, tz: ZoneInfo) -> str:
    """Say when something was, as short as it can be told apart: 10:42, Yesterday, Tue, 2 Nov."""
    here, today = at.astimezone(tz), now.astimezone(tz).date()
    if here.date() == today:
        return clock_time(at, tz)
    return day(here.date(), today)


def clock_time(at: datetime, tz: ZoneInfo) -> str:
    """Say at what o'clock something was."""
    said = format_time(at.astimezone(tz), "short", locale=language())
    return digits.written(said, language())


def day(when: date, today: date) -> str:
    """Say which day it is, seen from today: Tomorrow, Friday, 2 Nov, 2 Nov 2025."""
    near = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    return near.get((when - today).days) or _away(when, today)


def day_within(when: date, today: date) -> str:
    """Say the same in the middle of a sentence: tomorrow, Friday, 2 Nov."""
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    return near.get((when - today).days) or _away(when, today)


def day_heading(when: date, today: date) -> str:
    """Say which past day it is above what happened on it: Yesterday, Friday, 2 Nov."""
    if -7 < (when - today).days < -1:
        weekday = format_date(when, "EEEE", locale=language())
        return weekday[0].upper() + weekday[1:]
    return day(when, today)


def date_of(when: date) -> str:
    """Say a day with its year, wherever it is seen from: 2 Nov 2025."""
    if language() == "fa":
        known = jalali.of(when)
        return digits.written(f"{known.day} {known.month_name} {known.year}", "fa")
    return format_date(when, _DAYS.get(language(), _DAY)[1], locale=language())


def exact(at: datetime, tz: ZoneInfo) -> str:
    """Say a moment in full, for whoever asks."""
    here = at.astimezone(tz)
    if language() == "fa":
        weekday = format_date(here.date(), "EEEE", locale="fa")
        time = format_time(here, "full", locale="fa")
        return digits.written(f"{weekday} {date_of(here.date())}، ساعت {time}", "fa")
    return format_datetime(here, "full", locale=language())


def exact_day(when: date) -> str:
    """Say a day in full, for whoever asks."""
    if language() == "fa":
        return f"{format_date(when, 'EEEE', locale='fa')} {date_of(when)}"
    return format_date(when, "full", locale=language())


def _away(when: date, today: date) -> str:
    """Say a day that has no word of its own, without its year where it is this one."""
    away = (when - today).days
    if -7 < away < 7:
        return format_date(when, "EEE" if away < 0 else "EEEE", locale=language())
    if language() == "fa":
        known = jalali.of(when)
        if known.year != jalali.of(today).year:
            return date_of(when)
        return digits.written(f"{known.day} {known.month_name}", "fa")
    if when.year != today.year:
        return date_of(when)
    return format_date(when, _DAYS.get(language(), _DAY)[0], locale=language())


def due(when: date | None, today: date) -> str:
    """Say when a task is due."""
    if when is None:
        return _("No date")
    near = {0: _("Due today"), 1: _("Due tomorrow"), -1: _("Late since yesterday")}
    away = (when - today).days
    if away in near:
        return near[away]
    sentence = _("Late: {day}") if away < 0 else _("Due {day}")
    return sentence.format(day=day(when, today))


def size(octets: int) -> str:
    """Say how big something is."""
    for limit, words in ((1_000_000, _("{n} MB")), (1_000, _("{n} KB"))):
        if octets >= limit:
            pattern = "#,##0.#" if octets < 10 * limit else "#,##0"
            return words.format(n=_decimal(octets / limit, pattern))
    return _("{n} B").format(n=number(octets))


def number(count: int) -> str:
    """Write a number with the language's digits and groups."""
    return _decimal(count)


def listing(parts: Iterable[str]) -> str:
    """Put words in a row, with the language's comma between them."""
    return _COMMA.get(language(), ", ").join(parts)


def _decimal(value: float, pattern: str | None = None) -> str:
    said = format_decimal(value, pattern, locale=language(), numbering_system="default")
    return digits.written(said, language())


def days_since(then: datetime, now: datetime) -> int:
    """Count whole days between two moments."""
    return max(0, (now - then) // timedelta(days=1))
