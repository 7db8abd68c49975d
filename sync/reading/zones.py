"""The time zones that a calendar part names: by IANA, by Windows, by an offset, or drawn up there.

A VTIMEZONE says since when which offset holds (RFC 5545, section 3.6.5). Only rules of the shape
that every calendar program writes are followed: once a year, on the n-th weekday of a month.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
#: Outlook: "(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb"; others: "GMT+0200".
_OFFSET = re.compile(r"\(?(?:UTC|GMT)([+-])(\d{1,2}):?(\d\d)?\b")
_SHIFT = re.compile(r"([+-])(\d\d):?(\d\d)(?:\d\d)?")
_BY_DAY = re.compile(r"(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Turn(NamedTuple):
    """A moment of local time since when an offset holds: once, or every year by a rule."""

    offset: timedelta
    since: datetime
    month: int = 0  # 0 where it does not come again
    week: int = 0  # 1 to 4, or -1 for the last
    weekday: int = 0

    def latest(self, local: datetime) -> datetime | None:
        """Return when the offset came to hold the last time before a local moment."""
        if local < self.since:
            return None
        if not self.month:
            return self.since
        for year in (local.year, local.year - 1):
            moment = datetime.combine(self._day(year), self.since.time())
            if self.since <= moment <= local:
                return moment
        return self.since

    def _day(self, year: int) -> date:
        if self.week < 0:
            last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.week - 1))


def utc_of(local: datetime, name: str, drawn_up: Mapping[str, Sequence[Turn]]) -> datetime:
    """Return a moment of local time in UTC. Where nobody knows the zone, it is taken for UTC.

    Raises OverflowError or ValueError at the ends of time.
    """
    zone = _known(name.strip().strip('"'))
    if zone is not None:
        return local.replace(tzinfo=zone).astimezone(UTC)
    return (local - _offset(local, drawn_up.get(name, ()))).replace(tzinfo=UTC)


def turn_of(offset: str, since: datetime, rule: str) -> Turn | None:
    """Return what one STANDARD or DAYLIGHT of a VTIMEZONE says, or None where it is unheard of."""
    shift = _SHIFT.fullmatch(offset.strip())
    if shift is None:
        return None
    by = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    day = _BY_DAY.fullmatch(by.get("BYDAY", ""))
    month = by.get("BYMONTH", "")
    held = _timedelta(shift)
    if by.get("FREQ") != "YEARLY" or day is None or month not in _MONTHS:
        return Turn(held, since)
    return Turn(held, since, int(month), int(day[1]), _DAYS.index(day[2]))


def _offset(local: datetime, turns: Sequence[Turn]) -> timedelta:
    held = [(moment, turn.offset) for turn in turns if (moment := turn.latest(local))]
    if held:
        return max(held)[1]
    return turns[0].offset if turns else timedelta()


def _known(name: str) -> tzinfo | None:
    # An import here, because few letters hold a calendar and the library is large.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    plain = WINDOWS_TO_OLSON.get(name, name)
    # RFC 5545, section 3.8.3.1: a name may stand behind its vendor's, "/vendor/Europe/Sarajevo".
    pieces = plain.strip("/").split("/")
    for start in range(len(pieces) if plain.startswith("/") else 1):
        if (zone := _iana("/".join(pieces[start:]))) is not None:
            return zone
    offset = _OFFSET.match(name)
    return timezone(_timedelta(offset)) if offset and int(offset[2]) < 24 else None


def _iana(name: str) -> tzinfo | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _timedelta(found: re.Match[str]) -> timedelta:
    shift = timedelta(hours=int(found[2]) % 24, minutes=int(found[3] or 0) % 60)
    return -shift if found[1] == "-" else shift


_MONTHS = frozenset(str(month) for month in range(1, 13))
