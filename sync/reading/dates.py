"""When was it sent? The Date field in UTC, or nothing rather than nonsense."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from sync.reading.calendar_words import ENGLISH_MONTHS

#: RFC 5322, section 3.3, as nearly every program writes it.
_USUAL = re.compile(
    r"(?:[A-Za-z]{3},\s?)?\s?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"([+-])(\d\d)(\d\d)(?: \([^()]*\))?"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?")
#: RFC 5322, section 3.3, in lower case.
_MONTHS = {name[:3]: number for number, name in enumerate(ENGLISH_MONTHS, start=1)}

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2101, 1, 1, tzinfo=UTC)


def parse(text: str) -> datetime | None:
    """Read a Date field, or return None where it is nonsense or outside 1970 to 2100."""
    text = text[:200].strip()
    try:
        moment = _read(text)
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError):
        return None
    if moment is None or not EARLIEST <= moment < LATEST:
        return None
    return moment


def _read(text: str) -> datetime | None:
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        day, month, year, hour, minute, second, sign, hours, minutes = usual.groups()
        if month.lower() not in _MONTHS:
            return None
        zone = _zone((int(hours) * 60 + int(minutes)) * (-60 if sign == "-" else 60))
        return _utc(
            (int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second or 0)),
            zone,
        )
    if _ISO.fullmatch(text):
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    found = parsedate_tz(text)
    if found is None:
        return None
    return _utc(found[:6], _zone(found[9] or 0))


def _zone(seconds: int) -> timedelta:
    if abs(seconds) >= 24 * 3600:
        raise ValueError("no zone is a day away")
    return timedelta(seconds=seconds)


def _utc(parts: tuple[int, ...], zone: timedelta) -> datetime:
    year, month, day, hour, minute, second = parts
    # A leap second is the last second of its minute.
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return moment - zone
