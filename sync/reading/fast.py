"""The first reader: fast-mail-parser, which reads nearly everything in a twentieth of the time.

Its tree is used, not its flat view: a tree alone tells sections, and leaves the text undecoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from fast_mail_parser import ParseError, PyLazyMimePart, parse_email_tree

from sync.reading import doubts
from sync.reading.charsets import decode
from sync.reading.mime import (
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

#: fast-mail-parser 0.10 takes time by the square of the encoded words in one field: 62,500 take
#: 8 seconds, 4,000 take 0.05.
MOST_ENCODED_WORDS = 4000

_STARRED = re.compile(
    r";[ \t]*filename\*[ \t]*=[ \t]*([\w-]{0,40})'[\w-]{0,40}'([^;\s\"]{1,2000})", re.IGNORECASE
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CONTAINER = re.compile(rb"boundary\s{0,9}=|message/(?:rfc822|global)", re.IGNORECASE)


def open_tree(raw: bytes, fields: Fields) -> Tree:
    """Read the MIME tree of a message. Raises ReaderError."""
    if _has_many(raw, b"?", MOST_ENCODED_WORDS) and raw.count(b"=?") > MOST_ENCODED_WORDS:
        raise ReaderError(doubts.ENCODED_WORDS)
    if is_folded(raw):
        raise ReaderError(doubts.FOLDED_LINES)
    try:
        root = _parsed(raw)
    except ReaderError:
        shallow = _shallow(raw)
        if shallow is None:
            raise
        found = _Walk(fields).walk(_parsed(shallow))
        return found._replace(notes=(*found.notes, "nested too deeply"), more=found.more + 1)
    return _Walk(fields).walk(root)


def _has_many(raw: bytes, sign: bytes, limit: int) -> bool:
    """Tell whether a sign stands in these bytes more often than that; quick where it is rare."""
    if len(raw) <= limit:
        return False
    at = -1
    for _ in range(limit + 1):
        at = raw.find(sign, at + 1)
        if at < 0:
            return False
    return True


def _parsed(raw: bytes) -> PyLazyMimePart:
    try:
        return parse_email_tree(raw, mode="lazy")
    except ParseError:
        raise ReaderError(doubts.UNREADABLE) from None
    except BaseException as error:
        # A panic of Rust is no Exception, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise ReaderError(doubts.PANICKED) from None
        raise


def _shallow(raw: bytes) -> bytes | None:
    """Return a message without what is nested deeper than DEEPEST, or None where nothing is."""
    for number, container in enumerate(_CONTAINER.finditer(raw)):
        if number == DEEPEST:
            return raw[: raw.rfind(b"\n--", 0, container.start()) + 1 or container.start()]
    return None


class _Walk:
    """One walk over a tree, in the order of the message."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._leaves: list[Leaf] = []
        self._more = 0
        self._doubt = ""
        self._is_multipart = False

    def walk(self, root: PyLazyMimePart) -> Tree:
        """Return the leaves of a tree."""
        self._is_multipart = root.content_type.startswith("multipart/")
        if self._is_multipart:
            self._children(root, "", "", 0, enclosed=False)
        else:
            self._leaf(root, "1", "", 0, enclosed=False)
        return Tree(tuple(self._leaves), self._more, self._doubt)

    def _children(
        self, node: PyLazyMimePart, section: str, group: str, depth: int, *, enclosed: bool
    ) -> None:
        children = node.children
        if not children:
            self._is_in_doubt(doubts.NO_PART)
        if node.content_type == "multipart/alternative":
            group = section + "."
        elif node.content_type in doubts.OF_TYPE:
            # fast-mail-parser 0.10 takes a digest's messages for texts, and their headers for a
            # part's.
            self._is_in_doubt(doubts.OF_TYPE[node.content_type])
        for number, child in enumerate(children, start=1):
            place = below(section, number)
            if depth >= DEEPEST or len(self._leaves) >= MOST_LEAVES:
                self._more += 1
            elif child.content_type.startswith("multipart/"):
                self._children(child, place, group, depth + 1, enclosed=enclosed)
            else:
                self._leaf(child, place, group, depth + 1, enclosed=enclosed)

    def _leaf(
        self, node: PyLazyMimePart, section: str, group: str, depth: int, *, enclosed: bool
    ) -> None:
        headers = node.headers if section != "1" or self._is_multipart else None
        if headers is None:  # The message itself: ours has read its header.
            type_field = self._fields.first("content-type")
            encoding = self._fields.first("content-transfer-encoding").lower()
        else:
            type_field = _first(headers, "Content-Type", "content-type")
            encoding = _first(
                headers, "Content-Transfer-Encoding", "content-transfer-encoding"
            ).lower()
        if "uu" in encoding:
            self._is_in_doubt(doubts.UUENCODED)
        if node.content_type in doubts.OF_TYPE:
            self._is_in_doubt(doubts.OF_TYPE[node.content_type])
        self._leaves.append(
            Leaf(
                section,
                content_type(node.content_type),
                type_field,
                (node.disposition or "").lower(),
                _starred(headers) or node.filename or "",
                node.content_id or "",
                encoding,
                group,
                enclosed,
                _content(node),
                node.encoded_size or 0,
            )
        )
        if node.is_message and node.children:
            inner = node.children[0]
            if depth >= DEEPEST or len(self._leaves) >= MOST_LEAVES:
                self._more += 1
            elif inner.content_type.startswith("multipart/"):
                self._children(inner, section, "", depth + 1, enclosed=True)
            else:
                self._leaf(inner, below(section, 1), "", depth + 1, enclosed=True)

    def _is_in_doubt(self, doubt: str) -> None:
        self._doubt = doubts.graver(self._doubt, doubt)


def _starred(headers: dict[str, list[str]] | None) -> str:
    """Return a name in its extended notation, where the plain one stands beside it.

    It is the better one (RFC 6266, section 4.3), whatever the order; fast-mail-parser 0.10 takes
    the plain one, and none where no charset is named (RFC 2231, section 4).
    """
    field = _first(headers, "Content-Disposition", "content-disposition") if headers else ""
    found = _STARRED.search(_QUOTED.sub('""', field)) if "*=" in field else None
    name = decode(unquote_to_bytes(found[2]), found[1] or "utf-8").text if found else ""
    return "" if "=?" in name else name  # It would be decoded twice.


def _first(headers: dict[str, list[str]], name: str, lower: str) -> str:
    found = headers.get(name)
    if found is None:
        found = next((value for key, value in headers.items() if key.lower() == lower), [""])
    return found[0]


def _content(node: PyLazyMimePart) -> Callable[[], bytes]:
    def content() -> bytes:
        try:
            return node.content or b""
        except ParseError:
            raise ReaderError(doubts.BROKEN_ENCODING) from None

    return content
