"""An mbox file (RFC 4155): letters one after another, each behind a "From " line.

No byte is left out. What stands before the first "From " line is a letter too, unless it is white
space; so is a file without any such line that begins with a header. A file that is no mail at all
cannot be read, and says so.
"""

from __future__ import annotations

import errno
import hashlib
import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from crm.mail.letter import Flag
from sync.sources.files.separators import LINE_MOST, NEXT_MOST, begins_a_letter, moment, separates
from sync.sources.files.span import Entry, Span
from sync.sources.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_BLOCK: Final = 1_048_576
_HEAD: Final = 4_096
#: What programs write into a letter afterwards: mutt and Dovecot, Thunderbird.
_CHANGING: Final = (b"status:", b"x-status:", b"x-keywords:", b"x-uid:", b"x-mozilla-")
_STATUS: Final = re.compile(rb"^(X-)?Status:[ \t]*([A-Za-z]*)", re.MULTILINE | re.IGNORECASE)
_MOZILLA: Final = re.compile(rb"^X-Mozilla-Status:[ \t]*([0-9A-Fa-f]{4})", re.MULTILINE)


class Mbox:
    """One mbox file as a folder."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.role = role_of(name)
        self._path = path

    def entries(self, above: int = 0) -> Iterator[Entry]:
        """Yield the letters with a UID above, ascending. Raises OSError."""
        begin = max(0, (above >> 16) - 1)
        with self._path.open("rb") as file:
            end = file.seek(0, 2)
            starts = _starts(file, begin, end)
            first = next(starts, (end, b""))
            before = _before(file, begin, first[0], end)
            for (at, line), (next_at, _) in pairwise(chain(before, [first], starts, [(end, b"")])):
                if at == end:
                    break
                entry = self._entry(file, at, line, next_at)
                if entry.uid > above:
                    yield entry

    def entry(self, uid: int) -> Entry | None:
        """Find a letter by its UID. Raises OSError."""
        above = next(self.entries(uid - 1), None)
        return above if above is not None and above.uid == uid else None

    def _entry(self, file: BinaryIO, at: int, line: bytes, next_at: int) -> Entry:
        start = at + len(line)
        head, end = _read(file, start, min(start + _HEAD, next_at)), next_at
        tail = _read(file, max(start, next_at - 4), next_at)
        for blank in (b"\r\n", b"\n"):  # The empty line before the next "From " is the mbox's.
            if tail.endswith(b"\n" + blank):
                end = next_at - len(blank)
                break
        span = Span(self._path, start, max(start, end), quoted=bool(line))
        return Entry(_uid(at, line, head), span, moment(line), _flags(head))


def _before(file: BinaryIO, begin: int, first: int, end: int) -> list[tuple[int, bytes]]:
    """Return where a letter begins that has no "From " line, if one stands before all the others.

    Raises OSError where a file without any such line is no mail.
    """
    at, signs = 0, b""
    while at < first and not signs:
        block = _read(file, at, min(at + _HEAD, first))
        signs = block.lstrip()
        at += len(block) - len(signs)
    if at == first or at < begin:
        return []
    if first == end and not begins_a_letter(_read(file, at, at + _HEAD)):
        words = 'no letter begins in it, neither with a header nor behind a "From " line'
        raise OSError(errno.EBADMSG, words)
    return [(at, b"")]


def _starts(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield each "From " line from an offset on: where it is, and the line."""
    at = max(0, begin - LINE_MOST)
    held, base = (b"\n\n", -2) if at == 0 else (b"", at)
    done = 0
    while True:
        file.seek(at)
        block = file.read(min(_BLOCK, end - at))
        at += len(block)
        held += block
        while (found := held.find(b"\nFrom ", done)) >= 0:
            stop = held.find(b"\n", found + 1, found + 1 + LINE_MOST)
            if len(held) - found <= LINE_MOST + NEXT_MOST and block:
                break  # The rest of the line, or of the next one, is in the next block.
            line = held[found + 1 : stop + 1 if stop >= 0 else found + 2 + LINE_MOST]
            next_at = found + 1 + len(line)
            after = held[next_at : next_at + NEXT_MOST]
            if base + found + 1 >= begin and separates(line, _ending(held, found), after):
                yield base + found + 1, line
            done = found + 1
        if not block:
            return
        ahead = found if found >= 0 else max(done, len(held) - 5)
        keep = max(0, ahead - LINE_MOST)
        base, held, done = base + keep, held[keep:], ahead - keep


def _ending(held: bytes, at: int) -> bytes:
    """Return the line that ends at an offset, or the end of one that is very long."""
    start = max(0, at - LINE_MOST)
    return held[max(start, held.rfind(b"\n", start, at) + 1) : at]


def _uid(at: int, line: bytes, head: bytes) -> int:
    kept = [line]
    for said in head.splitlines():
        if not said:
            break
        if not said.lower().startswith(_CHANGING):
            kept.append(said)
    mark = hashlib.blake2b(b"\n".join(kept), digest_size=2).digest()
    return (at + 1) << 16 | int.from_bytes(mark, "big")


def _flags(head: bytes) -> frozenset[Flag]:
    """Read what mutt, Dovecot and Thunderbird note in a letter's own header."""
    found: set[Flag] = set()
    for extra, letters in _STATUS.findall(head):
        known = {b"A": Flag.ANSWERED, b"F": Flag.FLAGGED, b"T": Flag.DRAFT}
        known = known if extra else {b"R": Flag.SEEN}
        found.update(flag for letter, flag in known.items() if letter in letters.upper())
    for bits in _MOZILLA.findall(head):
        known_bits = ((1, Flag.SEEN), (2, Flag.ANSWERED), (4, Flag.FLAGGED))
        found.update(flag for bit, flag in known_bits if int(bits, 16) & bit)
    return frozenset(found)


def _read(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(max(0, end - start))
