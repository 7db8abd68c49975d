"""Outlook's winmail.dat: files and the text that Exchange packs together where it trusts nobody.

MS-OXTNEF says how: a row of attributes, each with a level, an id, a length and a checksum; two of
them hold MAPI properties (MS-OXCMSG). It is read here and not by a library: tnefparse 1.4 repeats
a property as often as its count says, and four bytes of a stranger can say four thousand million.
Nothing that is compressed is unpacked, but for the beginning of a text that stands nowhere else.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import rtf
from sync.reading.charsets import decode
from sync.reading.storable import one_line, storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: What is larger is listed as the one file that it is.
LARGEST = 16 << 20
MOST_ATTRIBUTES = 5_000
MOST_PROPERTIES = 1_000
MOST_FILES = 500

_SIGNATURE = 0x223E9F78
_HEAD = struct.Struct("<BII")  # level, id and type, length
_ATTACHMENT = 2  # the level of what belongs to a file
_BODY = 0x0002800C  # attBody
_PROPERTIES = 0x00069003  # attMsgProps
_CODEPAGE = 0x00069007  # attOemCodepage
_NEXT_FILE = 0x00069002  # attAttachRenddata
_TITLE = 0x00018010  # attAttachTitle
_CONTENT = 0x0006800F  # attAttachData
_FILE_PROPERTIES = 0x00069005  # attAttachment

#: MAPI properties (MS-OXPROPS).
_TEXT, _RICH, _HTML, _CPID = 0x1000, 0x1009, 0x1013, 0x3FDE
_BYTES, _SHORT_NAME, _LONG_NAME, _TYPE, _CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
#: How many bytes a property of a type takes where that is fixed (MS-OXCDATA, section 2.11.1).
_FIXED = {
    0x0001: 0, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4,
    0x000B: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16,
}  # fmt: skip
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_OBJECT, _UNICODE, _MANY, _NAMED = 0x000D, 0x001F, 0x1000, 0x8000


class File(NamedTuple):
    """A file in a winmail.dat."""

    name: str
    content_type: str  # as it stands; "" where it does not tell
    content_id: str
    content: bytes


class Opened(NamedTuple):
    """What a winmail.dat holds."""

    files: tuple[File, ...]
    text: str
    html: bytes  # in the charset of the letter in it
    charset: str


def read(raw: bytes) -> Opened | None:
    """Open a winmail.dat; None where it is none, or too large."""
    if len(raw) > LARGEST or len(raw) < 6 or int.from_bytes(raw[:4], "little") != _SIGNATURE:
        return None
    codepage = "cp1252"
    own: dict[int, bytes | str] = {}
    files: list[dict[int, bytes | str]] = []
    for level, name, value in _attributes(raw):
        if name == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{int.from_bytes(value[:4], 'little')}"
        elif level == _ATTACHMENT:
            if name == _NEXT_FILE and len(files) < MOST_FILES:
                files.append({})
            if files:
                _add(files[-1], name, value, codepage)
        elif name == _BODY:
            own.setdefault(_TEXT, _words(value, codepage))
        elif name == _PROPERTIES:
            own.update(_properties(value, codepage))
    html = own.get(_HTML, b"")
    charset = f"cp{int.from_bytes(page, 'little')}" if (page := _bytes(own, _CPID)) else ""
    if isinstance(html, str):
        html, charset = html.encode("utf-8", "replace"), "utf-8"
    found = tuple(_file(properties) for properties in files)
    charset = {"cp65001": "utf-8", "cp28591": "latin-1", "cp20127": "ascii"}.get(charset, charset)
    text = _text(own, _TEXT)
    if not text.strip() and not html.strip():
        text = storable(rtf.text_of(_bytes(own, _RICH)))
    return Opened(found, text, html, charset)


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + _HEAD.size > len(raw):
            return
        level, name, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        yield level, name, raw[at : at + length]
        at += length + 2  # the checksum


def _add(file: dict[int, bytes | str], name: int, value: bytes, codepage: str) -> None:
    if name == _TITLE:
        file.setdefault(_SHORT_NAME, _words(value, codepage))
    elif name == _CONTENT:
        file[_BYTES] = value
    elif name == _FILE_PROPERTIES:
        for key, found in _properties(value, codepage).items():
            file.setdefault(key, found)
            if key == _LONG_NAME:
                file[key] = found


def _file(properties: Mapping[int, bytes | str]) -> File:
    return File(
        _text(properties, _LONG_NAME) or _text(properties, _SHORT_NAME),
        _text(properties, _TYPE),
        _text(properties, _CONTENT_ID),
        _bytes(properties, _BYTES),
    )


def _properties(raw: bytes, codepage: str) -> dict[int, bytes | str]:
    """Read MAPI properties, each by its id; up to the first that cannot be."""
    found: dict[int, bytes | str] = {}
    at = 4
    for _ in range(min(int.from_bytes(raw[:4], "little"), MOST_PROPERTIES)):
        if at + 4 > len(raw):
            break
        kind, name = struct.unpack_from("<HH", raw, at)
        at += 4
        if name >= _NAMED:
            at = _behind_name(raw, at)
        fixed = _FIXED.get(kind & ~_MANY)
        if fixed is not None and not kind & _MANY:
            found[name] = raw[at : at + fixed]
            at += fixed
        elif fixed is not None:
            at += 4 + fixed * int.from_bytes(raw[at : at + 4], "little")
        elif kind & ~_MANY in _VARIABLE:
            value, at = _variable(raw, at)
            if kind == _OBJECT:
                value = value[16:]  # the interface by which Outlook would open it
            found[name] = _value(value, kind, codepage)
        else:
            break
    return found


def _behind_name(raw: bytes, at: int) -> int:
    """Return where the value of a named property begins (MS-OXTNEF, section 2.1.3.4)."""
    by_number = int.from_bytes(raw[at + 16 : at + 20], "little") == 0
    length = int.from_bytes(raw[at + 20 : at + 24], "little")
    return at + 24 if by_number else at + 24 + -(-length // 4) * 4


def _variable(raw: bytes, at: int) -> tuple[bytes, int]:
    """Return the first of a property's values, and where the next property begins."""
    first = b""
    count = int.from_bytes(raw[at : at + 4], "little")
    at += 4
    for number in range(min(count, MOST_PROPERTIES)):
        if at + 4 > len(raw):
            break
        length = int.from_bytes(raw[at : at + 4], "little")
        if number == 0:
            first = raw[at + 4 : at + 4 + length]
        at += 4 + -(-length // 4) * 4
    return first, at


def _value(value: bytes, kind: int, codepage: str) -> bytes | str:
    if kind & ~_MANY == _UNICODE:
        length = len(value.rstrip(b"\x00"))
        return decode(value[: length + length % 2], "utf-16-le").text
    return _words(value, codepage) if kind & ~_MANY == 0x001E else value


def _words(value: bytes, codepage: str) -> str:
    return decode(value.rstrip(b"\x00"), codepage).text


def _text(properties: Mapping[int, bytes | str], name: int) -> str:
    value = properties.get(name, "")
    if name == _TEXT:
        return value if isinstance(value, str) else ""
    return one_line(value, 500) if isinstance(value, str) else ""


def _bytes(properties: Mapping[int, bytes | str], name: int) -> bytes:
    value = properties.get(name, b"")
    return value if isinstance(value, bytes) else b""
