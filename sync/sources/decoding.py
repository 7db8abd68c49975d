"""Undo a Content-Transfer-Encoding piece by piece, and a part's name as its header writes it."""

from __future__ import annotations

import binascii
import re
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.utils import collapse_rfc2231_value, decode_params
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: No piece that a source hands over is larger.
PIECE: Final = 65_536
_NOT_BASE64: Final = bytes(
    byte
    for byte in range(256)
    if byte not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)
_MEDIA: Final = re.compile(r"[!#-.0-9A-Z^-~]{1,80}/[!#-.0-9A-Z^-~]{1,120}\Z", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield a body without its encoding, in pieces of at most PIECE bytes."""
    match encoding.strip().lower():
        case "base64":
            undone = _base64(pieces)
        case "quoted-printable":
            undone = _quoted_printable(pieces)
        case _:
            undone = iter(pieces)
    for piece in undone:
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]


def filename(parameters: Sequence[tuple[str, str]], *names: str) -> str:
    """Return the first of the named parameters as readable text, or "".

    RFC 2231 continuations and charsets are undone, and so are encoded words, which RFC 2047 forbids
    here and Outlook writes all the same.
    """
    try:
        plain = decode_params([("", ""), *parameters])[1:]
    except (ValueError, TypeError, LookupError, MessageError):
        plain = list(parameters)
    found = {str(name).lower(): value for name, value in plain}
    for name in names:
        if name in found:
            return readable(found[name])
    return ""


def readable(value: str | tuple[str | None, str | None, str]) -> str:
    """Return a parameter's value as text that a database takes, at most 255 characters."""
    try:
        text = collapse_rfc2231_value(value)
        if "=?" in text:
            undone = "".join(
                word.decode(charset or "latin-1", "replace") if isinstance(word, bytes) else word
                for word, charset in decode_header(text)
            )
            text = undone or text
    except (ValueError, TypeError, LookupError, HeaderParseError):
        text = value if isinstance(value, str) else value[2]
    return clean(text).strip('"')


def clean(text: str, most: int = 255) -> str:
    """Return a text without control characters and lone surrogates, at most so long."""
    return _UNSEEN.sub(" ", text[: 4 * most]).strip()[:most]


def multipart_type(subtype: str) -> str:
    """Return a container's content type in lower case; of an odd one, that of a plain one."""
    found = media_type(f"multipart/{subtype}")
    return found if found.startswith("multipart/") else "multipart/mixed"


def media_type(text: str) -> str:
    """Return a content type in lower case, or the one of unknown bytes."""
    return text.lower() if _MEDIA.match(text) else "application/octet-stream"


def _base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        *ended, held = (held + piece.translate(None, _NOT_BASE64)).split(b"=")
        # Whoever joins two encodings leaves the padding of the first in the middle.
        yield from (_quads(run) for run in ended if run)
        whole = len(held) - len(held) % 4
        yield binascii.a2b_base64(held[:whole])
        held = held[whole:]
    if held:
        yield _quads(held)


def _quads(run: bytes) -> bytes:
    if len(run) % 4 == 1:  # One letter carries six bits, which make no byte.
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def _quoted_printable(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        held += piece
        end = held.rfind(b"\n") + 1
        if not end and len(held) > PIECE:  # A line without end: do not cut through an escape.
            escape = held.rfind(b"=", len(held) - 3)
            end = len(held) if escape < 0 else escape
        if end:
            yield binascii.a2b_qp(held[:end])
            held = held[end:]
    yield binascii.a2b_qp(held)
