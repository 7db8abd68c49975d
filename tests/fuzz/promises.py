"""What reading promises of any bytes, and letters that are mutated by what mail is made of."""

from __future__ import annotations

import random
import time
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sync.errors import UnreadableMessageError
from sync.reading import PartNotFoundError, extract, read
from tests.fuzz.grammar import LINES, WORDS, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.mail.letter import Letter

#: Half a second of the processor for a megabyte, and four times that for a busy machine.
MOST_SECONDS = 4 * 0.5
LONGEST = 1_000_000


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
    """Change a letter, or one written at random: words or lines put in, pieces cut or doubled."""
    if not chance.randrange(4):
        raw = written(chance)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(raw) + 1)
        end = min(len(raw), at + chance.choice((1, 4, 30, 300)))
        match chance.randrange(6):
            case 0:
                raw = raw[:at] + chance.choice(WORDS) + raw[at:]
            case 5:
                at = raw.find(b"\n", at) + 1
                raw = raw[:at] + chance.choice(LINES).encode() + b"\n" + raw[at:]
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
