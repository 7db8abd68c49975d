"""Meetings that a letter asks for, answers or calls off (RFC 5545, RFC 5546).

A moment without a time zone is taken for UTC: it is the same on every clock of the world, and
nobody knows which clock was meant. A meeting without a UID is left out, because nothing that comes
later could be told to be about it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from crm.mail.meaning import Answer, Attendee, Meeting, Method, Named, Rhythm
from sync.reading import calendar_lines, zones
from sync.reading.calendar_lines import Line
from sync.reading.charsets import decode
from sync.reading.headers import parameter
from sync.reading.mime import ReaderError
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.reading.calendar_lines import Component
    from sync.reading.mime import Leaf

MOST = 20
_MOST_ATTENDEES = 200
_LAST_REVISION = 2**31 - 1
_MOST_TURNS = 100  # of time zones
_LARGEST = 1 << 20
_YEARS = range(1900, 2201)

_TYPES = frozenset(["text/calendar", "application/ics", "text/x-vcalendar"])
_METHOD = re.compile(rb"^METHOD:[ \t]*([A-Za-z]{3,20})[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_METHODS = {
    "": Method.PUBLISH,
    "PUBLISH": Method.PUBLISH,
    "REQUEST": Method.REQUEST,
    "ADD": Method.REQUEST,  # RFC 5546, section 3.2.4: one more of a row of meetings
    "REPLY": Method.REPLY,
    "CANCEL": Method.CANCEL,
    "COUNTER": Method.COUNTER,
}
_ANSWERS = {
    "ACCEPTED": Answer.ACCEPTED,
    "DECLINED": Answer.DECLINED,
    "TENTATIVE": Answer.TENTATIVE,
}
_RHYTHMS = {
    "DAILY": Rhythm.DAY,
    "WEEKLY": Rhythm.WEEK,
    "MONTHLY": Rhythm.MONTH,
    "YEARLY": Rhythm.YEAR,
}
#: What a rule may say without being another one (RFC 5545, section 3.3.10).
_BESIDE = frozenset(["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"])
_MOST_EVERY = 99


class Moment(NamedTuple):
    """When something begins or ends, and whether only the day is said."""

    at: datetime
    is_day: bool


def has_method(leaf: Leaf) -> bool:
    """Tell whether a part asks for, answers or calls off a meeting, and is no mere file of them."""
    if leaf.content_type not in _TYPES or leaf.enclosed:
        return False
    method = parameter(leaf.type_field, "method") or _method_inside(leaf)
    return bool(method) and not (leaf.disposition == "attachment" and method.upper() == "PUBLISH")


def of_leaves(leaves: Sequence[Leaf]) -> tuple[Meeting, ...]:
    """Return the meetings of a letter's iCalendar parts, at most 20."""
    found: dict[tuple[object, ...], Meeting] = {}
    for leaf in leaves:
        if not _is_calendar(leaf) or leaf.enclosed:
            continue
        for meeting in _meetings(_text(leaf), parameter(leaf.type_field, "method")):
            # Gmail and Exchange send the same thing as an alternative and as a file.
            key = meeting.method, meeting.uid, meeting.recurrence, meeting.sequence
            found.setdefault(key, meeting)
            if len(found) == MOST:
                return tuple(found.values())
    return tuple(found.values())


def _is_calendar(leaf: Leaf) -> bool:
    return leaf.content_type in _TYPES or leaf.filename[-4:].lower() == ".ics"


def _method_inside(leaf: Leaf) -> str:
    try:
        found = _METHOD.search(leaf.content()[:65_536])
    except ReaderError:
        return ""
    return found[1].decode("ascii") if found else ""


def _text(leaf: Leaf) -> str:
    if leaf.encoded_size > 2 * _LARGEST:
        return ""
    try:
        content = leaf.content()
    except ReaderError:
        return ""
    if len(content) > _LARGEST:
        return ""
    return decode(content, parameter(leaf.type_field, "charset") or "utf-8").text


