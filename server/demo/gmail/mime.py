"""The parts of a letter, as Gmail tells them: read fast, and never refused."""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import quopri
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as _Fields
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How deep parts may stand in each other; what is deeper is told as one part.
_DEEPEST = 20
#: How many characters of a page are searched for its first words.
_LONGEST_PAGE = 200_000
_HEADER = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_NAMED = re.compile(
    rb"^(message-id|in-reply-to|references|subject)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_REPLY = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|odp|vs|antw)\s*(?:\[\d+\])?:", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_UNSEEN = re.compile(r"<(style|script|head)\b", re.IGNORECASE)


class Head(NamedTuple):
    """What decides on a letter's thread; its topic is the subject without marks of replies."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    topic: str
    answers: bool


@dataclass(slots=True)
class Part:
    """One part of a letter, and those inside it."""

    headers: list[tuple[str, str]]
    kind: str
    filename: str
    charset: str
    body: bytes
    parts: list[Part] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the first value of a header, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def content(self) -> bytes:
        """Return the bytes, out of their transfer encoding; a text in UTF-8, as Gmail gives it."""
        decoded = _decode(self.body, self.get("content-transfer-encoding").strip().lower())
        if not self.kind.startswith("text/"):
            return decoded
        try:
            return decoded.decode(self.charset).encode()
        except (LookupError, UnicodeError):
            return decoded


def with_crlf(raw: bytes) -> bytes:
    """Return a letter with the line ends that Gmail's `raw` has."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def read_head(raw: bytes) -> Head:
    """Return what decides on a letter's thread."""
    found: dict[bytes, str] = {}
    for name, value in _NAMED.findall(_head_of(raw)):
        found.setdefault(name.lower(), _text(value))
    ids = _MESSAGE_ID.findall(found.get(b"message-id", ""))
    subject = found.get(b"subject", "")
    topic = _bare(subject)
    answers = f"{found.get(b'references', '')} {found.get(b'in-reply-to', '')}"
    return Head(
        ids[0] if ids else "",
        tuple(dict.fromkeys(_MESSAGE_ID.findall(answers))),
        subject,
        topic,
        answers=topic != _plain(_decoded(subject)),
    )


def read_headers(raw: bytes) -> list[tuple[str, str]]:
    """Return the headers of a letter, in their order and with those that repeat."""
    return [(name.decode(), _text(value)) for name, value in _HEADER.findall(_head_of(raw))]


def read(raw: bytes, depth: int = 0) -> Part:
    """Read a letter, or one part of it."""
    blank = _BLANK.search(raw) if not raw.startswith((b"\r\n", b"\n")) else None
    if raw.startswith((b"\r\n", b"\n")):
        headers, body = [], raw.split(b"\n", 1)[1]
    else:
        headers, body = read_headers(raw), raw[blank.end() :] if blank else b""
    fields = _Fields()
    for name, value in headers:
        if name.lower() in ("content-type", "content-disposition"):
            fields[name] = value
    part = Part(
        headers,
        fields.get_content_type(),
        _name(fields),
        str(fields.get_param("charset", "utf-8") or "utf-8"),
        body,
    )
    boundary = fields.get_boundary()
    if depth < _DEEPEST and part.kind.startswith("multipart/") and boundary:
        part.parts = [read(inner, depth + 1) for inner in _split(body, boundary.encode())]
    elif depth < _DEEPEST and part.kind == "message/rfc822":
        part.parts = [read(part.content(), depth + 1)]
    return part


def snippet(part: Part) -> str:
    """Return the first words of a letter, escaped for HTML as Gmail's are."""
    plain = _first_text(part, "text/plain")
    if plain is not None:
        words = plain.content().decode("utf-8", "replace")
    else:
        marked = _first_text(part, "text/html")
        told = marked.content().decode("utf-8", "replace") if marked is not None else ""
        words = html.unescape(" ".join(_seen(told[:_LONGEST_PAGE])))
    return html.escape(" ".join(words[:4000].split())[:200]).replace("&#x27;", "&#39;")


def _seen(page: str) -> Iterator[str]:
    """Yield what stands between the tags of a page, in one go: it may be made to be slow."""
    at = 0
    while (tag := page.find("<", at)) >= 0:
        yield page[at:tag]
        unseen = _UNSEEN.match(page, tag)
        last = re.compile(f"</{unseen[1]}", re.IGNORECASE).search(page, tag) if unseen else None
        if unseen and last is None:
            return
        at = page.find(">", last.start() if last else tag) + 1
        if at == 0:
            return
    yield page[at:]


def _head_of(raw: bytes) -> bytes:
    blank = _BLANK.search(raw)
    return raw[: blank.start()] if blank else raw


def _text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return _FOLD.sub(" ", text).strip()


def _bare(subject: str) -> str:
    subject = _decoded(subject)
    while (mark := _REPLY.match(subject)) is not None:
        subject = subject[mark.end() :]
    return _plain(subject)


def _decoded(subject: str) -> str:
    if "=?" in subject:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError):
            return str(make_header(decode_header(subject)))
    return subject


def _plain(subject: str) -> str:
    return " ".join(subject.lower().split())


def _name(fields: _Fields) -> str:
    try:
        return fields.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""  # The standard library stumbles over some names that spammers write.


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    parts = []
    at = None
    for found in line.finditer(body):
        if at is not None:
            parts.append(body[at : found.start()])
        if found[1]:
            return parts
        at = found.end() + (2 if body[found.end() : found.end() + 2] == b"\r\n" else 1)
    return parts if at is None else [*parts, body[at:]]


def _decode(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
        try:
            return base64.b64decode(clean + b"=" * (-len(clean) % 4))
        except binascii.Error:
            return body
    return body


def _first_text(part: Part, kind: str) -> Part | None:
    if part.kind == kind and not part.filename:
        return part
    for inner in part.parts:
        found = _first_text(inner, kind)
        if found is not None:
            return found
    return None
