"""BODYSTRUCTURE (RFC 3501, section 7.4.2) to a tree of nodes with section numbers."""

from __future__ import annotations

from typing import Any

from sync.reading.attachments import name_of_letter
from sync.sources.decoding import clean, filename, media_type, multipart_type
from sync.sources.imap.grammar import GarbledError
from sync.sources.letters import DEPTH_MOST, Node


def node_of(body: Any) -> Node:
    """Read a whole letter's structure. Raises GarbledError where it makes no sense."""
    try:
        if _is_multipart(body):
            return _multipart(body, "", 0)
        return _leaf(body, "1", 0)
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise GarbledError("a BODYSTRUCTURE that makes no sense") from error


def _node(body: Any, section: str, depth: int) -> Node:
    return _multipart(body, section, depth) if _is_multipart(body) else _leaf(body, section, depth)


def _is_multipart(body: Any) -> bool:
    return isinstance(body[0], tuple)


def _multipart(body: Any, section: str, depth: int) -> Node:
    if depth > DEPTH_MOST:
        return Node(section, "application/octet-stream")
    inner = [part for part in body if isinstance(part, tuple)]
    count = next((i for i, part in enumerate(body) if not isinstance(part, tuple)), len(inner))
    children = tuple(
        _node(part, f"{section}.{number}" if section else str(number), depth + 1)
        for number, part in enumerate(body[:count], start=1)
    )
    parameters = _pairs(body[count + 1]) if len(body) > count + 1 else []
    return Node(
        section,
        multipart_type(_text(body[count])),
        report=dict(parameters).get("report-type", ""),
        children=children,
    )


def _leaf(body: Any, section: str, depth: int) -> Node:
    kind = _text(body[0]).lower()
    content_type = media_type(f"{kind}/{_text(body[1])}")
    disposition, told = _disposition(body, kind, content_type)
    named = filename(told, "filename") or filename(_pairs(body[2]), "name", "filename")
    letter = None
    if content_type == "message/rfc822" and len(body) > 8 and isinstance(body[8], tuple):
        letter = _embedded(body[8], section, depth)
        if disposition == "attachment" and isinstance(body[7], tuple):
            named = named or name_of_letter(_text(body[7][1]))  # The envelope's subject.
    return Node(
        section,
        content_type,
        size=body[6] if isinstance(body[6], int) else 0,
        encoding=clean(_text(body[5]).lower(), 40),
        filename=named,
        content_id=clean(_text(body[3])).strip("<>"),
        inline=disposition == "inline",
        attached=disposition == "attachment",
        letter=letter,
    )


def _embedded(body: Any, section: str, depth: int) -> Node:
    """Read an attached letter: its parts, or else its only one, are numbered below it."""
    if _is_multipart(body):
        return _multipart(body, section, depth + 1)
    return _leaf(body, f"{section}.1", depth + 1)


def _disposition(body: Any, kind: str, content_type: str) -> tuple[str, list[tuple[str, str]]]:
    # Seven basic fields; a text has its lines, a letter its envelope, structure and lines; MD5.
    at = 8 + {"text": 1}.get(kind, 0) + {"message/rfc822": 3}.get(content_type, 0)
    said = body[at] if len(body) > at else None
    if not isinstance(said, tuple) or not said:
        return "", []
    return _text(said[0]).lower(), _pairs(said[1]) if len(said) > 1 else []


def _pairs(said: Any) -> list[tuple[str, str]]:
    if not isinstance(said, tuple):
        return []
    words = [_text(word) for word in said]
    return [(name.lower(), value) for name, value in zip(words[::2], words[1::2], strict=False)]


def _text(said: Any) -> str:
    if said is None:
        return ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
