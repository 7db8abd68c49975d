"""Mail in files as a source of mail. Reads, and touches nothing."""

from __future__ import annotations

import math
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from crm.base.i18n import lazy
from sync.errors import (
    CursorExpiredError,
    FolderUnavailableError,
    MessageGoneError,
    SourceUnavailableError,
)
from sync.source import BATCH_COUNT, Batch, FolderRole, FolderState, Place, RawMessage
from sync.sources.decoding import decoded
from sync.sources.files.folders import folders_at
from sync.sources.files.scan import Scan, scan
from sync.sources.letters import (
    HEADER_MOST,
    MIME_MOST,
    TEXT_MOST,
    Node,
    Text,
    choose,
    cut,
    find,
    put_together,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from crm.mail.letter import Flag, LeftPart
    from sync.source import Stretch
    from sync.sources.files.shelf import Folder
    from sync.sources.files.span import Entry, Span

#: The number of the scheme by which files get their UIDs: see the package's docstring.
UIDVALIDITY: Final = 1
BATCH_BYTES: Final = 8_000_000
BY_PARTS: Final = 5_000_000
HEAD_MOST: Final = 262_144
UNREADABLE: Final = lazy("file cannot be read")


class FilesSource:
    """An mbox, a Maildir, or a folder of .eml files."""

    def __init__(self, path: str | Path, *, letter_limit: int = 10_000_000) -> None:
        self._path = Path(path).resolve()
        self._letter_limit = letter_limit
        self._found: dict[str, Folder] = {}
        self._closed: list[OSError] = []
        self._unavailable: tuple[tuple[str, str], ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave: no file stays open between two questions."""

    @property
    def unavailable(self) -> tuple[tuple[str, str], ...]:
        """Return the folders that `folders` had to leave out, each with the reason in words."""
        return self._unavailable

    @property
    def unasked(self) -> tuple[tuple[str, FolderRole], ...]:
        """Return the folders that `folders` had no time for: none, for it waits for nobody."""
        return ()

    def folders(self, until: float = math.inf) -> tuple[FolderState, ...]:  # noqa: ARG002
        """Return every folder that holds letters or is made for them, in order of name."""
        self._look()
        states: list[FolderState] = []
        unavailable: list[tuple[str, str]] = []
        for name, folder in self._found.items():
            count, last = 0, 0
            try:
                for entry in folder.entries():
                    count, last = count + 1, entry.uid
            except OSError as error:
                unavailable.append((name, f"it cannot be read: {error.strerror}"))
                continue
            states.append(FolderState(name, folder.role, UIDVALIDITY, last + 1, count))
        unavailable += [
            (str(error.filename), f"it cannot be read: {error.strerror}") for error in self._closed
        ]
        self._unavailable = tuple(unavailable)
        return tuple(states)

    def uids(self, folder: FolderState) -> Iterator[int]:
        """Yield the UIDs that are there now, ascending."""
        return (place.uid for place in self.listing(folder))

    def flags(
        self, folder: FolderState, since: int | None
    ) -> Iterator[tuple[int, frozenset[Flag]]]:
        """Yield UIDs with their flags, of everything: files have no modseq."""
        assert since is None
        with _plain_words(folder.name):
            for entry in self._folder(folder.name, folder.uidvalidity).entries():
                yield entry.uid, entry.flags

    def listing(self, folder: FolderState) -> Iterator[Place]:
        """Yield what is there now, by ascending UID: place, size, date; no body."""
        with _plain_words(folder.name):
            for entry in self._folder(folder.name, folder.uidvalidity).entries():
                yield _place(folder.name, entry)

    def batches(self, stretch: Stretch, most: int | None = None) -> Iterator[Batch]:
        """Yield what a stretch still holds, from its cursor on. Raises CursorExpiredError."""
        folder = self._folder(stretch.folder, stretch.uidvalidity)
        since, held, most = stretch.cursor, 0, most or BATCH_COUNT
        messages: list[RawMessage] = []
        with _plain_words(stretch.folder):
            for entry in folder.entries(stretch.cursor):
                if stretch.last is not None and entry.uid > stretch.last:
                    break
                large = entry.span.size > self._letter_limit
                cost = min(entry.span.size, BY_PARTS) if large else entry.span.size
                if messages and (len(messages) >= most or held + cost > BATCH_BYTES):
                    until = messages[-1].place.uid
                    yield Batch(since, until, tuple(messages))
                    since, held, messages = until, 0, []
                message = self._message(folder, entry)
                if message is not None:
                    messages.append(message)
                    held += cost
        until = messages[-1].place.uid if messages else since
        until = until if stretch.last is None else stretch.last
        if until > since:
            yield Batch(since, until, tuple(messages))

    def headers(self, places: Sequence[Place]) -> Iterator[RawMessage]:
        """Yield the header blocks alone, for the preview and to recognise moved letters."""
        for place in places:
            entry = self._entry(place)
            if entry is None:
                continue
            with _plain_words(place.folder):
                header = _header(entry.span.read(HEAD_MOST))
            yield RawMessage(_place(place.folder, entry), header, entry.flags)

    def letter(self, place: Place) -> RawMessage:
        """Return one message again, whole or by its parts. Raises MessageGoneError."""
        folder = self._folder(place.folder, place.uidvalidity)
        entry = self._entry(place)
        found = self._message(folder, entry) if entry is not None else None
        if found is None:
            raise _gone(place)
        return found

    def part(self, place: Place, part: str) -> Iterator[bytes]:
        """Stream one attachment, decoded, in pieces of at most 64 KB. Raises MessageGoneError."""
        entry = self._entry(place)
        if entry is None:
            raise _gone(place)
        with _plain_words(place.folder):
            found = _part(entry.span, part)
            if found is None:
                raise MessageGoneError(f"Message {place.uid} has no part {part[:20]!r}")
            body, encoding = found
            yield from decoded(body.pieces(), encoding)

    def _message(self, folder: Folder, entry: Entry) -> RawMessage | None:
        """Read a letter; a second time where its flags have moved the file meanwhile."""
        for _ in range(2):
            try:
                raw, left = self._read(entry.span)
            except FileNotFoundError:
                again = folder.entry(entry.uid)
                if again is None:
                    return None
                entry = again
            except OSError:
                return RawMessage(_place(folder.name, entry), b"", entry.flags, trouble=UNREADABLE)
            else:
                return RawMessage(_place(folder.name, entry), raw, entry.flags, left)
        return None

    def _read(self, span: Span) -> tuple[bytes, tuple[LeftPart, ...]]:
        if span.size <= self._letter_limit:
            return span.read(), ()
        found = scan(span)
        choice = choose(found.root)
        texts = {leaf.section: _text(found, leaf) for leaf in choice.taken}
        return put_together(found.header.read(HEADER_MOST), found.root, texts), choice.left

    def _entry(self, place: Place) -> Entry | None:
        with _plain_words(place.folder):
            return self._folder(place.folder, place.uidvalidity).entry(place.uid)

    def _folder(self, name: str, uidvalidity: int) -> Folder:
        if uidvalidity != UIDVALIDITY:
            raise CursorExpiredError(f"Files are numbered anew: {UIDVALIDITY}, not {uidvalidity}")
        if name not in self._found:
            self._look()
        if name not in self._found:
            raise FolderUnavailableError(f"There is no folder {name!r} in {self._path}")
        return self._found[name]

    def _look(self) -> None:
        with _plain_words(str(self._path)):
            known = self._found
            found: dict[str, Folder] = {}
            self._closed = []
            for folder in folders_at(self._path, self._closed):
                while folder.name in found:  # `a.mbox` beside the directory `a`
                    folder.name += "~"
                found[folder.name] = folder
            self._found = {name: known.get(name, folder) for name, folder in found.items()}


@contextmanager
def _plain_words(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceUnavailableError(f"{name} cannot be read: {error.strerror}") from error


def _place(folder: str, entry: Entry) -> Place:
    return Place(folder, UIDVALIDITY, entry.uid, entry.span.size, entry.received_at)


def _gone(place: Place) -> MessageGoneError:
    return MessageGoneError(f"{place.folder!r} has no message {place.uid} any more")


def _header(block: bytes) -> bytes:
    ends = [at + len(mark) for mark in (b"\n\n", b"\n\r\n") if (at := block.find(mark)) >= 0]
    return block[: min(ends)] if ends else block


def _text(found: Scan, leaf: Node) -> Text:
    extent = found.extents[leaf.section]
    body = extent.body.read(TEXT_MOST)
    return Text(
        extent.head.read(MIME_MOST), cut(body, len(body)) if extent.body.size > TEXT_MOST else body
    )


def _part(span: Span, section: str) -> tuple[Span, str] | None:
    """Find a part, in attached letters too, and how it is encoded."""
    prefix = ""
    while True:
        found = scan(span, prefix)
        if section == "TEXT" and not prefix:
            return _body(found, span), ""
        node = find(found.root, section)
        if node is not None and section in found.extents:
            return found.extents[section].body, node.encoding
        inner = [
            leaf
            for leaf in found.extents
            if section.startswith(f"{leaf}.") and leaf != prefix and _holds(found, leaf)
        ]
        if not inner:
            return None
        prefix = max(inner, key=len)
        span = found.extents[prefix].body


def _holds(found: Scan, section: str) -> bool:
    node = find(found.root, section)
    return node is not None and node.content_type == "message/rfc822"


def _body(found: Scan, span: Span) -> Span:
    return type(span)(span.path, found.header.end, span.end, span.quoted)
