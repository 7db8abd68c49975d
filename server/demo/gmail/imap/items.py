"""What FETCH tells of a message, Gmail's own items among it.

https://developers.google.com/workspace/gmail/imap/imap-extensions
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from server.demo.gmail.imap.grammar import BadCommandError, encoded, literal, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.labels import Labels

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
#: Labels of Gmail's that have a name in IMAP; UNREAD is a flag, and categories are not told.
_SYSTEM = {
    "INBOX": "\\Inbox",
    "SENT": "\\Sent",
    "IMPORTANT": "\\Important",
    "STARRED": "\\Starred",
    "DRAFT": "\\Draft",
    "SPAM": "\\Junk",
    "TRASH": "\\Trash",
}
_PLAIN = frozenset("UID FLAGS INTERNALDATE RFC822.SIZE X-GM-MSGID X-GM-THRID X-GM-LABELS".split())
_BODY = re.compile(
    r"BODY(?P<peek>\.PEEK)?\[(?P<section>|HEADER|TEXT)\](?:<(?P<start>\d+)\.(?P<size>\d+)>)?\Z",
    re.IGNORECASE,
)


class Wanted(NamedTuple):
    """One item of a FETCH: a plain one by its name, or a piece of the body."""

    name: str
    section: str | None = None
    start: int | None = None
    size: int = 0
    peeks: bool = True


def wanted(said: Sequence[object]) -> list[Wanted]:
    """Read what a FETCH asks for. Raises BadCommandError on what is not served here."""
    found = [_one(str(word)) for word in said]
    if not any(one.name == "UID" for one in found):
        found.insert(0, Wanted("UID"))  # RFC 3501, section 6.4.8
    return found


def shape(
    copy: Copy, number: int, uid: int, asked: Sequence[Wanted], labels: Labels, *, inside: str
) -> bytes:
    """Write the response for one message; the folder's own label is not told inside of it."""
    told = []
    for one in asked:
        match one.name:
            case "UID":
                value = b"%d" % uid
            case "FLAGS":
                value = b"(%b)" % " ".join(_flags(copy)).encode("ascii")
            case "INTERNALDATE":
                value = string(_moment(copy.ms))
            case "RFC822.SIZE":
                value = b"%d" % copy.size
            case "X-GM-MSGID":
                value = b"%d" % int(copy.id, 16)
            case "X-GM-THRID":
                value = b"%d" % int(copy.thread, 16)
            case "X-GM-LABELS":
                value = b"(%b)" % b" ".join(_labels(copy, labels, inside))
            case _:
                value = literal(_piece(copy.raw, one))
        told.append(one.name.encode("ascii") + b" " + value)
    return b"* %d FETCH (%b)\r\n" % (number, b" ".join(told))


def _one(word: str) -> Wanted:
    if word.upper() in _PLAIN:
        return Wanted(word.upper())
    match = _BODY.match(word)
    if match is None:
        raise BadCommandError(f"{word[:40]} is not served here")
    section = match["section"].upper()
    if match["start"] is None:
        return Wanted(f"BODY[{section}]", section, peeks=bool(match["peek"]))
    start, size = int(match["start"]), int(match["size"])
    return Wanted(f"BODY[{section}]<{start}>", section, start, size, bool(match["peek"]))


def _flags(copy: Copy) -> list[str]:
    said = [] if "UNREAD" in copy.labels else ["\\Seen"]
    borne = {"STARRED": "\\Flagged", "DRAFT": "\\Draft"}
    return said + [flag for label, flag in borne.items() if label in copy.labels]


def _labels(copy: Copy, labels: Labels, inside: str) -> list[bytes]:
    names = []
    for label in sorted(copy.labels - {inside}):
        if label in _SYSTEM:
            names.append(string(_SYSTEM[label].encode("ascii")))
        elif not labels.get(label).system:
            names.append(string(encoded(labels.get(label).name)))
    return names


def _moment(ms: int) -> bytes:
    at = datetime.fromtimestamp(ms // 1000, UTC)
    return f"{at:%d}-{_MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0000".encode("ascii")


def _piece(raw: bytes, one: Wanted) -> bytes:
    head, blank, text = raw.partition(b"\r\n\r\n")
    found = {"": raw, "HEADER": head + blank, "TEXT": text}[one.section or ""]
    return found if one.start is None else found[one.start : one.start + one.size]
