"""What hangs on a letter: files and inline images with their sections, without their bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.mail.letter import Part
from sync.reading import headers
from sync.reading.headers import decoded
from sync.reading.mime import ReaderError, content_type, estimated
from sync.reading.packed import PLAIN, SLASH
from sync.reading.storable import one_line, safe_filename

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.letter import LeftPart
    from sync.reading.mime import Leaf

MOST = 1000
LONGEST_CONTENT_ID = 500
#: What is not base64 is measured up to this size; it is text, and rare.
LARGEST_MEASURED = 1 << 20
#: So much of an attached letter is searched for its subject, and so much of that is decoded.
_LARGEST_HEAD, _LONGEST_SUBJECT = 1 << 14, 1200
_FOLDERS = str.maketrans("/\\", "  ")

#: The first line of a base64 part of several lines, which shows how long they are in this letter.
_BASE64_LINE = re.compile(rb"\n\r?\n([A-Za-z0-9+/]{32,996})(\r?\n)(?=[A-Za-z0-9+/=])")


def parts_of(
    raw: bytes,
    leaves: Sequence[Leaf],
    left: Sequence[LeftPart] = (),
    *,
    enclosed: bool = True,
) -> tuple[tuple[Part, ...], int]:
    """Return the parts by their sections, at most 1,000, and how many there are beyond.

    `enclosed` says whether files inside of attached messages are among them.

    No attachment is decoded for it but letters that bear no name, for their subjects: memory for a
    megabyte costs more than reading all the rest.
    """
    if not leaves and not left:
        return (), 0
    away = {part.section for part in left}
    files = [
        leaf
        for leaf in leaves
        if (enclosed or not leaf.enclosed) and _is_file(leaf) and leaf.section not in away
    ]
    line, end = _line_of(raw) if any(leaf.encoding == "base64" for leaf in files) else (76, 2)
    found = [_part(leaf, line, end) for leaf in files[:MOST]]
    if left:
        found += [_left_part(part) for part in left[:MOST]]
        found.sort(key=lambda part: _numbers(part.section))
    return tuple(found[:MOST]), max(0, len(files) + len(left) - MOST)


def name_of_letter(subject: str) -> str:
    """Name a letter that is attached as a file, and without a name, by its subject as written."""
    said = one_line(decoded(subject[:_LONGEST_SUBJECT]), 150)
    # What parts folders elsewhere parts words here.
    return safe_filename(f"{said.translate(_FOLDERS)}.eml") if said else ""


def _numbers(section: str) -> list[int]:
    outer = section.partition(SLASH)[0]
    return [int(number) for number in outer.split(".") if number.isdecimal()]


def _line_of(raw: bytes) -> tuple[int, int]:
    """Return how long the lines of base64 are here, and their ends."""
    found = _BASE64_LINE.search(raw)
    if found is not None:
        return len(found[1]), len(found[2])
    first = raw.find(b"\n")
    return 76, 2 if raw[first - 1 : first] == b"\r" else 1


def _is_file(leaf: Leaf) -> bool:
    """Tell whether a leaf is something to be opened: the text of an enclosed message is not."""
    if not leaf.enclosed:
        return True
    if leaf.content_type == "message/rfc822":
        return False
    if leaf.filename or leaf.disposition == "attachment":
        return True
    return leaf.content_type not in ("text/plain", "text/html")


def _part(leaf: Leaf, line: int, end: int) -> Part:
    inline = leaf.disposition == "inline" or (
        bool(leaf.content_id) and leaf.disposition != "attachment"
    )
    return Part(
        leaf.section,
        _name(leaf) if leaf.filename else _subject(leaf),
        leaf.content_type,
        _size(leaf, line, end),
        _bare(leaf.content_id) if leaf.content_id else "",
        inline,
    )


def _name(leaf: Leaf) -> str:
    # RFC 2047, section 5, forbids an encoded word in a parameter, and many programs write one.
    name = decoded(leaf.filename) if "=?" in leaf.filename else leaf.filename
    if leaf.content_type == "message/external-body":
        return one_line(name, 255)  # A place on another machine (RFC 2046, section 5.2.3): no file.
    return safe_filename(name)


def _subject(leaf: Leaf) -> str:
    is_file = leaf.content_type == "message/rfc822" and leaf.disposition == "attachment"
    if not is_file or leaf.encoded_size > LARGEST_MEASURED:
        return ""
    try:
        head = leaf.content()[:_LARGEST_HEAD]
    except ReaderError:
        return ""
    return name_of_letter(headers.scan(head).first("subject"))


def _left_part(part: LeftPart) -> Part:
    return Part(
        part.section,
        safe_filename(part.filename),
        content_type(part.content_type),
        estimated(part.size, part.encoding.lower()),
        _bare(part.content_id),
        part.inline,
    )


def _bare(content_id: str) -> str:
    return one_line(content_id.strip().strip("<>"), LONGEST_CONTENT_ID)


def _size(leaf: Leaf, line: int, end: int) -> int:
    if leaf.encoding == PLAIN:
        return leaf.encoded_size
    if leaf.encoding == "base64" or leaf.encoded_size > LARGEST_MEASURED:
        return estimated(leaf.encoded_size, leaf.encoding, line=line, end=end)
    try:
        content = leaf.content()
    except ReaderError:
        return leaf.encoded_size
    # As if every line ended with CRLF: servers change the ends, and the letter stays the same.
    return len(content) + content.count(b"\n") - content.count(b"\r\n")
