"""A letter taken by its parts: which parts are worth bringing in, and how they read as one letter.

Both sources do this with a letter above their limit. A tree of `Node` says what the letter is made
of; `choose` decides which leaves are taken, and `put_together` makes a smaller letter of them: the
same header, the same nesting, the texts with their own MIME headers, and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crm.mail.letter import LeftPart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What is read of a header block, of one text, of one MIME header, and of all texts together.
HEADER_MOST: Final = 1_000_000
TEXT_MOST: Final = 1_000_000
MIME_MOST: Final = 64_000
TEXTS_MOST: Final = 4_000_000
#: How many texts are taken, and how many other parts are named; a letter may have 10,000.
TAKEN_MOST: Final = 50
LEFT_MOST: Final = 1_000
#: How deep the nesting may be; what lies deeper is one part.
DEPTH_MOST: Final = 50

#: Texts that people read, the machine's half of a bounce (RFC 3464, RFC 6533) or of a receipt (RFC
#: 8098), and the header of the letter that came back (RFC 6522).
TEXTS: Final = frozenset(
    {
        "text/plain",
        "text/html",
        "text/calendar",
        "text/enriched",
        "text/rfc822-headers",
        "message/delivery-status",
        "message/global-delivery-status",
        "message/global-headers",
        "message/disposition-notification",
    }
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9._+-]{1,60}\Z")
_REWRITTEN: Final = (b"content-type:", b"content-transfer-encoding:")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a letter: a multipart with children, or a leaf."""

    section: str  # "" for the whole letter where it is a multipart
    content_type: str  # lower case
    size: int = 0  # encoded octets, of a leaf
    encoding: str = ""
    filename: str = ""
    content_id: str = ""
    inline: bool = False
    attached: bool = False  # Content-Disposition says attachment
    report: str = ""  # report-type of a multipart/report
    children: tuple[Node, ...] = ()
    letter: Node | None = None  # what a message/rfc822 leaf is made of

    @property
    def multipart(self) -> bool:
        """Tell whether this is a container rather than a leaf."""
        return self.content_type.startswith("multipart/")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which leaves are taken, and what stays behind."""

    taken: tuple[Node, ...]
    left: tuple[LeftPart, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A leaf as it was brought in: its MIME header and its body, still encoded, perhaps cut."""

    mime: bytes
    body: bytes


def leaves(root: Node) -> Iterator[Node]:
    """Yield the leaves in the order in which they are read."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.multipart:
            waiting.extend(reversed(node.children))
        else:
            yield node


def find(root: Node, section: str) -> Node | None:
    """Find a part by its section number, in attached letters too."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.section == section and not (node.multipart and not section):
            return node
        waiting.extend(node.children)
        if node.letter is not None:
            waiting.append(node.letter)
    return None


def choose(root: Node) -> Choice:
    """Decide which leaves are brought in. A text that has to be cut is named among the left too."""
    taken: list[Node] = []
    left: list[LeftPart] = []
    room = TEXTS_MOST
    for position, leaf in enumerate(leaves(root)):
        named = bool(leaf.filename) and position > 0
        wanted = leaf.content_type in TEXTS and not leaf.attached and not named
        cost = min(leaf.size, TEXT_MOST)
        if wanted and cost <= room and len(taken) < TAKEN_MOST:
            taken.append(leaf)
            room -= cost
            if leaf.size <= TEXT_MOST:
                continue
        if len(left) < LEFT_MOST:
            left.append(_left(leaf))
    return Choice(tuple(taken), tuple(left))


def put_together(header: bytes, root: Node, texts: Mapping[str, Text]) -> bytes:
    """Make the smaller letter. The same parts always give the same bytes."""
    header = _whole_lines(header, HEADER_MOST)
    if not root.multipart and root.section in texts:
        return _ended(header) + b"\r\n" + texts[root.section].body
    head = _without_content(header)
    if not root.multipart or not _has_text(root, texts):
        return head + b"Content-Type: text/plain\r\n\r\n"
    return head + _render(root, texts, _boundary(header, texts))


def cut(body: bytes, most: int = TEXT_MOST) -> bytes:
    """Cut an encoded body after its last whole line, so that what is left still decodes."""
    return body if len(body) < most else _whole_lines(body[:most], most)


def _left(leaf: Node) -> LeftPart:
    return LeftPart(
        section=leaf.section,
        content_type=leaf.content_type,
        filename=leaf.filename,
        size=leaf.size,
        encoding=leaf.encoding,
        content_id=leaf.content_id,
        inline=leaf.inline,
    )


def _has_text(node: Node, texts: Mapping[str, Text]) -> bool:
    return any(leaf.section in texts for leaf in leaves(node))


def _render(node: Node, texts: Mapping[str, Text], boundary: bytes) -> bytes:
    if not node.multipart:
        text = texts[node.section]
        return _ended(text.mime) + b"\r\n" + text.body
    own = boundary + (node.section.replace(".", "-").encode("ascii") or b"0")
    subtype = node.content_type.partition("/")[2]
    kind = subtype if _TOKEN.match(subtype) else "mixed"
    report = f"; report-type={node.report}" if _TOKEN.match(node.report) else ""
    head = f'Content-Type: multipart/{kind}{report};\r\n boundary="'.encode("ascii")
    parts = [
        b"--" + own + b"\r\n" + _render(child, texts, boundary)
        for child in node.children
        if _has_text(child, texts)
    ]
    return head + own + b'"\r\n\r\n' + b"\r\n".join([*parts, b"--" + own + b"--\r\n"])


def _boundary(header: bytes, texts: Mapping[str, Text]) -> bytes:
    """Return a boundary that none of the texts contains, made of the texts alone."""
    parts = [header]
    for section in sorted(texts):
        parts += [section.encode("ascii"), texts[section].mime, texts[section].body]
    found = b"\0".join(parts)
    seed = hashlib.sha256(found).hexdigest()
    while f"=_inlay_{seed[:24]}_".encode("ascii") in found:
        seed = hashlib.sha256(seed.encode("ascii")).hexdigest()
    return f"=_inlay_{seed[:24]}_".encode("ascii")


def _without_content(header: bytes) -> bytes:
    """Return a header block without its Content-Type and encoding, which are written anew."""
    kept: list[bytes] = []
    dropping = False
    for line in header.splitlines(keepends=True):
        if not line.strip():
            break
        if line[:1] not in b" \t":
            dropping = line[:30].lower().replace(b" ", b"").startswith(_REWRITTEN)
        if not dropping:
            kept.append(line)
    return _ended(b"".join(kept))


def _whole_lines(block: bytes, most: int) -> bytes:
    if len(block) < most:
        return block
    end = block.rfind(b"\n")
    return block if end < 0 else block[: end + 1]


def _ended(block: bytes) -> bytes:
    """Return a header block with exactly one line end after it; empty if it says nothing."""
    said = block.strip(b"\r\n")
    return said + b"\r\n" if said else b""