def _meetings(text: str, method: str) -> Iterator[Meeting]:
    """Wait for the end: a zone may stand behind what needs it, and so may the method."""
    events: list[Component] = []
    turns: list[Component] = []
    drawn_up: dict[str, list[zones.Turn]] = {}
    for component in calendar_lines.components(text):
        if component.name == "VEVENT" and len(events) < MOST:
            events.append(component)
        elif component.name in ("STANDARD", "DAYLIGHT") and len(turns) < _MOST_TURNS:
            turns.append(component)
        elif component.name == "VTIMEZONE":
            drawn_up[component.value("TZID")] = [t for c in turns if (t := _turn(c))]
            turns = []
        elif component.name == "VCALENDAR":
            method = component.value("METHOD") or method
    told = _METHODS.get(method.upper())
    for event in events:
        uid = one_line(event.value("UID"), calendar_lines.LONGEST)
        if told and uid:
            yield _meeting(event, told, uid, drawn_up)


def _meeting(
    event: Component, method: Method, uid: str, drawn_up: Mapping[str, Sequence[zones.Turn]]
) -> Meeting:
    starts = _moment(event.first("DTSTART"), drawn_up)
    recurrence = event.first("RECURRENCE-ID")
    organizer = event.first("ORGANIZER")
    called_off = event.value("STATUS").upper() == "CANCELLED"
    if called_off and method in (Method.REQUEST, Method.PUBLISH):
        method = Method.CANCEL  # Exported calendars, and iCloud, say it so.
    people = [line for line in event.lines if line.name == "ATTENDEE"]
    rule = _rule(event.value("RRULE").upper())
    rhythm, every = _rhythm(rule)
    return Meeting(
        method=method,
        uid=_short(uid),
        sequence=_sequence(event.value("SEQUENCE")),
        recurrence=one_line(recurrence.value, 100) if recurrence else "",
        summary=one_line(event.value("SUMMARY"), 1000),
        place=one_line(event.value("LOCATION"), 1000),
        starts_at=starts.at if starts else None,
        ends_at=_end(event, starts, drawn_up),
        whole_day=starts.is_day if starts else False,
        repeats=_is_a_row(rule) or event.value("RDATE") != "",
        organizer=_named(organizer) if organizer else None,
        attendees=tuple(_attendee(line) for line in people[:_MOST_ATTENDEES]),
        cancelled=called_off,
        rhythm=rhythm,
        every=every,
    )


def _rule(text: str) -> Mapping[str, str]:
    """Return what a rule of repeating says, by its parts (RFC 5545, section 3.3.10)."""
    return dict(part.partition("=")[::2] for part in text.replace(" ", "").split(";") if part)


def _is_a_row(rule: Mapping[str, str]) -> bool:
    """Tell whether a rule makes a row of meetings: some programs write one that counts to one."""
    return bool(rule) and _number(rule.get("COUNT", "2")) != 1


def _rhythm(said: Mapping[str, str]) -> tuple[Rhythm, int]:
    """Return how often a rule lets a meeting repeat: every so many days, weeks, months or years."""
    rhythm = _RHYTHMS.get(said.get("FREQ", ""), Rhythm.NONE)
    every = _number(said.get("INTERVAL", "1"))
    days = {name: value for name, value in said.items() if name not in _BESIDE}
    if not _is_a_row(said) or not _is_once(rhythm, days) or not 1 <= every <= _MOST_EVERY:
        return Rhythm.NONE, 1
    return rhythm, every


