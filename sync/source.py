"""Somewhere mail lives, and what it hands over. Three kinds exist: imap, files and gmail."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from types import TracebackType

    from crm.filing.labelling import Meaning
    from crm.mail.letter import Flag, LeftPart


class FolderRole(StrEnum):
    """What a folder is for: by its SPECIAL-USE (RFC 6154), or by its name."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFT = "draft"
    TRASH = "trash"
    SPAM = "spam"
    ARCHIVE = "archive"
    ALL = "all"
    NONE = ""


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as the server has it now."""

    name: str  # as the server calls it, decoded from modified UTF-7 where need be
    role: FolderRole
    uidvalidity: int
    uidnext: int
    count: int
    modseq: int | None = None  # HIGHESTMODSEQ where the server has CONDSTORE (RFC 7162)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one message is, and what the server says of it without its body."""

    folder: str
    uidvalidity: int
    uid: int
    size: int = 0  # RFC822.SIZE
    received_at: datetime | None = None  # INTERNALDATE in UTC


class Way(IntEnum):
    """How letters are asked for: many with one call, one by one, or each by its parts."""

    TOGETHER = 0
    ALONE = 1
    BY_PARTS = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a folder to be brought in: UIDs above `cursor`, up to and with `last`.

    `last` is None for the live stretch, which has no end. Where the server counts nothing, the
    piece is the UIDs that it names, ascending.
    """

    folder: str
    uidvalidity: int
    cursor: int
    last: int | None
    uids: tuple[int, ...] | None = None
    way: int = Way.TOGETHER


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as the server gave it.

    A letter above LETTER_LIMIT comes by its parts: `raw` is then its header and its text parts put
    together as a smaller message that reads the same, and `left` says what stayed on the server.
    `trouble` says in fixed words why there are no bytes although the server lists the message;
    `rule`, by which rule of the ledger what came is not kept; `thread` is the provider's.
    """

    place: Place
    raw: bytes
    flags: frozenset[Flag] = frozenset()
    left: tuple[LeftPart, ...] = ()
    trouble: str = ""
    labels: tuple[str, ...] = ()
    rule: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """All that a mailbox with a history holds: ids, the newest first, and how each is asked for.

    `kept_out` are those that are not kept, with the label that says so.
    """

    uids: Collection[int]
    kept_out: dict[int, frozenset[str]]
    alone: frozenset[int]
    by_parts: frozenset[int]

    def way(self, uid: int) -> Way:
        """Return how a letter is asked for."""
        if uid in self.by_parts:
            return Way.BY_PARTS
        return Way.ALONE if uid in self.alone else Way.TOGETHER


@dataclass(slots=True)
class Changes:
    """What became of messages since a point of a history, and up to which point.

    Of what was added the labels of that moment; of what was labelled, what came and what went.
    """

    until: int
    added: dict[int, frozenset[str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    labelled: dict[int, tuple[set[str], set[str]]] = field(default_factory=dict)


#: Letters that a batch has at most. Of 50 it costs a third more CPU than of 250; where a worker is
#: killed, most of a batch has been fetched in vain: docs/decisions/0010.
BATCH_COUNT: Final = 150


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages with the two cursors between which they lie.

    Every UID in (since, until] is among the messages, or the server did not list it, or it
    vanished meanwhile.
    """

    since: int
    until: int
    messages: tuple[RawMessage, ...]


class MailSource(Protocol):
    """Somewhere mail lives. A source only reads, and remembers nothing.

    Raises the errors of `sync.errors`; every network call has a time-out. Use it as a context
    manager: leaving closes the connection.
    """

    def folders(self, until: float = math.inf) -> tuple[FolderState, ...]:
        """Return every folder that can hold messages, in the server's order.

        One that cannot be selected is left out here and named by `unavailable`. Of a server that is
        slow, those that were not asked about by `until`, of the monotonic clock, are left out too,
        and named by `unasked`.
        """

    @property
    def unasked(self) -> tuple[tuple[str, FolderRole], ...]:
        """Return the folders that `folders` had no time for."""

    @property
    def unavailable(self) -> tuple[tuple[str, str], ...]:
        """Return the folders that `folders` had to leave out, each with the reason in words."""

    def uids(self, folder: FolderState) -> Iterator[int]:
        """Yield the UIDs that the server has now, ascending: the cheapest comparison.

        The server is asked when the first is wanted.
        """

    def listing(self, folder: FolderState) -> Iterator[Place]:
        """Yield what the server has now, by ascending UID: place, size, date; no body."""

    def headers(self, places: Sequence[Place]) -> Iterator[RawMessage]:
        """Yield the header blocks alone, for the preview and to recognise moved letters."""

    def batches(self, stretch: Stretch, most: int | None = None) -> Iterator[Batch]:
        """Yield what a stretch still holds, from its cursor on. Raises CursorExpiredError.

        A batch has at most so many letters; BATCH_COUNT, where nothing is said.
        """

    def letter(self, place: Place) -> RawMessage:
        """Return one message again, whole. Raises MessageGoneError."""

    def part(self, place: Place, part: str) -> Iterator[bytes]:
        """Stream one attachment, decoded, in pieces of at most 64 KB."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class FlagSource(MailSource, Protocol):
    """A source whose server tells flags, and not with its history."""

    def flags(
        self, folder: FolderState, since: int | None
    ) -> Iterator[tuple[int, frozenset[Flag]]]:
        """Yield UIDs with their flags: of what changed after a modseq; of everything without."""


@runtime_checkable
class HistorySource(MailSource, Protocol):
    """A source whose server counts nothing, and keeps a history of what has changed.

    Its one folder's modseq is how far the history has come.
    """

    @property
    def meaning(self) -> Meaning:
        """Return what labels mean in our words."""

    @property
    def from_listing(self) -> bool:
        """Tell whether letters come with labels that were listed a while before."""

    def prepare(self) -> None:
        """Ask for what every stretch needs, before one is taken: that may last."""

    def stock(self) -> Stock:
        """Return all that there is."""

    def skipped(self) -> dict[str, int]:
        """Return how much is not kept, by the rule by which it is not."""

    def newest(self, most: int) -> list[int]:
        """Return the ids of the newest messages."""

    def changes(self, since: int) -> Changes:
        """Return what happened after a point of the history. Raises CursorExpiredError."""

    def large(self, uids: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Return which of these are asked for alone, and which of those by their parts."""

    def aliases(self) -> tuple[str, ...]:
        """Return the addresses from which the mailbox's owner may send, its own among them."""

    def labels(self) -> dict[str, str]:
        """Return the mailbox's labels: their names by their ids."""

    def labelled(self, label: str) -> Iterator[int]:
        """Yield the ids of what bears a label, by the label's id."""
