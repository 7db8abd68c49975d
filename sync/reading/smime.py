"""What an opaque signature of S/MIME wraps: the letter itself (RFC 8551, section 3.5.2).

It is a CMS structure (RFC 5652) in BER. Only the way to the signed bytes is walked, without any
look at who signed: that is the business of a mail program that has certificates to hold it
against. `cryptography` opens what is encrypted, and has no function that hands out signed bytes.
"""

from __future__ import annotations

from typing import NamedTuple

LARGEST = 16 << 20
#: So many pieces may one string be cut into, and so many elements are skipped: 16 MB in the
#: pieces of 1,000 bytes that OpenSSL writes are 16,000.
MOST_PIECES = 50_000

_SEQUENCE, _OID, _OCTETS, _OCTETS_IN_PIECES, _CONTENT = 0x30, 0x06, 0x04, 0x24, 0xA0
_SIGNED = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_ENCRYPTED = frozenset(
    {
        bytes.fromhex("2a864886f70d010703"),  # enveloped-data
        bytes.fromhex("2a864886f70d0109100117"),  # authenticated enveloped-data (RFC 5083)
    }
)


class Opened(NamedTuple):
    """What a CMS structure is: encrypted, or signed around some bytes; or neither."""

    encrypted: bool = False
    content: bytes = b""


class _Element(NamedTuple):
    tag: int
    start: int
    end: int | None  # None where it ends with two zeros


class _NotCMSError(Exception):
    """The bytes are no CMS structure."""


def read(raw: bytes) -> Opened:
    """Open a CMS structure; an empty Opened where it is none that we know."""
    if len(raw) > LARGEST:
        return Opened()
    try:
        at = _element(raw, 0, _SEQUENCE).start
        kind = _element(raw, at, _OID)
        oid = raw[kind.start : kind.end]
        if oid != _SIGNED:
            return Opened(encrypted=oid in _ENCRYPTED)
        at = _element(raw, _behind(raw, kind), _CONTENT).start
        at = _element(raw, at, _SEQUENCE).start
        at = _behind(raw, _element(raw, at))  # the version
        at = _behind(raw, _element(raw, at))  # the digest algorithms
        at = _element(raw, at, _SEQUENCE).start
        at = _behind(raw, _element(raw, at, _OID))
        at = _element(raw, at, _CONTENT).start
        return Opened(content=_octets(raw, _element(raw, at)))
    except _NotCMSError:
        return Opened()


def _element(raw: bytes, at: int, tag: int | None = None) -> _Element:
    if at + 2 > len(raw) or (tag is not None and raw[at] != tag):
        raise _NotCMSError
    length = raw[at + 1]
    start = at + 2
    if length == 0x80:
        return _Element(raw[at], start, None)
    if length > 0x80:
        start += length & 0x7F
        length = int.from_bytes(raw[at + 2 : min(start, at + 10)], "big")
    return _Element(raw[at], start, min(start + length, len(raw)))


def _behind(raw: bytes, element: _Element) -> int:
    """Return where the next element begins."""
    if element.end is not None:
        return element.end
    at, depth = element.start, 1
    for _ in range(MOST_PIECES):
        if raw[at : at + 2] == b"\0\0":
            at, depth = at + 2, depth - 1
            if depth == 0:
                return at
            continue
        inner = _element(raw, at)
        depth += inner.end is None
        at = inner.start if inner.end is None else inner.end
    raise _NotCMSError


def _octets(raw: bytes, element: _Element) -> bytes:
    if element.tag == _OCTETS and element.end is not None:
        return raw[element.start : element.end]
    if element.tag != _OCTETS_IN_PIECES:
        raise _NotCMSError
    pieces: list[bytes] = []
    at = element.start
    end = len(raw) if element.end is None else element.end
    for _ in range(MOST_PIECES):
        if at >= end or raw[at : at + 2] == b"\0\0":
            return b"".join(pieces)
        piece = _element(raw, at, _OCTETS)
        if piece.end is None:
            break
        pieces.append(raw[piece.start : piece.end])
        at = piece.end
    raise _NotCMSError
