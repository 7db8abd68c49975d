"""A mailbox on an IMAP server, as a source of mail.

One connection, opened when it is first needed and again after an error. Between two questions a
source knows nothing but its login and which folder is open:

    folders   LIST, STATUS of each
    uids      EXAMINE, UID SEARCH ALL
    flags     EXAMINE, UID SEARCH MODSEQ or ALL, FLAGS in thousands
    listing   EXAMINE, UID SEARCH ALL, sizes in thousands
    batches   EXAMINE, UID SEARCH from the cursor on, sizes, then bodies by count and bytes
    part      EXAMINE, BODYSTRUCTURE, BODY.PEEK[section] in ranges

UIDNEXT and EXISTS are never relied on, and no UID that yielded nothing moves a live cursor.
"""

from __future__ import annotations

import math
import re
import time
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Final, Self

from sync.errors import MessageGoneError, SourceUnavailableError
from sync.reaching import addresses_of
from sync.source import BATCH_COUNT, Batch, FolderRole, Place, RawMessage
from sync.sources.decoding import PIECE, decoded
from sync.sources.imap import items
from sync.sources.imap.bodies import SIZED_MOST, UNTOLD, sizes_of, structure, take
from sync.sources.imap.folders import UID_MOST, examine, overview
from sync.sources.imap.grammar import GarbledError
from sync.sources.imap.login import close, connect
from sync.sources.imap.words import plain_words
from sync.sources.letters import find

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from types import TracebackType

    from crm.mail.letter import Flag
    from sync.source import FolderState, Stretch
    from sync.sources.imap.login import ImapLogin
    from sync.sources.imap.wire import Wire

#: What one batch may hold; a letter taken by its parts counts as BY_PARTS at most.
BATCH_BYTES: Final = 8_000_000
BY_PARTS: Final = 5_000_000
#: What a letter counts where the server tells no size.
UNKNOWN: Final = BATCH_BYTES // 25
#: How many header blocks come at once, and how much of each.
HEADS_COUNT: Final = 100
HEAD_MOST: Final = 262_144
#: How much of a part comes at once: a multiple of 64 KB.
RANGE: Final = 8 * PIECE
_SECTION: Final = re.compile(r"(?:TEXT|[1-9]\d{0,4}(?:\.[1-9]\d{0,4}){0,60})\Z")


