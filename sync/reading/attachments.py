"""What hangs on a letter: files and inline images with their sections, without their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.mail.letter import Part
from sync.reading.mime import ReaderError, content_type, estimated
from sync.reading.storable import one_line, safe_filename

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.reading.mime import Leaf
    from sync.source import LeftPart

MOST = 1000
LONGEST_CONTENT_ID = 500
#: Sizes are exact, so that a letter has one fingerprint however its lines end; beyond this they
#: are estimated, for the memory's sake. Decoding takes a millisecond a megabyte.
LARGEST_MEASURED = 1 << 25


def parts_of(leaves: Sequence[Leaf], left: Sequence[LeftPart] = ()) -> tuple[tuple[Part, ...], int]:
    """Return the parts by their sections, at most 1,000, and how many there are beyond."""
    away = {part.section for part in left}
    files = [leaf for leaf in leaves if _is_file(leaf) and leaf.section not in away]
    found = [_part(leaf) for leaf in files[:MOST]]
    if left:
        found += [_left_part(part) for part in left[:MOST]]
        found.sort(key=lambda part: [int(n) for n in part.section.split(".") if n.isdecimal()])
    return tuple(found[:MOST]), max(0, len(files) + len(left) - MOST)


def _is_file(leaf: Leaf) -> bool:
    """Tell whether a leaf is something to be opened: the text of an enclosed message is not."""
    if not leaf.enclosed or leaf.filename or leaf.disposition == "attachment":
        return True
    return leaf.content_type not in ("text/plain", "text/html")


def _part(leaf: Leaf) -> Part:
    inline = leaf.disposition == "inline" or (
        bool(leaf.content_id) and leaf.disposition != "attachment"
    )
    return Part(
        leaf.section,
        safe_filename(leaf.filename) if leaf.filename else "",
        leaf.content_type,
        _size(leaf),
        _bare(leaf.content_id) if leaf.content_id else "",
        inline,
    )


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


def _size(leaf: Leaf) -> int:
    if leaf.encoding not in ("base64", "quoted-printable"):
        return leaf.encoded_size
    if leaf.encoded_size <= LARGEST_MEASURED:
        try:
            return len(leaf.content())
        except ReaderError:
            pass
    return estimated(leaf.encoded_size, leaf.encoding)
