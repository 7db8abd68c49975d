"""What Gmail does to a letter that is sent by the API, and to whom it goes.

It gives the letter a Message-ID of its own and keeps the other one in another header. A subject
with bytes beyond ASCII that is not encoded (RFC 2047) is read as Latin-1, and so is spoilt.
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import format_datetime, getaddresses
from typing import TYPE_CHECKING

from server.demo.gmail import mime
from server.demo.gmail.errors import invalid

if TYPE_CHECKING:
    from datetime import datetime

_MESSAGE_ID = re.compile(
    rb"^message-id[ \t]*:(.*(?:\r\n[ \t].*)*)\r\n", re.IGNORECASE | re.MULTILINE
)
_SUBJECT = re.compile(
    rb"^subject[ \t]*:[ \t]*(.*(?:\r\n[ \t].*)*)\r\n", re.IGNORECASE | re.MULTILINE
)
_DATE = re.compile(rb"^date[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BLIND = re.compile(rb"^bcc[ \t]*:.*(?:\r\n[ \t].*)*\r\n", re.IGNORECASE | re.MULTILINE)


def stamp(raw: bytes, *, sender: str, token: str, at: datetime, keep_id: bool = False) -> bytes:
    """Return a letter as Gmail sends it: dated, and under a Message-ID of its own."""
    head, blank, body = mime.with_crlf(raw).partition(b"\r\n\r\n")
    head += b"\r\n"
    given = b"Message-ID: <CA+%s@mail.gmail.com>\r\n" % token.encode()
    old = _MESSAGE_ID.search(head)
    if old is not None and keep_id:
        given = b""
    elif old is not None:
        kept = b"X-Google-Original-Message-ID:" + old[1] + b"\r\n"
        head = head[: old.start()] + given + kept + head[old.end() :]
    else:
        head += given
    head = _SUBJECT.sub(_readable, head)
    if not _DATE.search(head):
        head += b"Date: " + format_datetime(at).encode() + b"\r\n"
    if not _FROM.search(head):
        head += b"From: " + sender.encode() + b"\r\n"
    return head + (blank[2:] or b"\r\n") + body


def recipients(raw: bytes) -> list[str]:
    """Return the bare addresses that a letter goes to. Raises ApiError where there are none."""
    lines = [value for name, value in mime.read_headers(raw) if name.lower() in ("to", "cc", "bcc")]
    found = [email.lower() for _, email in getaddresses(lines) if "@" in email]
    if not found:
        raise invalid("Recipient address required")
    return list(dict.fromkeys(found))


def without_blind_copies(raw: bytes) -> bytes:
    """Return a letter as those receive it to whom it goes: without its Bcc."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    return _BLIND.sub(b"", head + b"\r\n") + blank[2:] + body


def is_from(raw: bytes, address: str) -> bool:
    """Tell whether an address stands in a letter's From."""
    lines = [value for name, value in mime.read_headers(raw) if name.lower() == "from"]
    return address in {email.lower() for _, email in getaddresses(lines)}


def _readable(found: re.Match[bytes]) -> bytes:
    if found[1].isascii():
        return found[0]
    spoilt = Header(found[1].decode("latin-1"), "utf-8").encode(linesep="\r\n")
    return b"Subject: " + spoilt.encode() + b"\r\n"
