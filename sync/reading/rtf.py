"""Outlook's rich text: unpacked as far as it is short, and read as the plain text in it.

MS-OXRTFCP has the compression, the RTF 1.9.1 specification the words. Where the text was HTML once
(MS-OXRTFEX), the tags stand in destinations that are passed over, and what is left is as well
readable as any.
"""

from __future__ import annotations

import re

from sync.reading.charsets import decode

#: So much is unpacked: a text of fifty pages. The rest is left where it is.
LARGEST = 1 << 18

_PACKED, _PLAIN = b"LZFu", b"MELA"
#: What a packer takes for written already (MS-OXRTFCP, section 2.1.2.1).
_BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)"
)
#: Groups that hold no text of the letter.
_PASSED_OVER = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer listtable themedata".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"emdash": "—",
    b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”",
}  # fmt: skip


def text_of(packed: bytes) -> str:
    """Return the plain text of compressed RTF; "" where it is none."""
    return _text(_unpacked(packed).rstrip(b"\0"))


def _unpacked(packed: bytes) -> bytes:
    if packed[8:12] == _PLAIN:
        return packed[16 : 16 + LARGEST]
    if packed[8:12] != _PACKED:
        return b""
    size = min(int.from_bytes(packed[4:8], "little"), LARGEST)
    # A place in the ring of 4,096 bytes is as far behind the end as the ring has it.
    out = bytearray(_BEFORE)
    at, end = 16, len(_BEFORE) + size
    while at < len(packed) and len(out) < end:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= len(packed) or len(out) >= end:
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            place = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            back = (len(out) - (place >> 4)) % 4096
            if back == 0:
                return bytes(out[len(_BEFORE) :])  # The packer's own end.
            start = len(out) - back
            for index in range(start, start + (place & 15) + 2):
                out.append(out[index] if 0 <= index < len(out) else 0x20)
    return bytes(out[len(_BEFORE) : end])


def _text(rtf: bytes) -> str:
    if not rtf.startswith(b"{\\rtf"):
        return ""
    out: list[str] = []
    raw = bytearray()  # signs of one byte that wait for their neighbours
    codepage = "cp1252"
    passed, depth, skip = 0, 0, 0  # the depth below which nothing is read; signs to leave out

    def flush() -> None:
        if raw:
            out.append(decode(bytes(raw), codepage).text)
            raw.clear()

    for word, number, byte, sign, brace, words in _TOKEN.findall(rtf):
        if brace:
            depth += 1 if brace == b"{" else -1
            passed = 0 if depth < passed else passed
        elif passed:
            continue
        elif sign == b"*" or word in _PASSED_OVER:
            passed = depth
        elif word == b"ansicpg":
            codepage = f"cp{number.decode()}"
        elif word == b"u" and number:
            flush()
            out.append(chr(int(number) % 0x10000))
            skip = 1
        elif byte or words:
            piece = bytes.fromhex(byte.decode()) if byte else words
            raw += piece[skip:]
            skip = 0
        elif word in _SIGNS or sign in (b"~", b"\\", b"{", b"}"):
            flush()
            out.append(_SIGNS.get(word) or ("\u00a0" if sign == b"~" else sign.decode()))
    flush()
    return "".join(out).strip()
