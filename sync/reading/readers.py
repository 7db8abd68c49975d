"""Three readers for a message's body, of which the first that is not in doubt is believed.

    bytes ─▶ tidied ─▶ headers.scan ─▶ a reader ─▶ Tree ─▶ bodies.compose ─▶ Body
                                          ▲                    │
                                          └── the next one ◀───┘ where it raises or doubts

The header is read by one scanner, whichever reader opens the body: so a headprint computed from a
header alone is the headprint of the whole letter.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crm.base.i18n import lazy
from sync.errors import UnreadableMessageError
from sync.reading import bodies, doubts, fast, headers, packed, second, standard
from sync.reading.mime import ReaderError, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.reading.bodies import Body
    from sync.reading.headers import Fields

#: Longer messages are not copied for a shorter header, but for one of more encoded words.
LARGEST_COPY = 1 << 20
MOST_ENCODED_WORDS = 1000
#: So much of a header is searched for what its fields do not name: a sender, and the text.
LARGEST_HEADER = 1 << 17
#: What a reader has to know of a header to read the body (RFC 2045; RFC 2183).
_MIME = (
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "content-id",
    "content-description",
    "mime-version",
)
_LONGEST_FIELD = 2000

#: So much is read of the body of a message that is made to take a reader's time.
BEGINNING = 1 << 18


#: A sender's field at the beginning of a line.
_FROM = re.compile(rb"^from[ \t]*:[^\r\n]*@", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"^--([\w'()+,./:=?-]{1,70})\r?$", re.MULTILINE)
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
    if raw.startswith((b"From ", b">From ")) and not _FROM.match(raw):
        raw = raw.partition(b"\n")[2]  # A line of an mbox (RFC 4155) that was left in.
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
    """Open a tidied message with the first reader that is in no doubt, or with the next one.

    Only the first reader's doubts count: the second may be as puzzled, and is believed all the
    same, unless it finds less. Where nothing is wrong with the letter, it has to find more: it
    writes an attached message anew, while the first has the very bytes that were sent. Raises
    UnreadableMessageError where none can open it.
    """
    outside = _doubt_of_header(raw, fields)
    raw, fields = _with_mime_fields(raw, fields)
    said: list[str] = []
    believed: Opened | None = None
    doubt = ""
    for reader in READERS:
        try:
            tree = reader.open_tree(raw, fields)
        except ReaderError as error:
            said.append(f"{reader.name} reader: {error}")
            if believed is not None and doubt in doubts.HARMLESS:
                break
            continue
        tree = packed.unpacked(tree, fields, fast.open_tree)
        opened = Opened(reader.name, tree, bodies.compose(tree.leaves), ())
        if believed is not None:
            refusal = _refusal(doubt, opened, believed)
            if refusal:
                said.append(f"{reader.name} reader: {refusal}")
            else:
                believed = opened
            break
        believed = opened
        doubt = doubts.graver(doubts.graver(tree.doubt, opened.body.doubt), outside)
        if not doubt or reader is not READERS[0]:
            break
        said.append(f"{reader.name} reader: {doubt}")
    if believed is None:
        return _beginning(raw, fields, said)
    return believed._replace(doubts=tuple(said))


def _doubt_of_header(raw: bytes, fields: Fields) -> str:
    """Say what in a header calls for another look, whichever reader opens the body."""
    if not fields.values.get("from") and _FROM.search(raw, 0, min(fields.body_at, LARGEST_HEADER)):
        return doubts.NO_FROM
    if fields.mended:
        return doubts.HEADER_MENDED
    if not fields.ascii or "=?" in fields.first("subject"):
        shown = fields.text("subject", 500) + fields.text("from", 500)
        if "\ufffd" in shown:
            return doubts.HEADER_SIGNS
    return ""


def _refusal(doubt: str, opened: Opened, before: Opened) -> str:
    """Say why a second look is not believed; empty where it is."""
    if doubt in doubts.CERTAIN:
        return ""
    if doubt in doubts.HARMLESS:
        return "" if _finds_more(opened, before) else doubts.NO_MORE
    return doubts.LOST if _finds_less(opened, before) else ""


def _finds_less(opened: Opened, before: Opened) -> bool:
    """Tell whether a second look has lost what the first had: then the first is right.

    Text that was not decoded is no loss, so lengths are not compared, except with none at all.
    """
    here, there = opened.body, before.body
    return (
        len(here.attachments) < len(there.attachments)
        or (not here.text.strip() and bool(there.text.strip()))
        or here.text.count("\ufffd") > there.text.count("\ufffd")
    )


def _finds_more(opened: Opened, before: Opened) -> bool:
    here, there = opened.body, before.body
    more = len(here.attachments) > len(there.attachments) or _signs(here) > _signs(there)
    return more and not _finds_less(opened, before)


def _signs(body: Body) -> int:
    return sum(map(len, body.text.split()))


def _beginning(raw: bytes, fields: Fields, said: Sequence[str]) -> Opened:
    """Open the beginning of a message that all readers refuse, if it is for its size."""
    if len(raw) <= BEGINNING:
        raise UnreadableMessageError(_NONSENSE)
    try:
        tree = fast.open_tree(raw[: fields.body_at + BEGINNING], fields)
    except ReaderError:
        raise UnreadableMessageError(_NONSENSE) from None
    tree = tree._replace(more=tree.more + 1, notes=(*tree.notes, "only the beginning was read"))
    return Opened("fast", tree, bodies.compose(tree.leaves), tuple(said))


def _with_mime_fields(raw: bytes, fields: Fields) -> tuple[bytes, Fields]:
    """Give the readers a header of MIME fields alone: ours has read it, and they would again.

    So no header takes their time, be it a megabyte of traces or of encoded words. Left to them is
    one of which it is not known where it ends, for the text may begin there, or which of its fields
    counts; and one of common size above so much that a copy takes more than it saves.
    """
    type_field = fields.first("content-type")
    is_multipart = type_field[:10].lower() == "multipart/"
    boundary = _guessed_boundary(raw, fields.body_at, type_field) if is_multipart else b""
    is_long = fields.body_at > LARGEST_HEADER
    if not (is_long or fields.mended or boundary) and (
        fields.torn
        or any(len(set(fields.all(name))) > 1 for name in _MIME)
        or (len(raw) > LARGEST_COPY and raw.count(b"=?", 0, fields.body_at) <= MOST_ENCODED_WORDS)
    ):
        return raw, fields
    most = _LONGEST_FIELD if is_long else None
    values = {name: [found[0][:most]] for name in _MIME if (found := fields.all(name))}
    if boundary:
        kind = type_field.partition(";")[0].strip()
        values["content-type"] = [f'{kind}; boundary="{boundary.decode("ascii")}"']
        fields = fields._replace(values={**fields.values, **values})
    lines = "".join([f"{name}: {value[0].strip()}\n" for name, value in values.items()])
    lines = lines.replace("\t", " ") or "mime-version: 1.0\n"
    head = lines.encode("utf-8", "surrogateescape")
    raw = b"".join((head, b"\n", memoryview(raw)[fields.body_at :]))
    return raw, fields._replace(body_at=len(head) + 1)


def _guessed_boundary(raw: bytes, body_at: int, type_field: str) -> bytes:
    """Return the boundary that a multipart uses, where it is not the one that it names; else b"".

    One that is lost or wrong is the first line of two dashes and a word that has its like at the
    end of the message, with two more dashes.
    """
    named = headers.parameter(type_field, "boundary").encode("utf-8", "surrogateescape")
    if named and raw.find(b"--" + named, body_at) >= 0:
        return b""
    for found in islice(_BOUNDARY.finditer(raw, body_at), 20):
        if raw.find(b"\n--%s--" % found[1], found.end()) >= 0:
            return found[1]
    return b""
