"""What `q` asks for: a part of Gmail's search, and a plain no to the rest.

Plain dates mean midnight in Pacific time; seconds are exact:
https://developers.google.com/workspace/gmail/api/guides/filtering
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from server.demo.gmail import mime
from server.demo.gmail.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.labels import Labels

    Test = Callable[[Copy], bool]

_TERM = re.compile(r'(-?)(\w+):("[^"]*"|[^\s"(){}]+)(?=\s|\Z)\s*')
_PACIFIC = timezone(-timedelta(hours=8))
_SIZES = {"k": 1024, "m": 1024 * 1024}
#: Names in a search that are no names of labels.
_ANYWHERE = "anywhere"


@dataclass(slots=True)
class Query:
    """What a message has to be like; `hidden` is asked for by name, as in `in:trash`."""

    tests: list[Test] = field(default_factory=list)
    hidden: bool = False

    def fits(self, copy: Copy) -> bool:
        """Tell whether a message is asked for."""
        return all(test(copy) for test in self.tests)


def parse(text: str, labels: Labels) -> Query:
    """Return what a search asks for. Raises ApiError for what is not understood here."""
    query = Query()
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            raise _not_understood(text[at:])
        test = _test(found[2].lower(), found[3].strip('"'), labels, query)
        query.tests.append(_opposite(test) if found[1] else test)
        at = found.end()
    return query


def _test(name: str, value: str, labels: Labels, query: Query) -> Test:
    match name:
        case "after":
            since = _moment(value)
            return lambda copy: copy.ms >= since
        case "before":
            until = _moment(value)
            return lambda copy: copy.ms < until
        case "larger":
            size = _size(value)
            return lambda copy: copy.size > size
        case "rfc822msgid":
            wanted = f"<{value.strip('<>')}>"
            return lambda copy: copy.head.message_id == wanted
        case "in" | "label" | "is":
            return _label(value, labels, query)
        case "from" | "to" | "subject":
            return _words(name, value.lower())
        case _:
            raise _not_understood(f"{name}:")


def _label(value: str, labels: Labels, query: Query) -> Test:
    if value.lower() == _ANYWHERE:
        query.hidden = True
        return lambda _copy: True
    found = labels.find_named(value)
    if found is None:
        return lambda _copy: False
    if found.id in ("SPAM", "TRASH"):
        query.hidden = True
    return lambda copy: found.id in copy.labels


def _words(name: str, value: str) -> Test:
    names = ("to", "cc", "bcc") if name == "to" else (name,)
    if name == "subject":
        return lambda copy: value in copy.head.subject.lower()
    return lambda copy: any(
        value in text.lower()
        for header, text in mime.read_headers(copy.raw)
        if header.lower() in names
    )


def _opposite(test: Test) -> Test:
    return lambda copy: not test(copy)


def _moment(value: str) -> int:
    """Return a moment in milliseconds: seconds since 1970, or a day in Pacific time."""
    if re.fullmatch(r"\d{5,12}", value):
        return int(value) * 1000
    day = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", value)
    if day is None:
        raise _not_understood(value)
    try:
        at = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=_PACIFIC)
    except ValueError:
        raise _not_understood(value) from None
    return int(at.timestamp() * 1000)


def _size(value: str) -> int:
    found = re.fullmatch(r"(\d+)([km]?)", value.lower())
    if found is None:
        raise _not_understood(value)
    return int(found[1]) * _SIZES.get(found[2], 1)


def _not_understood(rest: str) -> ApiError:
    return invalid(f"This server does not understand this part of q: {rest}")
