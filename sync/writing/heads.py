"""Header fields of what we write: one line each, whatever somebody has put into it.

A value becomes a header field here and nowhere else, and its line breaks are gone before anything
is done with it: Python's own library has let some through (CVE-2024-6923). Lines are folded at 76
octets where they have blanks, and are never longer than 998 (RFC 5322, section 2.1.1).
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import idna

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.base.addresses import Address

#: What a line of a header has at best, and at most, its end left out (RFC 5322, section 2.1.1).
USUAL: Final = 76
LONGEST: Final = 998
#: References that are kept: the first, which names the thread, and the newest.
REFERENCES: Final = 100
#: Signs that end a line for some reader, or hide one: controls, and Unicode's own line ends.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: RFC 2047, section 2: a line with an encoded word has at most 76 signs, the name of the field
#: on it; 36 octets make 48 of base64, and 12 stand around them.
_WORD: Final = 36
#: RFC 5322, section 3.2.3, with the blank that phrases may have.
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")
_ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+\Z")
#: Letters of any other alphabet stand in atoms too (RFC 6532, section 3.2).
_OTHER: Final = re.compile(r"[^\x00-\x7f]")
#: What stands in brackets. Some programs write no @ into theirs (RFC 5322, section 3.6.4: they
#: should), and what answers them names it as it is.
_MESSAGE_ID: Final = re.compile(r"[!-;=?-~]+\Z")


def plain(value: str) -> str:
    """Return a value as one line: each line break, NUL or other control becomes a blank."""
    return _BREAKS.sub(" ", value)


def text_field(name: str, value: str) -> bytes:
    """Write a field of free text, such as the Subject, in encoded words where it needs them."""
    clean = plain(value).strip()
    if _is_plain(clean):
        return fold(f"{name}:", clean.split(" "))
    return fold(f"{name}:", list(_encoded(clean)))


def addresses_field(name: str, addresses: Sequence[Address]) -> bytes:
    """Write a field of addresses, each with its name."""
    words: list[str] = []
    for i, address in enumerate(addresses):
        comma = "," if i < len(addresses) - 1 else ""
        spec = f"<{mailbox(address)}>" if address.name else mailbox(address)
        words += [*_phrase(address.name), spec + comma]
    return fold(f"{name}:", words)


def ids_field(name: str, message_ids: Iterable[str]) -> bytes:
    """Write a field of Message-IDs, bounded; b"" where none of them is one."""
    good = [one for one in message_ids if _MESSAGE_ID.match(one) and len(one) <= LONGEST - 40]
    if len(good) > REFERENCES:
        good = [good[0], *good[-(REFERENCES - 1) :]]
    return fold(f"{name}:", [f"<{one}>" for one in good]) if good else b""


def parameter(name: str, value: str) -> list[str]:
    """Write a parameter, by RFC 2231 where it is not plain; in pieces where it is long."""
    clean = plain(value)
    if clean.isascii() and len(clean) <= 60:
        quoted = clean.replace("\\", "\\\\").replace('"', '\\"')
        return [f'{name}="{quoted}"']
    # A piece never ends inside of an octet's three signs.
    octets = [f"%{octet:02X}" if not _fits(octet) else chr(octet) for octet in clean.encode()]
    pieces: list[str] = [""]
    for octet in octets:
        if len(pieces[-1]) + len(octet) > 54:
            pieces.append("")
        pieces[-1] += octet
    if len(pieces) == 1:
        return [f"{name}*=utf-8''{pieces[0]}"]
    return [
        f"{name}*{n}*={chr(39).join(('utf-8', '', '')) if n == 0 else ''}{piece}"
        for n, piece in enumerate(pieces)
    ]


def mailbox(address: Address) -> str:
    """Return an address as the wire has it: a domain of other letters in ASCII (RFC 5891).

    A part before the @ that is not in ASCII stays: such a letter goes by SMTPUTF8 (RFC 6531).
    """
    local, domain = address.local, address.domain
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            domain = quote(domain, safe=".")  # No such domain can be; the server will say so.
    if not all(map(_ATOM.match, _OTHER.sub("x", local).split("."))):
        local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{local}@{domain}"


def fold(start: str, words: Iterable[str]) -> bytes:
    """Put words behind each other, and go to a new line before one gets too long."""
    lines: list[str] = []
    line = start
    for word in words:
        for piece in _cut(word):
            # Behind its name a field begins at once: some keep the blank of an empty first line.
            if len(line) + 1 + len(piece.encode()) > USUAL and line != start:
                lines.append(line)
                line = ""
            line += f" {piece}"
    lines.append(line)
    # A line of blanks alone would end the header for some (RFC 5322, section 3.2.2).
    whole = [one for one in lines if one.strip()]
    return "\r\n".join(whole).encode() + b"\r\n"


def _cut(word: str) -> Iterable[str]:
    """Cut what has no blank for longer than a line may be."""
    most = LONGEST - 20
    return (word[n : n + most] for n in range(0, len(word), most)) if len(word) > most else (word,)


def _is_plain(value: str) -> bool:
    return (
        value.isascii() and "=?" not in value and all(len(word) < 200 for word in value.split(" "))
    )


def _phrase(name: str) -> Iterable[str]:
    clean = " ".join(plain(name).split())
    if not clean:
        return ()
    if _ATOMS.match(clean) and _is_plain(clean):
        return clean.split(" ")
    if _is_plain(clean):
        return ['"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return list(_encoded(clean))


def _encoded(value: str) -> Iterable[str]:
    """Write encoded words (RFC 2047): none breaks a letter in two."""
    piece = b""
    for sign in value:
        octets = sign.encode()
        if len(piece) + len(octets) > _WORD:
            yield _word(piece)
            piece = b""
        piece += octets
    if piece:
        yield _word(piece)


def _word(octets: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(octets).decode('ascii')}?="


def _fits(octet: int) -> bool:
    sign = chr(octet)
    return octet < 128 and (sign.isalnum() or sign in "-._~")  # RFC 2231, section 7
