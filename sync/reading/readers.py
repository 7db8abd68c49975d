"""Three readers for a message's body, of which the first that is not in doubt is believed.

    bytes ─▶ tidied ─▶ headers.scan ─▶ a reader ─▶ Tree ─▶ bodies.compose ─▶ Body
                                          ▲                    │
                                          └── the next one ◀───┘ where it raises or doubts

The header is read by one scanner, whichever reader opens the body: so a headprint computed from a
header alone is the headprint of the whole letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.base.i18n import lazy
from sync.errors import UnreadableMessageError
from sync.reading import bodies, fast, headers, second, standard
from sync.reading.mime import ReaderError, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.reading.bodies import Body
    from sync.reading.headers import Fields

#: A header beyond these is handed to the readers with its MIME fields alone; ours has read it.
LARGEST_HEADER = 1 << 17
MOST_ENCODED_WORDS = 1000

#: So much is read of the body of a message that is made to take a reader's time.
BEGINNING = 1 << 18


_SIGN = re.compile(rb"[^\r\n\t \x00]")
#: Kept as they stand here, and said in the reader's language where they are shown.
_EMPTY = lazy("the message is empty")
_NONSENSE = lazy("no reader can make sense of the message")


class Reader(NamedTuple):
    """One way to open a message: its word in `Letter.reader`, and what does it."""

    name: str
    open_tree: Callable[[bytes, Fields], Tree]


READERS = (
    Reader("fast", fast.open_tree),
    Reader("second", second.open_tree),
    Reader("standard", standard.open_tree),
)


class Opened(NamedTuple):
    """A message as one reader opened it."""

    reader: str
    tree: Tree
    body: Body
    doubts: tuple[str, ...]  # why the readers before were not believed


def tidied(raw: bytes) -> bytes:
    """Return a message that begins with its header and whose lines end as lines do.

    Raises UnreadableMessageError where there is nothing.
    """
    if raw.startswith((b"From ", b">From ")):  # A line of an mbox (RFC 4155) that was left in.
        raw = raw.partition(b"\n")[2]
    if raw[:1] in (b"\n", b"\r", b"\xef"):
        raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\r" in raw[:2000]:
        if b"\r\r\n" in raw[:2000]:
            raw = raw.replace(b"\r\r\n", b"\r\n")
        elif b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")
    if _SIGN.search(raw) is None:
        raise UnreadableMessageError(_EMPTY)
    return raw


def open_message(raw: bytes, fields: Fields) -> Opened:
    """Open a tidied message with the first reader that is in no doubt.

    Only the first reader's doubts count: the second may be as puzzled, and is believed all the
    same. Raises UnreadableMessageError where none can open it.
    """
    raw, fields = _mended(raw, fields)
    doubts: list[str] = []
    puzzled: Opened | None = None
    for reader in READERS:
        try:
            tree = reader.open_tree(raw, fields)
        except ReaderError as error:
            doubts.append(f"{reader.name} reader: {error}")
            continue
        body = bodies.compose(tree.leaves)
        opened = Opened(reader.name, tree, body, tuple(doubts))
        doubt = tree.doubt or body.doubt
        if not doubt or reader is not READERS[0]:
            return opened
        doubts.append(f"{reader.name} reader: {doubt}")
        puzzled = opened
    if puzzled is None:
        return _beginning(raw, fields, doubts)
    return puzzled._replace(doubts=tuple(doubts))


def _beginning(raw: bytes, fields: Fields, doubts: Sequence[str]) -> Opened:
    """Open the beginning of a message that all readers refuse, if it is for its size."""
    if len(raw) <= BEGINNING:
        raise UnreadableMessageError(_NONSENSE)
    try:
        tree = fast.open_tree(raw[: fields.body_at + BEGINNING], fields)
    except ReaderError:
        raise UnreadableMessageError(_NONSENSE) from None
    tree = tree._replace(more=tree.more + 1, notes=(*tree.notes, "only the beginning was read"))
    return Opened("fast", tree, bodies.compose(tree.leaves), tuple(doubts))


def _mended(raw: bytes, fields: Fields) -> tuple[bytes, Fields]:
    """Give the readers a header that they can take: no line that is none, and not a megabyte."""
    if fields.mended:
        raw = fields.mended + b"\n\n" + raw[fields.body_at :]
        fields = headers.scan(raw)
    if fields.body_at <= LARGEST_HEADER and (
        fields.body_at < MOST_ENCODED_WORDS
        or raw.count(b"=?", 0, fields.body_at) <= MOST_ENCODED_WORDS
    ):
        return raw, fields
    kept = [
        f"{name}: {values[0][:2000]}"
        for name, values in fields.values.items()
        if name == "mime-version" or name.startswith("content-")
    ]
    short = "\n".join(kept).encode("utf-8", "surrogateescape") + b"\n\n"
    return short + raw[fields.body_at :], fields._replace(body_at=len(short))