class ImapSource:
    """Mail on an IMAP server. Reads, and touches nothing."""

    def __init__(
        self,
        login: ImapLogin,
        *,
        excluded: Collection[str] = (),
        letter_limit: int = 10_000_000,
        timeout: float = 30,
        within: float = math.inf,
        allow_plain: bool = False,
        connect_to: Callable[[str], Sequence[str]] = addresses_of,
    ) -> None:
        self._login = login
        self._excluded = frozenset(excluded)
        self._letter_limit = letter_limit
        self._timeout = timeout
        self._allow_plain = allow_plain
        self._connect_to = connect_to
        self._wire: Wire | None = None
        self._opened: tuple[str, int] | None = None
        self._until = time.monotonic() + within
        self._unavailable: tuple[tuple[str, str], ...] = ()
        self._unasked: tuple[tuple[str, FolderRole], ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._wire is not None:
            close(self._wire, politely=error is None)
            self._wire = None

    @property
    def unavailable(self) -> tuple[tuple[str, str], ...]:
        """Return the folders that `folders` had to leave out, each with the reason in words."""
        return self._unavailable

    @property
    def unasked(self) -> tuple[tuple[str, FolderRole], ...]:
        """Return the folders that `folders` had no time for."""
        return self._unasked

    def folders(self, until: float = math.inf) -> tuple[FolderState, ...]:
        """Return every folder that can hold messages, in the server's order."""
        with self._connected() as wire:
            found = overview(wire, self._excluded, until)
        self._unavailable, self._unasked = found.unavailable, found.unasked
        return found.folders

    def uids(self, folder: FolderState) -> Iterator[int]:
        """Yield the UIDs that the server has now, ascending: the cheapest comparison."""
        yield from self._all(folder)

    def listing(self, folder: FolderState) -> Iterator[Place]:
        """Yield what the server has now, by ascending UID: place, size, date; no body."""
        uids = self._all(folder)
        for start in range(0, len(uids), SIZED_MOST):
            piece = uids[start : start + SIZED_MOST]
            with self._open(folder.name, folder.uidvalidity) as wire:
                found = sizes_of(wire, piece, "INTERNALDATE")
            for uid in piece:
                said = found.get(uid, {})
                received_at = items.moment(said.get(b"INTERNALDATE"))
                yield Place(folder.name, folder.uidvalidity, uid, items.size(said), received_at)

    def flags(
        self, folder: FolderState, since: int | None
    ) -> Iterator[tuple[int, frozenset[Flag]]]:
        """Yield UIDs with their flags: of what changed after a modseq; of everything without."""
        if since is None or folder.modseq is None:
            uids = self._all(folder)
        else:
            with self._open(folder.name, folder.uidvalidity, afresh=True) as wire:
                uids = wire.list_uids("MODSEQ", str(since + 1))
        for piece, text in items.sets_of(uids, SIZED_MOST):
            asked = set(piece)
            with self._open(folder.name, folder.uidvalidity) as wire:
                answer = [said for said in wire.fetch_items(text, "(FLAGS)") if b"FLAGS" in said]
            for said in answer:
                if said[b"UID"] in asked:
                    yield said[b"UID"], items.flags(said[b"FLAGS"])

    def batches(self, stretch: Stretch, most: int | None = None) -> Iterator[Batch]:
        """Yield what a stretch still holds, from its cursor on. Raises CursorExpiredError."""
        last = UID_MOST if stretch.last is None else min(stretch.last, UID_MOST)
        since = stretch.cursor
        if since >= last:
            return
        end = "*" if stretch.last is None else str(last)
        with self._open(stretch.folder, stretch.uidvalidity, afresh=True) as wire:
            # n:* always names the newest message, whatever its UID (RFC 3501, section 6.4.8).
            listed = [
                uid for uid in wire.list_uids("UID", f"{since + 1}:{end}") if since < uid <= last
            ]
        for sizes in self._groups(stretch, listed, most or BATCH_COUNT):
            with self._open(stretch.folder, stretch.uidvalidity) as wire:
                messages = take(
                    wire, stretch.folder, stretch.uidvalidity, sizes, self._letter_limit
                )
            until = max(sizes)
            if stretch.last is None:
                # A server may list what it does not have; the live cursor waits for a letter.
                until = max((message.place.uid for message in messages), default=since)
            elif until == listed[-1]:
                until = stretch.last
            if until > since:
                yield Batch(since, until, messages)
                since = until
        if stretch.last is not None and since < stretch.last:
            yield Batch(since, stretch.last, ())

    def headers(self, places: Sequence[Place]) -> Iterator[RawMessage]:
        """Yield the header blocks alone, for the preview and to recognise moved letters."""
        wanted = f"(FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.{HEAD_MOST}>)"
        for (folder, uidvalidity), same in groupby(places, lambda at: (at.folder, at.uidvalidity)):
            uids = sorted({place.uid for place in same})
            for piece, text in items.sets_of(uids, HEADS_COUNT):
                with self._open(folder, uidvalidity) as wire:
                    answer = {said[b"UID"]: said for said in wire.fetch_items(text, wanted)}
                for uid in piece:
                    said = answer.get(uid, {})
                    if header := items.body(said, "HEADER"):
                        at = items.moment(said.get(b"INTERNALDATE"))
                        place = Place(folder, uidvalidity, uid, items.size(said), at)
                        yield RawMessage(place, header, items.flags(said.get(b"FLAGS")))

    def letter(self, place: Place) -> RawMessage:
        """Return one message again, whole or by its parts. Raises MessageGoneError."""
        with self._open(place.folder, place.uidvalidity) as wire:
            sizes = {uid: items.size(said) for uid, said in sizes_of(wire, [place.uid]).items()}
            found = take(wire, place.folder, place.uidvalidity, sizes, self._letter_limit)
        if not found:
            raise MessageGoneError(f"{place.folder!r} has no message {place.uid} any more")
        return found[0]

    def part(self, place: Place, part: str) -> Iterator[bytes]:
        """Stream one attachment, decoded, in pieces of at most 64 KB. Raises MessageGoneError."""
        if not _SECTION.match(part):
            raise MessageGoneError(f"No letter has a part {part[:20]!r}")
        with self._open(place.folder, place.uidvalidity) as wire:
            try:
                found = structure(wire, place.uid)
            except GarbledError:
                node = None
            else:
                if found is None:
                    raise MessageGoneError(f"{place.folder!r} has no message {place.uid} any more")
                node = find(found[1], part)
        if node is None and part != "TEXT":
            raise MessageGoneError(f"Message {place.uid} of {place.folder!r} has no part {part}")
        yield from decoded(self._ranges(place, part), node.encoding if node else "")

    def _all(self, folder: FolderState) -> list[int]:
        with self._open(folder.name, folder.uidvalidity, afresh=True) as wire:
            return wire.list_uids("ALL")

    def _ranges(self, place: Place, part: str) -> Iterator[bytes]:
        """Yield a part as it is encoded, range by range: never more than one in memory."""
        start, length = 0, RANGE
        while length == RANGE:
            wanted = f"(BODY.PEEK[{part}]<{start}.{RANGE}>)"
            name = f"BODY[{part}]<{start}>".encode("ascii")
            with self._open(place.folder, place.uidvalidity) as wire:
                answer = [
                    said
                    for said in wire.fetch_items(str(place.uid), wanted)
                    if said[b"UID"] == place.uid
                ]
            if not answer:
                raise MessageGoneError(f"{place.folder!r} has no message {place.uid} any more")
            found = next((said[name] for said in answer if name in said), b"")
            piece = str(found).encode("ascii") if isinstance(found, int) else found or b""
            if len(piece) > RANGE:
                raise SourceUnavailableError(f"{self._server} sends more than it was asked for.")
            start, length = start + len(piece), len(piece)
            yield piece

    def _groups(
        self, stretch: Stretch, listed: Sequence[int], most: int
    ) -> Iterator[dict[int, int]]:
        """Cut what is listed into batches by count and bytes: UIDs with their sizes."""
        for start in range(0, len(listed), SIZED_MOST):
            piece = listed[start : start + SIZED_MOST]
            with self._open(stretch.folder, stretch.uidvalidity) as wire:
                found = sizes_of(wire, piece)
            sizes = {uid: items.size(found[uid]) if uid in found else UNTOLD for uid in piece}
            yield from self._cut(sizes.items(), most)

    def _cut(self, sizes: Iterable[tuple[int, int]], most: int) -> Iterator[dict[int, int]]:
        group: dict[int, int] = {}
        held = 0
        for uid, size in sizes:
            cost = min(size, BY_PARTS) if size > self._letter_limit else size
            cost = cost if cost > 0 else UNKNOWN
            if group and (len(group) >= most or held + cost > BATCH_BYTES):
                yield group
                group, held = {}, 0
            group[uid] = size
            held += cost
        if group:
            yield group

    @property
    def _server(self) -> str:
        return f"{self._login.host}:{self._login.port}"

    @contextmanager
    def _connected(self) -> Iterator[Wire]:
        """Lend the connection. Whatever goes wrong on it ends it and is said in plain words."""
        try:
            with plain_words(self._server):
                if self._wire is None:
                    self._opened = None
                    self._wire = connect(
                        self._login,
                        timeout=self._timeout,
                        until=self._until,
                        allow_plain=self._allow_plain,
                        connect_to=self._connect_to,
                    )
                yield self._wire
        except SourceUnavailableError:
            if self._wire is not None:
                close(self._wire)
                self._wire = None
            raise

    @contextmanager
    def _open(self, folder: str, uidvalidity: int, *, afresh: bool = False) -> Iterator[Wire]:
        """Lend the connection with a folder open for reading."""
        with self._connected() as wire:
            if afresh or self._opened != (folder, uidvalidity):
                self._opened = None
                examine(wire, folder, uidvalidity)
                self._opened = (folder, uidvalidity)
            yield wire
