"""What a letter in a file is made of: one linear pass over its boundaries, bounded in memory."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import TYPE_CHECKING, BinaryIO, Final

from sync.sources.decoding import clean, media_type, multipart_type, readable
from sync.sources.files.span import Span
from sync.sources.letters import DEPTH_MOST, HEADER_MOST, MIME_MOST, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_BLOCK: Final = 1_048_576
#: RFC 2046 allows 70 characters; some write more.
_BOUNDARY_MOST: Final = 250
_PARTS_MOST: Final = 10_000
_DELIMITER_MOST: Final = _BOUNDARY_MOST + 100


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a leaf's MIME header and its body lie."""

    head: Span
    body: Span


@dataclass(frozen=True, slots=True)
class Scan:
    """A letter's tree and where its leaves lie."""

    header: Span
    root: Node
    extents: dict[str, Extent]


@dataclass(slots=True)
class _Open:
    """A multipart whose end has not been seen yet."""

    node: Node
    delimiter: bytes
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Leaf:
    """A leaf whose end has not been seen yet."""

    node: Node
    head_at: int
    body_at: int


def scan(span: Span, prefix: str = "") -> Scan:
    """Find the parts of a letter, or of one attached at `prefix`. Raises OSError."""
    with span.path.open("rb") as file:
        return _Scanner(file, span, prefix).run()


class _Scanner:
    def __init__(self, file: BinaryIO, span: Span, prefix: str) -> None:
        self._file = file
        self._span = span
        self._prefix = prefix
        self._open: list[_Open] = []
        self._leaf: _Leaf | None = None
        self._extents: dict[str, Extent] = {}
        self._count = 0

    def run(self) -> Scan:
        start, end = self._span.start, self._span.end
        body_at = self._begin(start, HEADER_MOST)
        if not self._open:
            section = f"{self._prefix}.1" if self._prefix else "1"
            root = self._close_leaf(end, section)
        else:
            root = self._walk(body_at, end)
        return Scan(self._part(start, body_at), root, self._extents)

    def _walk(self, body_at: int, end: int) -> Node:
        first = self._open[0]
        for line_at, line, next_at in self._dashed(body_at, end):
            depth = self._depth_of(line)
            if depth is None or self._count >= _PARTS_MOST:
                continue
            self._close(depth, self._line_end_before(line_at))
            if line.startswith(self._open[depth].delimiter + b"--"):
                if depth == 0:
                    break  # Nothing after the last boundary belongs to the letter.
                self._close_multipart()
            else:
                self._begin(next_at, MIME_MOST)
        self._close(0, end)
        return _with_children(first)

    def _depth_of(self, line: bytes) -> int | None:
        for depth in range(len(self._open) - 1, -1, -1):
            rest = line.removeprefix(self._open[depth].delimiter)
            if len(rest) < len(line) and rest.rstrip() in (b"", b"--"):
                return depth
        return None

    def _begin(self, at: int, most: int) -> int:
        """Read a header block, open what it begins, and return where its body begins."""
        self._file.seek(at)
        head = _head(self._file.read(min(most, self._span.end - at)))
        body_at = at + len(head)
        self._count += 1
        message = BytesHeaderParser(policy=compat32).parsebytes(head)
        section = self._next_section()
        boundary = _boundary(message)
        if boundary and len(self._open) < DEPTH_MOST:
            node = Node(
                section, multipart_type(message.get_content_subtype()), report=_report(message)
            )
            self._open.append(_Open(node, b"--" + boundary))
        else:
            self._leaf = _Leaf(_described(message, section), at, body_at)
        return body_at

    def _next_section(self) -> str:
        if not self._open:
            return self._prefix
        within = self._open[-1]
        number = str(len(within.children) + 1)
        return f"{within.node.section}.{number}" if within.node.section else number

    def _close(self, depth: int, at: int) -> None:
        """Close whatever is open inside the multipart at a depth."""
        if self._leaf is not None:
            self._open[-1].children.append(self._close_leaf(at, self._leaf.node.section))
        while len(self._open) > depth + 1:
            self._close_multipart()

    def _close_multipart(self) -> None:
        ended = self._open.pop()
        self._open[-1].children.append(_with_children(ended))

    def _close_leaf(self, at: int, section: str) -> Node:
        leaf, self._leaf = self._leaf, None
        if leaf is None:
            return Node(section, "text/plain")
        end = max(leaf.body_at, at)
        body = self._part(leaf.body_at, end)
        self._extents[section] = Extent(self._part(leaf.head_at, leaf.body_at), body)
        node = leaf.node
        return Node(
            section,
            node.content_type,
            size=body.size,
            encoding=node.encoding,
            filename=node.filename,
            content_id=node.content_id,
            inline=node.inline,
            attached=node.attached,
        )

    def _part(self, start: int, end: int) -> Span:
        return Span(self._span.path, start, end, self._span.quoted)

    def _line_end_before(self, at: int) -> int:
        """Leave out the line end before a boundary, which belongs to it (RFC 2046, 5.1.1)."""
        self._file.seek(max(self._span.start, at - 2))
        before = self._file.read(min(2, at - self._span.start))
        return at - (2 if before == b"\r\n" else 1)

    def _dashed(self, start: int, end: int) -> Iterator[tuple[int, bytes, int]]:
        """Yield each line that begins with "--": where, what, and where the next line begins."""
        held, base, at = b"\n", start - 1, start
        while at < end or held:
            self._file.seek(at)
            block = self._file.read(min(_BLOCK, end - at)) if at < end else b""
            at += len(block)
            held += block
            done = 0
            while (found := held.find(b"\n--", done)) >= 0:
                stop = held.find(b"\n", found + 1, found + 1 + _DELIMITER_MOST)
                if stop < 0 and len(held) - found <= _DELIMITER_MOST and block:
                    break  # The rest of the line is in the next block.
                if stop >= 0 or not block:
                    last = stop if stop >= 0 else len(held)
                    yield base + found + 1, held[found + 1 : last], base + last + 1
                done = found + 1
            if not block:
                return
            keep = found if found >= 0 else max(0, len(held) - 2)
            base, held = base + keep, held[keep:]


