"""What reading promises of any bytes, and letters that are mutated by what mail is made of."""

from __future__ import annotations

import random
import time
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sync.errors import UnreadableMessageError
from sync.reading import PartNotFoundError, extract, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.mail.letter import Letter

#: So many seconds of the processor may a letter take that is no longer than LONGEST.
MOST_SECONDS = 2.0
LONGEST = 1 << 17

#: What readers of mail look for.
WORDS = (
    b"--b", b"--b--\r\n", b"\r\n\r\n", b"\n\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"=?",
    b"?=", b"=?utf-8?B?", b"=?utf-8?Q?=FF?=", b"=", b"==", b"Content-Type: ",
    b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b",
    b"multipart/digest; boundary=b", b"message/rfc822\r\n\r\n", b"text/html",
    b"application/ms-tnef", b"application/pkcs7-mime", b"text/calendar", b"text/vcard",
    b"; charset=utf-7", b"; charset=utf-16", b"; charset=iso-2022-jp", b"; charset=gb2312",
    b"\x1b$B", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\n#0V%T\n`\nend\n", b"<div>",
    b"</div>", b"<blockquote type=cite>", b"<!--", b"&#0;", b"> ", b"On Monday, Ann wrote:\n",
    b"From: ", b",", b"Date: Mon, 99 Foo 20250 25:61:61 +9999\r\n", b"<a@b.test>",
    b"BEGIN:VCALENDAR\r\n", b"\xed\xa0\x80", b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"-- \n",
    b"-----Original Message-----\n", b"filename*0*=",
)  # fmt: skip


def keep(raw: bytes) -> Letter | None:
    """Read bytes, assert what is promised of any, and return the letter, or None."""
    begun = time.process_time()
    try:
        letter = read(raw)
    except UnreadableMessageError as error:
        if error.__cause__ is not None:
            raise  # It is a fault of ours.
        return None
    spent = time.process_time() - begun
    assert spent < MOST_SECONDS or len(raw) > LONGEST, f"{spent:.1f} s"
    for text in texts(letter):
        assert "\x00" not in text
        text.encode()
    assert len(letter.text.encode()) <= 1_000_000
    assert len(letter.html.encode()) <= 1_000_000
    assert len(letter.parts) <= 1000
    assert len(letter.parties) <= 500
    assert read(raw) == letter
    for part in letter.parts[:5]:
        try:
            assert sum(map(len, extract(raw, part.section))) <= max(len(raw), LONGEST)
        except PartNotFoundError:
            continue
    return letter


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a letter, however deep it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def mutated(raw: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change a letter in a few places: words put in, pieces cut, doubled, or taken of another."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw) + 1)
        end = min(len(raw), at + chance.choice((1, 4, 30, 300)))
        match chance.randrange(5):
            case 0:
                raw = raw[:at] + chance.choice(WORDS) + raw[at:]
            case 1:
                raw = raw[:at] + raw[end:]
            case 2:
                raw = raw[:end] + raw[at:end] * chance.choice((1, 2, 20)) + raw[end:]
            case 3:
                other = chance.choice(others)
                begin = chance.randrange(len(other) + 1)
                raw = raw[:at] + other[begin : begin + 500] + raw[at:]
            case _:
                raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    return raw[:LONGEST]
