"""The last reader: the standard library's, with compat32, which keeps what it does not understand.

Never with policy.default: its header parser is slow and has had more holes (CVE-2024-6923).
"""

from __future__ import annotations

import binascii
import re
from email import message_from_bytes
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from io import BytesIO
from typing import TYPE_CHECKING

from sync.reading import doubts
from sync.reading.headers import decoded
from sync.reading.mime import (
    BROKEN,
    DEEPEST,
    MOST_LEAVES,
    Leaf,
    ReaderError,
    Tree,
    below,
    content_type,
    is_folded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.reading.headers import Fields

#: The library compares every line with the boundary of every multipart around it: 250 of these
#: with 500,000 lines take 14 seconds.
MOST_COMPARISONS = 2_000_000
#: It goes line by line: 250,000 take 0.4 seconds. 10 MB of base64 have 130,000.
MOST_LINES = 250_000

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BOUNDARY = re.compile(rb"boundary\s{0,9}=", re.IGNORECASE)

ERRORS = (*BROKEN, MessageError)


def open_tree(raw: bytes, fields: Fields) -> Tree:  # noqa: ARG001 - every reader takes both.
    """Read the MIME tree of a message. Raises ReaderError."""
    if tangle(raw) > MOST_COMPARISONS or is_folded(raw) or raw.count(b"\n") > MOST_LINES:
        raise ReaderError(doubts.TANGLED)
    try:
        return tree_of(message_from_bytes(raw, policy=compat32))
    except ERRORS:
        raise ReaderError(doubts.UNREADABLE) from None


def tangle(raw: bytes) -> int:
    """Return how often a line is compared with a boundary, at most."""
    boundaries = len(_BOUNDARY.findall(raw))
    return boundaries * raw.count(b"\n") if boundaries > 10 else 0


def tree_of(root: Message) -> Tree:
    """Return the leaves of a parsed message."""
    leaves: list[Leaf] = []
    more = 0
    # What is still to be looked at, the next one last: a message, its section, its group.
    waiting: list[tuple[Message, str, str, int, bool]] = [(root, "", "", 0, False)]
    while waiting:
        part, section, group, depth, enclosed = waiting.pop()
        if depth > DEEPEST or len(leaves) >= MOST_LEAVES:
            more += 1
            continue
        kind = part.get_content_type()
        children = part.get_payload() if part.is_multipart() else []
        is_message = kind in ("message/rfc822", "message/global")
        if isinstance(children, list) and children and kind.startswith("multipart/"):
            inside = section + "." if kind == "multipart/alternative" else group
            waiting.extend(
                (child, below(section, number), inside, depth + 1, enclosed)
                for number, child in reversed(list(enumerate(children, start=1)))
                if isinstance(child, Message)
            )
            continue
        place = section or "1"
        leaves.append(_leaf(part, place, kind, group, enclosed=enclosed))
        if is_message and isinstance(children, list) and children:
            inner = children[0]
            if isinstance(inner, Message):
                several = inner.get_content_maintype() == "multipart" and inner.is_multipart()
                below_it = place if several else below(place, 1)
                waiting.append((inner, below_it, "", depth + 1, True))
    return Tree(tuple(leaves), more)


def _leaf(part: Message, section: str, kind: str, group: str, *, enclosed: bool) -> Leaf:
    if kind.startswith("multipart/"):
        kind = "text/plain"  # A multipart without parts: what is there is all the text there is.
    payload = part.get_payload()
    return Leaf(
        section,
        content_type(kind),
        str(part.get("content-type", "")),
        (part.get_content_disposition() or "").lower(),
        decoded(str(part.get_filename("") or "")),
        str(part.get("content-id", "")).strip().strip("<>"),
        str(part.get("content-transfer-encoding", "")).strip().lower(),
        group,
        enclosed,
        _content(part),
        len(payload) if isinstance(payload, str) else 0,
    )


def _content(part: Message) -> Callable[[], bytes]:
    def content() -> bytes:
        try:
            return _bytes(part)
        except ERRORS:
            raise ReaderError(doubts.BROKEN_ENCODING) from None

    return content


def _bytes(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(_written(each) for each in payload if isinstance(each, Message))
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    raw = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    if encoding == "base64":
        return forgiving_base64(raw)
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else raw


def forgiving_base64(raw: bytes) -> bytes:
    """Decode what is base64 in these bytes, up to the padding; a stump at the end is dropped."""
    signs = _NOT_BASE64.sub(b"", raw.partition(b"=")[0])
    return binascii.a2b_base64(signs[: len(signs) // 4 * 4] + _tail(signs))


def _tail(signs: bytes) -> bytes:
    rest = len(signs) % 4
    return signs[-rest:] + b"=" * (4 - rest) if rest > 1 else b""


def _written(message: Message) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(message)
    return out.getvalue()