def _is_once(rhythm: Rhythm, days: dict[str, str]) -> bool:
    """Tell whether days are no rhythm of their own: some of a week, one of a month or a year.

    Every Monday of a month is written as "FREQ=MONTHLY;BYDAY=MO", and the first as "BYDAY=1MO".
    """
    if rhythm is Rhythm.WEEK:
        return days.keys() <= {"BYDAY"}
    if rhythm is Rhythm.YEAR and days and not days.pop("BYMONTH", "").isdigit():
        return False
    if rhythm in (Rhythm.NONE, Rhythm.DAY) or not days:
        return rhythm is not Rhythm.NONE and not days
    if days.keys() == {"BYDAY", "BYSETPOS"}:
        return "," not in days["BYSETPOS"]
    (only, *more) = days.items()
    name, value = only
    one = not more and "," not in value
    return one and (name == "BYMONTHDAY" or (name == "BYDAY" and not value.isalpha()))


def _turn(component: Component) -> zones.Turn | None:
    since = _moment(component.first("DTSTART"), {})
    if since is None:
        # Outlook lets its zones begin in the year 1601.
        started = component.value("DTSTART")
        since = _moment(Line("DTSTART", {}, f"1970{started[4:]}"), {})
    if since is None:
        return None
    offset, rule = component.value("TZOFFSETTO"), component.value("RRULE")
    return zones.turn_of(offset, since.at.replace(tzinfo=None), rule)


def _short(uid: str) -> str:
    """Keep the beginning of a long UID, and a hash of all of it."""
    if len(uid) <= 500:
        return uid
    return f"{uid[:435]}-{sha256(uid.encode()).hexdigest()}"


def _sequence(text: str) -> int:
    """Return the number of a revision: some count in seconds since 1970, or without end."""
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text), _LAST_REVISION) if len(text) <= 10 else _LAST_REVISION


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _moment(line: Line | None, drawn_up: Mapping[str, Sequence[zones.Turn]]) -> Moment | None:
    if line is None:
        return None
    # An import here, because few letters hold a calendar and the library is large.
    from icalendar.prop import vDDDTypes

    try:
        said = vDDDTypes.from_ical(line.value.strip())  # type: ignore[no-untyped-call]
        if isinstance(said, datetime):
            zone = line.parameters.get("TZID", "")
            at = said if said.tzinfo else zones.utc_of(said, zone, drawn_up)
            return Moment(at.astimezone(UTC), is_day=False) if at.year in _YEARS else None
        if hasattr(said, "year") and said.year in _YEARS:
            return Moment(datetime(said.year, said.month, said.day, tzinfo=UTC), is_day=True)
    except (ValueError, OverflowError, TypeError):
        return None
    return None


def _end(
    event: Component, starts: Moment | None, drawn_up: Mapping[str, Sequence[zones.Turn]]
) -> datetime | None:
    """RFC 5545, section 3.6.1: an end or a duration; a day without either is one day long.

    Some programs let a day end when it begins, which is one day as well.
    """
    ends = _moment(event.first("DTEND"), drawn_up)
    if starts is None:
        return ends.at if ends else None
    if ends is not None and ends.at >= starts.at + timedelta(days=starts.is_day):
        return ends.at
    lasts = _duration(event.value("DURATION")) or timedelta(days=starts.is_day)
    return starts.at + lasts if lasts else None


def _duration(text: str) -> timedelta | None:
    from icalendar.prop import vDuration

    try:
        said = vDuration.from_ical(text) if text else None  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return said if said and timedelta() <= said <= timedelta(days=3660) else None


def _attendee(line: Line) -> Attendee:
    answer = _ANSWERS.get(line.parameters.get("PARTSTAT", "").upper(), Answer.NONE)
    return Attendee(_named(line), answer)


def _named(line: Line) -> Named:
    """Apple writes a path of its server for the address, and the address beside it (RFC 7986)."""
    value = line.value.strip()
    email = value[7:] if value[:7].lower() == "mailto:" else ""
    email = email or line.parameters.get("EMAIL", "") or (value if "@" in value else "")
    name = one_line(line.parameters.get("CN", "").strip("'\""), 300)
    return Named(name, one_line(email, 320) if "@" in email else "")
