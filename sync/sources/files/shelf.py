"""A folder whose letters are files: a Maildir's `cur` and `new`, or a directory of .eml files."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from crm.mail.letter import Flag
from sync.sources.files.span import Entry, Span
from sync.sources.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.source import FolderRole

#: Behind the unique part of a name come its flags; Windows allows no colon.
_STATE: Final = re.compile(r"[:;!]2,(?P<letters>[A-Za-z]*)\Z")
_SECONDS: Final = re.compile(r"(\d{9,10})(?=\D|\Z)")
_FLAGS: Final = {"D": Flag.DRAFT, "F": Flag.FLAGGED, "R": Flag.ANSWERED, "S": Flag.SEEN}


class Folder(Protocol):
    """A folder of files."""

    name: str
    role: FolderRole

    def entries(self, above: int = 0) -> Iterator[Entry]:
        """Yield the letters with a UID above, ascending. Raises OSError."""

    def entry(self, uid: int) -> Entry | None:
        """Find a letter by its UID. Raises OSError."""


class Maildir:
    """A Maildir, or one of its subfolders."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.role = role_of(name)
        self._path = path
        self._known: dict[int, Entry] = {}

    def entries(self, above: int = 0) -> Iterator[Entry]:
        """Yield the letters with a UID above, ascending. Raises OSError."""
        found: list[tuple[int, str, os.DirEntry[str]]] = []
        for kind in ("cur", "new"):
            for file in _files(self._path / kind):
                unique = _STATE.sub("", file.name)
                found.append((_timed(unique), unique, file))
        self._known = _numbered(found)
        yield from (entry for uid, entry in self._known.items() if uid > above)

    def entry(self, uid: int) -> Entry | None:
        """Find a letter by its UID, wherever its flags have moved it. Raises OSError."""
        return _still(self, self._known, uid)


class Loose:
    """A directory of letters, one a file."""

    def __init__(self, path: Path, name: str, *, suffix: str) -> None:
        self.name = name
        self.role = role_of(name)
        self._path = path
        self._suffix = suffix
        self._known: dict[int, Entry] = {}

    def entries(self, above: int = 0) -> Iterator[Entry]:
        """Yield the letters with a UID above, ascending. Raises OSError."""
        self._known = _numbered(
            [
                (_untimed(file.name), file.name, file)
                for file in _files(self._path)
                if file.name.lower().endswith(self._suffix)
            ]
        )
        yield from (entry for uid, entry in self._known.items() if uid > above)

    def entry(self, uid: int) -> Entry | None:
        """Find a letter by its UID. Raises OSError."""
        return _still(self, self._known, uid)


def _still(folder: Folder, known: dict[int, Entry], uid: int) -> Entry | None:
    """Return what was seen of a letter if it is still so; or else look again."""
    seen = known.get(uid)
    if seen is not None and seen.span.path.exists():
        return seen
    above = next(folder.entries(uid - 1), None)
    return above if above is not None and above.uid == uid else None


def _files(path: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the regular files of a directory: no links, which may lead anywhere, nothing hidden."""
    if not path.is_dir():
        return
    with os.scandir(path) as found:
        for file in found:
            if file.is_file(follow_symlinks=False) and not file.name.startswith("."):
                yield file


def _numbered(found: list[tuple[int, str, os.DirEntry[str]]]) -> dict[int, Entry]:
    """Give each file its number, ascending. Of two that share one, the later name moves up."""
    known: dict[int, Entry] = {}
    last = 0
    for number, unique, file in sorted(found, key=lambda one: one[:2]):
        try:
            state = file.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # It has moved since the directory was read; the next listing finds it.
        last = max(number, last + 1)
        known[last] = Entry(
            last,
            Span(Path(file.path), 0, state.st_size),
            _arrival(unique, state.st_mtime),
            _flags(file.name),
        )
    return known


def _timed(unique: str) -> int:
    match = _SECONDS.match(unique)
    if match is None:
        return _untimed(unique)
    return (int(match[1]) << 31) + _hash(unique, 31)


def _untimed(name: str) -> int:
    return _hash(name, 53) or 1


def _hash(name: str, bits: int) -> int:
    mark = hashlib.blake2b(os.fsencode(name), digest_size=8).digest()
    return int.from_bytes(mark, "big") >> (64 - bits)


def _arrival(unique: str, changed: float) -> datetime | None:
    match = _SECONDS.match(unique)
    try:
        return datetime.fromtimestamp(int(match[1]) if match else changed, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _flags(name: str) -> frozenset[Flag]:
    match = _STATE.search(name)
    letters = match["letters"] if match else ""
    return frozenset(_FLAGS[letter] for letter in letters if letter in _FLAGS)
