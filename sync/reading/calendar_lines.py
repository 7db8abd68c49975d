"""The lines of an iCalendar part by the component that they stand in (RFC 5545, section 3).

The library `icalendar` takes a line apart. It is not given the whole part: it would try every line
of a calendar as long as the part is, and remember the time zones of a stranger for all letters that
come later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 4_000
#: Lines that are taken apart; 20 meetings with 200 attendees each have some 4,000.
MOST = 5_000

_DEEPEST = 20
_OF_INTEREST = frozenset(["VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"])

#: The lines that anything is read from; some programs write them in small letters.
_LINE = re.compile(
    r"^(BEGIN|END|METHOD|UID|SEQUENCE|RECURRENCE-ID|SUMMARY|LOCATION|DTSTART|DTEND|DURATION|RRULE"
    r"|RDATE|STATUS|ORGANIZER|ATTENDEE|TZID|TZOFFSETTO)([;:].*)$",
    re.MULTILINE | re.IGNORECASE,
)


class Line(NamedTuple):
    """What a line is called, what is said of its value, and the value."""

    name: str
    parameters: Mapping[str, str]
    value: str


class Component(NamedTuple):
    """A component without those inside of it."""

    name: str
    lines: list[Line]

    def first(self, name: str) -> Line | None:
        """Return the first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """Return the value of the first line of a name, or the empty string."""
        line = self.first(name)
        return line.value.strip() if line else ""


def components(text: str) -> Iterator[Component]:
    """Yield the components of a part as they end, the innermost first."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\n ", "").replace("\n\t", "")  # RFC 5545, section 3.1
    around: list[Component] = []
    taken = 0
    for found in _LINE.finditer(text):
        name, rest = found[1].upper(), found[2]
        if name == "BEGIN":
            if len(around) > _DEEPEST:
                return
            around.append(Component(rest[1:].strip().upper(), []))
        elif name == "END":
            if around:
                yield around.pop()
        elif around and around[-1].name in _OF_INTEREST:
            taken += 1
            if taken > MOST:
                break
            around[-1].lines.append(_line(name, found[0][:LONGEST]))
    while around:  # Cut off.
        yield around.pop()


def _line(name: str, whole: str) -> Line:
    # An import here, because few letters hold a calendar and the library is large.
    from icalendar.parser import Contentline

    try:
        _, parameters, value = Contentline(whole).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        # Quotes within a name, a parameter without a value: the value alone is taken.
        at = whole.lower().find(":mailto:")
        return Line(name, {}, whole[at + 1 :] if at >= 0 else whole.partition(":")[2])
    flat = {key: said if isinstance(said, str) else said[0] for key, said in parameters.items()}
    return Line(name, flat, value)