def _head(block: bytes) -> bytes:
    """Return a header block with the empty line that ends it."""
    if block[:1] == b"\n" or block[:2] == b"\r\n":
        return block[: block.index(b"\n") + 1]
    ends = [at + len(mark) for mark in (b"\n\n", b"\n\r\n") if (at := block.find(mark)) >= 0]
    return block[: min(ends)] if ends else block


def _with_children(ended: _Open) -> Node:
    node = ended.node
    return Node(node.section, node.content_type, report=node.report, children=tuple(ended.children))


def _boundary(message: Message) -> bytes:
    if message.get_content_maintype() != "multipart":
        return b""
    with suppress(ValueError, TypeError, LookupError, MessageError):
        said = message.get_boundary()
        if said and len(said) <= _BOUNDARY_MOST:
            return said.encode("latin-1", "replace")
    return b""


def _report(message: Message) -> str:
    return _parameter(message, "report-type", "content-type")


def _described(message: Message, section: str) -> Node:
    disposition = _word(message, "content-disposition").partition(";")[0].strip().lower()
    kind = media_type(message.get_content_type())
    return Node(
        section,
        # A multipart without a boundary, or nested too deep, is one part.
        "application/octet-stream" if kind.startswith("multipart/") else kind,
        encoding=clean(_word(message, "content-transfer-encoding").lower(), 40),
        filename=(
            _parameter(message, "filename", "content-disposition")
            or _parameter(message, "name", "content-type")
            or _parameter(message, "filename", "content-type")
        ),
        content_id=clean(_word(message, "content-id")).strip("<>"),
        inline=disposition == "inline",
        attached=disposition == "attachment",
    )


def _word(message: Message, header: str) -> str:
    return str(message.get(header, "")).strip()


def _parameter(message: Message, name: str, header: str) -> str:
    with suppress(AttributeError, ValueError, TypeError, LookupError, MessageError):
        said = message.get_param(name, None, header)
        return readable(said) if said else ""
    return ""
