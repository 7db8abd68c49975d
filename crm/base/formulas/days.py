"""Days as stretches of moments: computed here, so that a column is compared as it stands."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from crm.base.formulas.kinds import Kind
from crm.base.formulas.questions import Between, Compared

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm.base.formulas.questions import Question

_DAYS: Final = {"days": 1, "weeks": 7}
#: Python's calendar ends there, and a zone may lie a day beyond it.
_FIRST, _LAST = date.min + timedelta(days=1), date.max - timedelta(days=2)


def reach(operator: str, count: int, unit: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that `within 60 days` or `in the next 7 days` reach."""
    far = count if operator == "in the next" else -count
    other = _months_away(today, far) if unit == "months" else _days_away(today, far * _DAYS[unit])
    return min(today, other), max(today, other)


def stretch(first: date, last: date, kind: Kind, zone: ZoneInfo) -> Question:
    """Ask for a day, or a moment where the reader lives, from the first day to the last."""
    after = _days_away(last, 1)
    if kind is Kind.DATE:
        return Between(first, after)
    return Between(midnight(first, zone), midnight(after, zone))


def on_day(operator: str, day: date, zone: ZoneInfo) -> Question:
    """Compare a moment with a day: it is equal all day long."""
    first, after = midnight(day, zone), midnight(_days_away(day, 1), zone)
    match operator:
        case "<" | ">=":
            return Compared(operator, first)
        case "<=":
            return Compared("<", after)
        case ">":
            return Compared(">=", after)
        case _:
            return Between(first, after)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins in a zone."""
    near = min(max(day, _FIRST), _LAST)
    return datetime.combine(near, time.min, zone).astimezone(UTC)


def _days_away(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _months_away(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
