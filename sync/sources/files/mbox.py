"""An mbox file (RFC 4155): letters one after another, each behind a "From " line."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from crm.mail.letter import Flag
from sync.sources.files.span import Entry, Span
from sync.sources.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_BLOCK: Final = 1_048_576
_LINE_MOST: Final = 1_000
_HEAD: Final = 4_096
#: asctime, with Google Takeout's zone before the year and others' behind it.
_DATED: Final = re.compile(
    rb"From (?:\S.* )?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? "
    rb"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(?P<day>\d{1,2}) "
    rb"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    rb"(?: (?P<zone>[+-]\d{4}|[A-Z]{1,5}))? (?P<year>\d{4})(?: (?P<late>[+-]\d{4}))?\s*\Z"
)
#: Without a date only behind an empty line: Thunderbird at times writes the bare word.
_BARE: Final = re.compile(rb"From (?:\S{0,200})\s*\Z")
_MONTHS: Final = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
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
            starts = chain(_starts(file, begin, end), [(end, b"")])
            for (at, line), (next_at, _) in pairwise(starts):
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
        span = Span(self._path, start, max(start, end), quoted=True)
        return Entry(_uid(at, line, head), span, _moment(line), _flags(head))


def _starts(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield each "From " line from an offset on: where it is, and the line."""
    at = max(0, begin - 4)
    held, base = (b"\n\n", -2) if at == 0 else (b"", at)
    done = 0
    while True:
        file.seek(at)
        block = file.read(min(_BLOCK, end - at))
        at += len(block)
        held += block
        while (found := held.find(b"\nFrom ", done)) >= 0:
            stop = held.find(b"\n", found + 1, found + 1 + _LINE_MOST)
            if stop < 0 and len(held) - found <= _LINE_MOST and block:
                break  # The rest of the line is in the next block.
            line = held[found + 1 : stop + 1 if stop >= 0 else len(held)]
            if base + found + 1 >= begin and _separates(line, held[max(0, found - 2) : found]):
                yield base + found + 1, line
            done = found + 1
        if not block:
            return
        ahead = found if found >= 0 else max(done, len(held) - 5)
        keep = max(0, ahead - 2)
        base, held, done = base + keep, held[keep:], ahead - keep


def _separates(line: bytes, before: bytes) -> bool:
    if len(line) > _LINE_MOST:
        return False
    blank = before.endswith((b"\n", b"\n\r"))
    return _DATED.match(line) is not None or (blank and _BARE.match(line) is not None)


def _uid(at: int, line: bytes, head: bytes) -> int:
    kept = [line]
    for said in head.splitlines():
        if not said:
            break
        if not said.lower().startswith(_CHANGING):
            kept.append(said)
    mark = hashlib.blake2b(b"\n".join(kept), digest_size=2).digest()
    return (at + 1) << 16 | int.from_bytes(mark, "big")


def _moment(line: bytes) -> datetime | None:
    match = _DATED.match(line)
    if match is None:
        return None
    zone = match["late"] or match["zone"] or b""
    try:
        ahead = timedelta()
        if zone[:1] in (b"+", b"-"):
            ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
            ahead = -ahead if zone[:1] == b"-" else ahead
        return datetime(
            int(match["year"]),
            _MONTHS.index(match["month"]) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"] or 0),
            tzinfo=timezone(ahead),
        ).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


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
