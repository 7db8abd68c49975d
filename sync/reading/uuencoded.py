"""Files that stand uuencoded in a text, as mail had them before MIME, and Outlook 2000 still wrote.

POSIX has the format (IEEE Std 1003.1, uuencode): `begin`, the file's mode and name; lines of which
the first sign says how many bytes they hold; `end`.
"""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

#: So many files are looked for in one text.
MOST = 100

_BEGIN = re.compile(rb"^begin (?:[0-7]{3,4}|-) ([^\r\n]{1,255})\r?$", re.MULTILINE)


class File(NamedTuple):
    """A file in a text: its name as it stands, its size, and its lines."""

    name: bytes
    size: int
    lines: tuple[bytes, ...]

    def content(self) -> bytes:
        """Return its bytes; what a line is short of is left out."""
        return b"".join(map(_decoded, self.lines))


def split(text: bytes) -> tuple[bytes, tuple[File, ...]]:
    """Return a text without the files in it, and the files."""
    kept: list[bytes] = []
    files: list[File] = []
    at = 0
    while len(files) < MOST:
        begin = _BEGIN.search(text, at)
        if begin is None:
            break
        found, end = _file(text, begin)
        # What begins and holds nothing is a sentence: "begin 644 times".
        kept.append(text[at : begin.start() if found else end])
        if found is not None:
            files.append(found)
        at = end
    return (b"".join([*kept, text[at:]]), tuple(files)) if files else (text, ())


def _file(text: bytes, begin: re.Match[bytes]) -> tuple[File | None, int]:
    """Read the lines below a beginning: the file, or None, and where the text goes on."""
    lines: list[bytes] = []
    size = 0
    at = start = min(begin.end() + 1, len(text))
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].rstrip(b"\r")
        count = _count(line)
        if line.rstrip() == b"end":
            at = end + 1
            break
        if count is None:
            break
        at = end + 1
        if count:
            lines.append(line)
            size += count
    if not lines:
        return None, start
    return File(begin[1].strip(), size, tuple(lines)), min(at, len(text))


def _count(line: bytes) -> int | None:
    """Return how many bytes a line holds, or None where it is none of a file."""
    if not line.strip():
        return 0  # A space is a zero, and an empty line a space that was lost.
    count = (line[0] - 32) & 63
    needed = -(-count // 3) * 4
    # Spaces at the end of a line are lost on the way; some programs add one sign as a checksum.
    short = len(line) - 1 < needed - 8
    return None if not 32 <= line[0] <= 96 or short or len(line) - 1 > needed + 2 else count


def _decoded(line: bytes) -> bytes:
    count = (line[0] - 32) & 63
    signs = line[: 1 + -(-count // 3) * 4].ljust(1 + -(-count // 3) * 4)
    try:
        return binascii.a2b_uu(signs)
    except binascii.Error:
        return b""
