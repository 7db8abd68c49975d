"""Which characters do these bytes mean? What a letter declares, and what its bytes show."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from sync.reading.doubts import NOT_OF_CHARSET, UNKNOWN_CHARSET
from sync.reading.storable import storable

#: Names that are no codec's in Python, or not the one that is meant. Sources: the Encoding
#: Standard (encoding.spec.whatwg.org, "Names and labels") and IANA's character sets, except where
#: another is named.
ALIASES = {
    "utf8mb4": "utf-8",  # MySQL's name, in the mail of shops written in PHP
    "utf8mb3": "utf-8",
    "unicode": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "cp-850": "cp850",
    "cp-1250": "cp1250",
    "cp-1251": "cp1251",
    "cp-1252": "cp1252",
    "ansi": "cp1252",
    "windows-latin1": "cp1252",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "win-1250": "cp1250",
    "win-1251": "cp1251",
    "win-1252": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso_8859-1": "iso8859-1",
    "ks_c_5601-1987": "cp949",  # Outlook in Korean
    "euc-kr": "cp949",  # with the signs that Windows adds
    "euc_kr": "cp949",
    "ks_c_5601": "cp949",
    "x-windows-949": "cp949",
    "gb2312": "gb18030",  # Outlook and Foxmail say gb2312 and use what came later
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "shift_jis": "cp932",  # with NEC's and IBM's signs, as Windows writes it
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "x-mac-ce": "mac_latin2",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8_r",
    "koi8-ru": "koi8_u",
    "ansi_x3.110": "latin-1",
    "ansi_x3.110-1983": "latin-1",
    "iso-ir-99": "latin-1",
}

#: Labels that say nothing (RFC 1428 names the first two).
NOTHING = frozenset(
    {
        "", "unknown-8bit", "x-unknown", "unknown", "x-unknown-8bit", "8bit", "7bit", "binary",
        "default", "default_charset", "none", "null", "undefined", "x-user-defined",
        "_iso-2022-jp$esc", "ascii", "us-ascii", "ansi_x3.4-1968", "ascii-8bit", "utf", "charset",
    }
)  # fmt: skip

#: Python has codecs that are no character set of mail, and some that are slow on hostile bytes
#: (idna, punycode: CVE-2022-45061). Only these families are let in.
_FAMILIES = (
    "utf", "iso8859", "iso2022", "cp", "koi8", "mac", "gb", "big5", "euc", "shift_jis", "johab",
    "tis", "hz", "ptcp", "kz1048", "hp-roman8", "latin",
)  # fmt: skip

#: Latin-1 is read as Windows-1252, as the Encoding Standard says and every mail program does.
_WIDER = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874"}

#: Character sets of one byte a sign, where UTF-8 under a wrong name shows itself.
_SINGLE = ("iso8859", "cp125", "koi8", "mac", "latin")

_UTF8_SIGN = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SMALL_CAPITAL = re.compile(rb"[\xe0-\xff][\xc0-\xdf]")  # as Windows-1251 has them
_CAPITAL_SMALL = re.compile(rb"[\xc0-\xdf][\xe0-\xff]")
_KANA = frozenset({0xA4, 0xA5})
_COMMON = frozenset(range(0xB0, 0xD8)) | {0xA1, 0xA3}  # with the signs and Latin letters of GB


class Decoded(NamedTuple):
    """Bytes as text without lone surrogates; `damage` says what could not be read, if any."""

    text: str
    damage: str = ""


def decode(raw: bytes, declared: str = "", hint: str = "") -> Decoded:
    """Return bytes as text: as declared, where that can be true, or as they look."""
    if raw.isascii():
        codec = codec_of(declared)
        if codec is None and b"\x1b$" in raw:
            codec = declared = "iso2022_jp_2"  # RFC 1468: the only one with this escape in mail
        if codec is None or not codec.startswith(("iso2022", "hz", "utf-7", "utf-16", "utf-32")):
            return Decoded(raw.decode("ascii"))
    label = declared.strip().strip("'\"").lower()
    codec = codec_of(label)
    if codec is None:
        text = _guess(raw, codec_of(hint))
        return Decoded(text, "" if label in NOTHING else UNKNOWN_CHARSET)
    if codec == "utf-8":
        return _as_utf8(raw, hint)
    if codec.startswith(_SINGLE) and _is_utf8(raw):
        return Decoded(raw.decode("utf-8"))
    try:
        return Decoded(storable(raw.decode(codec)))
    except (UnicodeError, ValueError):
        if _is_utf8(raw):
            return Decoded(raw.decode("utf-8"))
    text = storable(raw.decode(codec, "replace"))
    if codec in _WIDER.values():
        # The five bytes that Windows-1252 leaves free are controls in Latin-1, and invisible.
        return Decoded(raw.decode("latin-1") if codec == "cp1252" else text)
    return Decoded(text, NOT_OF_CHARSET)


@lru_cache(maxsize=1024)
def codec_of(label: str) -> str | None:
    """Return Python's name for a charset's label, or None where it says nothing we know."""
    label = label.strip().strip("'\"").lower()[:60]
    if label in NOTHING:
        return None
    name = ALIASES.get(label, label)
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None
    if not codec.startswith(_FAMILIES):
        return None
    return _WIDER.get(codec, codec)


def _as_utf8(raw: bytes, hint: str) -> Decoded:
    try:
        return Decoded(raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"))
    except UnicodeDecodeError:
        pass
    text = raw.decode("utf-8", "replace")
    signs = len(_UTF8_SIGN.findall(raw))
    if text.count("\ufffd") <= max(1, signs // 4) and signs:
        return Decoded(text, NOT_OF_CHARSET)  # mostly UTF-8, a little broken
    return Decoded(_guess(raw, codec_of(hint)))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(raw: bytes, hint: str | None) -> str:
    """Read bytes of which nothing is known: UTF-8, else the hint, else what is likely."""
    for codec in ("utf-8", hint):
        if codec:
            try:
                return raw.decode(codec)
            except (UnicodeError, ValueError):
                continue
    # Windows-1250 has letters where Windows-1252 has nothing: ť, Ť and Ź.
    for codec in (_double(raw), _cyrillic(raw), "cp1252", "cp1250"):
        if codec:
            try:
                return raw.decode(codec)
            except UnicodeDecodeError:
                continue
    return raw.decode("latin-1")


def _double(raw: bytes) -> str:
    """Return the codec of two bytes a sign that raw bytes look like; "" where they do not.

    The three sets lay their signs out in rows: GB 2312 has its common letters in the rows B0 to
    D7, KS X 1001 its syllables in B0 to C8, JIS X 0208 its kana in A4 and A5. Runs of high bytes
    are even in all of them, and every other byte is as often below C0 as chance has it; letters
    of one byte (Windows-1251, KOI8-R) hardly ever are.
    """
    runs = _HIGH_RUN.findall(raw[:4096])
    if any(len(run) % 2 for run in runs[:-1]):
        return ""
    high = b"".join(runs)[: sum(map(len, runs)) // 2 * 2]
    if len(high) < 4 or sum(0xA1 <= byte < 0xC0 for byte in high) * 8 < len(high):
        return ""
    rows, cells = high[::2], high[1::2]
    if min(rows) < 0xA1 or max(rows) > 0xF7 or min(cells) < 0xA1 or max(cells) > 0xFE:
        return ""
    kana, low = (sum(row in some for row in rows) for some in (_KANA, _COMMON))
    if kana * 3 > len(rows):
        return "euc_jp"
    if low * 4 < len(rows) * 3:
        return ""
    return "cp949" if max(rows) <= 0xC8 and len(rows) >= 6 else "gb18030"


def _cyrillic(raw: bytes) -> str:
    """Return a Cyrillic codec where high letters are so many that they are the alphabet itself.

    KOI8-R has its capitals where Windows-1251 has its small letters, and the other way round: what
    would be a small letter before a capital is a capital before a small one.
    """
    sample = raw[:4096]
    high = sum(byte >= 0xC0 for byte in sample)
    low = sum(byte | 0x20 in range(0x61, 0x7B) for byte in sample)
    if high <= 3 or high <= low:
        return ""
    turned = len(_SMALL_CAPITAL.findall(sample)) > len(_CAPITAL_SMALL.findall(sample))
    return "koi8_r" if turned else "cp1251"
