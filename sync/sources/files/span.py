"""A letter in a file: the whole of it, or a stretch of an mbox, read in pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from crm.mail.letter import Flag

BLOCK: Final = 65_536
#: mboxrd: one ">" is taken off every line that is "From " behind any number of them.
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to `end` of a file; `quoted` where an mbox has escaped its lines."""

    path: Path
    start: int
    end: int
    quoted: bool = False

    @property
    def size(self) -> int:
        """Return the number of bytes in the file."""
        return self.end - self.start

    def read(self, most: int | None = None) -> bytes:
        """Return the bytes as the letter has them, at most so many. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            raw = file.read(self.size if most is None else min(most, self.size))
        return unquoted(raw) if self.quoted else raw

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes as the letter has them, in pieces of about BLOCK. Raises OSError."""
        held = b""
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = self.size
            while left and (block := file.read(min(left, BLOCK))):
                left -= len(block)
                if not self.quoted:
                    yield block
                    continue
                held += block
                end = held.rfind(b"\n") + 1 or (len(held) if len(held) > BLOCK else 0)
                yield unquoted(held[:end])
                held = held[end:]
        if held:
            yield unquoted(held)


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter of a folder, before it is read."""

    uid: int
    span: Span
    received_at: datetime | None
    flags: frozenset[Flag] = frozenset()


def unquoted(raw: bytes) -> bytes:
    """Undo an mbox's escape of lines that begin with "From "."""
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw
