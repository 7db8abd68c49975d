"""Compose a letter: its head, its text, the same as HTML, and what is attached.

    multipart/mixed             where something is attached
      multipart/alternative     where there is HTML
        text/plain
        text/html
      application/pdf …

All of it is 7-bit: any server takes it, and none on the way changes a byte of it. Line ends are
CR and LF, alone is neither; no line has more than 998 octets. The same draft makes the same bytes,
so that a letter that is tried again is the same letter.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from sync.writing import heads

if TYPE_CHECKING:
    from crm.mail.draft import Draft, File

_LINE_END: Final = re.compile("\r\n|\r|\n")
#: Of a text with so many lines of others' letters among its own, base64 is shorter and as safe.
_MOST_QUOTED: Final = 1.4
#: A line of base64 (RFC 2045, section 6.8).
_BASE64: Final = 57
#: RFC 6838, section 4.2, and no more than that.
_TYPE: Final = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]{0,100}/[A-Za-z0-9][\w!#$&^.+-]{0,100}\Z")
_ANY: Final = "application/octet-stream"
#: What only we may write: a part of these kinds would change how the letter is read.
_STRUCTURED: Final = ("multipart/", "message/")


def compose(draft: Draft) -> bytes:
    """Return the bytes of a letter, as they go to a server. Nothing in them tells of the Bcc."""
    references = draft.references
    head = [
        heads.text_field("Date", format_datetime(draft.at)),
        heads.addresses_field("From", [draft.author]),
        heads.addresses_field("To", draft.to) if draft.to else b"",
        heads.addresses_field("Cc", draft.cc) if draft.cc else b"",
        heads.text_field("Subject", draft.subject),
        heads.ids_field("Message-ID", [draft.rfc_id]),
        heads.ids_field("In-Reply-To", references[-1:]),
        heads.ids_field("References", references),
        b"MIME-Version: 1.0\r\n",
    ]
    return b"".join(head) + _body(draft)


def _body(draft: Draft) -> bytes:
    body = _text("plain", draft.text)
    if draft.html:
        body = _multipart("alternative", draft, [body, _text("html", draft.html)])
    if draft.files:
        body = _multipart("mixed", draft, [body, *map(_file, draft.files)])
    return body


def _multipart(kind: str, draft: Draft, parts: list[bytes]) -> bytes:
    # Of the letter's own id, so that it is always the same; "=_" stands in no encoded text.
    boundary = f"=_{hashlib.sha256(f'{kind} {draft.rfc_id}'.encode()).hexdigest()[:32]}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    line = f"--{boundary}".encode()
    inside = b"".join(line + b"\r\n" + part for part in parts)
    return head.encode() + inside + line + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    """Write a text as it is where it is plain, else in whatever is shorter."""
    lines = _LINE_END.sub("\n", text).encode("utf-8", "replace")
    if not lines.endswith(b"\n"):
        lines += b"\n"
    if lines.isascii() and b"\0" not in lines and _is_short(lines):
        return _part(f"text/{kind}; charset=utf-8", "7bit", _ends(lines))
    quoted = binascii.b2a_qp(lines, quotetabs=False, istext=True, header=False)
    if len(quoted) <= _MOST_QUOTED * len(lines):
        return _part(f"text/{kind}; charset=utf-8", "quoted-printable", _ends(quoted))
    return _part(f"text/{kind}; charset=utf-8", "base64", _base64(_ends(lines)))


def _ends(text: bytes) -> bytes:
    return text.replace(b"\n", b"\r\n")


def _is_short(lines: bytes) -> bool:
    return all(len(line) <= heads.LONGEST for line in lines.split(b"\n"))


def _file(file: File) -> bytes:
    clean = file.content_type.lower()
    fits = _TYPE.match(clean) and clean.isascii() and not clean.startswith(_STRUCTURED)
    name = heads.plain(file.filename).replace("/", "_").replace("\\", "_").strip() or "file"
    head = (
        f"Content-Type: {clean if fits else _ANY}\r\n".encode()
        + b"Content-Transfer-Encoding: base64\r\n"
        + heads.fold("Content-Disposition:", _semicolons("attachment", name))
    )
    return head + b"\r\n" + _base64(file.body)


def _semicolons(kind: str, name: str) -> list[str]:
    pieces = [kind, *heads.parameter("filename", name)]
    return [f"{piece};" for piece in pieces[:-1]] + pieces[-1:]


def _part(content_type: str, encoding: str, body: bytes) -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


def _base64(body: bytes) -> bytes:
    lines = (body[n : n + _BASE64] for n in range(0, len(body), _BASE64))
    return b"".join(base64.b64encode(line) + b"\r\n" for line in lines) or b"\r\n"
