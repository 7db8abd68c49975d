"""Which lines of an mbox separate letters: "From ", a sender, and a date, as each program has it.

RFC 4155, appendix A, allows one form: a sender and asctime in UTC. In use are many more. A line
that a program wrote for certain separates wherever it stands; one that could be a sentence of a
letter, only where what stands around it says so too:

    asctime with its year            anywhere
    the bare word, or a sender       behind an empty line
    a sender and another date        not among fields, and a field in the line after it

No form may be taken away, and a new one never cuts a header: the UIDs of known letters follow
from both (docs/decisions/0005).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from sync.reading import dates

if TYPE_CHECKING:
    from re import Match

#: No "From " line is longer, and no name of a field in the line after it.
LINE_MOST: Final = 1_000
NEXT_MOST: Final = 100
_DAY: Final = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH: Final = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
#: asctime, with Google Takeout's zone before the year and others' behind it.
_DATED: Final = re.compile(
    rb"From (?:\S.* )?" + _DAY + rb",? "
    rb"(?P<month>" + _MONTH + rb") {1,2}(?P<day>\d{1,2}) "
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    rb"(?: (?P<zone>[+-]\d{4}|[A-Z]{1,5}))? (?P<year>\d{4})(?: (?P<late>[+-]\d{4}))?\s*\Z"
)
#: Without a date only behind an empty line: Thunderbird at times writes the bare word.
_BARE: Final = re.compile(rb"From (?:\S{0,200})\s*\Z")
_CLOCK: Final = rb" +\d{1,2}:\d\d(?::\d\d)?"
_ZONES: Final = rb"(?: +(?:[+-]\d{4}|[A-Z]{1,5})){0,2}"
_OTHER_DATES: Final = (
    # ISO 8601: scripts and exports.
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    rb"(?: ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?",
    # A Date field (RFC 5322, section 3.3) that was copied.
    rb"(?:" + _DAY + rb",? +)?\d{1,2} +" + _MONTH + rb" +(?:\d{4}|\d\d)" + _CLOCK + _ZONES,
    # asctime with two digits of the year, with names of zones such as CET DST on either side of
    # it (mbox(5) of mutt), and with the host that handed it on (UUCP).
    _DAY
    + rb",? +"
    + _MONTH
    + rb" +\d{1,2}"
    + _CLOCK
    + _ZONES
    + rb" +(?:\d{4}|\d\d)"
    + _ZONES
    + rb"(?: remote from \S+)?",
)
#: Whom such a line names: an address, or what programs write for want of one.
_OTHER: Final = re.compile(
    rb"From (?:[^\s@]{1,200}@[^\s@]{0,200}|-|MAILER-DAEMON) +"
    rb"(?P<date>" + rb"|".join(_OTHER_DATES) + rb")\s*\Z"
)
#: RFC 5322, section 2.2, in the letters that programs use.
_FIELD: Final = re.compile(rb"[A-Za-z][A-Za-z0-9_-]*[ \t]*:")


def separates(line: bytes, before: bytes, after: bytes) -> bool:
    """Tell whether a "From " line separates letters, by the lines before and after it."""
    if len(line) > LINE_MOST:
        return False
    if _DATED.match(line):
        return True
    if before in (b"", b"\r") and _BARE.match(line):
        return True
    among_fields = before.startswith((b" ", b"\t", b"From ", b">From ")) or _FIELD.match(before)
    return not among_fields and bool(_FIELD.match(after) and _OTHER.match(line))


def begins_a_letter(block: bytes) -> bool:
    """Tell whether bytes begin as a letter does: with a field, behind a "From " line or none."""
    block = block.removeprefix(b"\xef\xbb\xbf").lstrip()
    if block.startswith((b"From ", b">From ")):
        block = block.partition(b"\n")[2]
    return _FIELD.match(block) is not None


def moment(line: bytes) -> datetime | None:
    """Return the moment that a "From " line tells, in UTC, or None."""
    dated = _DATED.match(line)
    if dated is not None:
        return _asctime(dated)
    other = _OTHER.match(line)
    return dates.parse(other["date"].decode("ascii")) if other is not None else None


def _asctime(match: Match[bytes]) -> datetime | None:
    zone = match["late"] or match["zone"] or b""
    try:
        ahead = timedelta()
        if zone[:1] in (b"+", b"-"):
            ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
            ahead = -ahead if zone[:1] == b"-" else ahead
        month = b"JanFebMarAprMayJunJulAugSepOctNovDec".index(match["month"]) // 3 + 1
        return datetime(
            int(match["year"]),
            month,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"] or 0),
            tzinfo=timezone(ahead),
        ).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
