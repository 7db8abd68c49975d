"""What a delivery report says of each recipient: RFC 3464, and RFC 6533 for other alphabets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import bounce_status
from sync.reading.bounce_addresses import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 1 << 18
MOST_LINES = 5000
MOST_RECIPIENTS = 200

TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))

#: RFC 3464, section 2.3.3; the others are what programs write instead.
_FAILED = ("fail", "error", "undeliver", "bounce", "reject", "expire")
_DELAYED = ("delay", "defer", "warning", "retry")
_GOOD = ("delivered", "relayed", "expanded", "deliverable", "success")

_RECIPIENT = ("original-recipient", "final-recipient", "x-actual-recipient")
#: xtext (RFC 3461, section 4) and its like for Unicode (RFC 6533, section 3).
_XTEXT = re.compile(r"\+([0-9A-F]{2})|\\x\{([0-9A-Fa-f]{2,6})\}")


class Told(NamedTuple):
    """What is told of one recipient."""

    recipient: str  # "" where it is not told
    action: str  # failed, delayed, good, or ""
    status: str  # RFC 3463, "" where it is not told
    diagnostic: str


def read(text: str) -> tuple[Told, ...]:
    """Return what a report tells, in its order; nothing where it is no report."""
    return tuple(_told(group) for group in _groups(_fields(text)))[:MOST_RECIPIENTS]


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield names in lower case with their values; an empty name where a line is empty."""
    name, value = "", ""
    for line in text[:LONGEST].replace("\r", "").split("\n", MOST_LINES)[:MOST_LINES]:
        if line[:1] in (" ", "\t") and name and line.strip():
            value = f"{value} {line.strip()}" if len(value) < 4000 else value
            continue
        if name:
            yield name, value.strip()
        before, colon, value = line.partition(":")
        name = before.strip().lower() if colon else ""
        if not line.strip():
            yield "", ""
    if name:
        yield name, value.strip()


def _groups(fields: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Put together what belongs to one recipient, even where empty lines stand astray."""
    group: dict[str, str] = {}
    parted = False
    for name, value in fields:
        named = any(each in group for each in _RECIPIENT)
        if not name:
            parted = True
            continue
        begins = name in _RECIPIENT or name == "action"
        complete = parted and "action" in group
        if named and begins and (complete or name in group):
            yield group
            group = {}
        parted = False
        group.setdefault(name, value)
    if any(each in group for each in (*_RECIPIENT, "action")):
        yield group


def _told(group: dict[str, str]) -> Told:
    kind, semicolon, said = group.get("diagnostic-code", "").partition(";")
    if not semicolon or " " in kind.strip():
        said = group.get("diagnostic-code", "")
    said = said.strip() if any(sign.isalpha() for sign in said) else ""
    recipients = [found for each in _RECIPIENT for found in _address(group.get(each, ""))]
    reported = bounce_status.first(group.get("status", ""))
    return Told(
        recipients[0] if recipients else "",
        _action(group.get("action", ""), group.get("status", "")),
        bounce_status.best(
            *filter(None, (bounce_status.in_reply(said), reported, bounce_status.anywhere(said)))
        ),
        said or _said_in_status(group.get("status", "")),
    )


def _address(value: str) -> list[str]:
    """Read "rfc822; ann@acme.test", which some write without its type or in brackets."""
    _kind, semicolon, rest = value.partition(";")
    rest = rest if semicolon else value
    if "+" in rest or "\\" in rest:
        decoded = _XTEXT.sub(_sign, rest)
        # A plus sign is common in an address that was not encoded at all.
        rest = decoded if "\\" in rest or "@" not in rest else rest
    return addresses(rest)[:1]


def _sign(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if 32 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""


def _action(value: str, status: str) -> str:
    lower = value.lower()
    for word, known in (("good", _GOOD), ("failed", _FAILED), ("delayed", _DELAYED)):
        if lower.startswith(known):
            return word
    return {"5": "failed", "4": "delayed", "2": "good"}.get(status[:1], "")


def _said_in_status(value: str) -> str:
    """Return the words that some write behind the code: "Status: 553 Too large"."""
    return value if " " in value else ""
