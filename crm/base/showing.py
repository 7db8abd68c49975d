"""Days, times and sizes as a reader of the language writes them, in their own time zone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from crm.base.i18n import gettext as _
from crm.base.i18n import language

#: Overrides (UAX 9, section 2.2): no language needs them, and they disguise names of files.
_OVERRIDES = re.compile("[\u202d\u202e]")


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
        return format_time(here, "short", locale=language())
    return day(here.date(), today)


def clock_time(at: datetime, tz: ZoneInfo) -> str:
    """Say at what o'clock something was."""
    return format_time(at.astimezone(tz), "short", locale=language())


def day(when: date, today: date) -> str:
    """Say which day it is, seen from today: Tomorrow, Friday, 2 Nov, 2 Nov 2025."""
    away = (when - today).days
    near = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    if away in near:
        return near[away]
    if -7 < away < 7:
        return format_date(when, "EEE" if away < 0 else "EEEE", locale=language())
    return format_date(when, "d MMM" if when.year == today.year else "d MMM y", locale=language())


def date_of(when: date) -> str:
    """Say a day with its year, wherever it is seen from: 2 Nov 2025."""
    return format_date(when, "d MMM y", locale=language())


def exact(at: datetime, tz: ZoneInfo) -> str:
    """Say a moment in full, for whoever asks."""
    return format_datetime(at.astimezone(tz), "full", locale=language())


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
    for limit, unit in ((1_000_000, "MB"), (1_000, "KB")):
        if octets >= limit:
            digits = "#,##0.#" if octets < 10 * limit else "#,##0"
            return f"{format_decimal(octets / limit, digits, locale=language())} {unit}"
    return f"{format_decimal(octets, locale=language())} B"


def number(count: int) -> str:
    """Write a number with the language's digits and groups."""
    return format_decimal(count, locale=language())


def days_since(then: datetime, now: datetime) -> int:
    """Count whole days between two moments."""
    return max(0, (now - then) // timedelta(days=1))
