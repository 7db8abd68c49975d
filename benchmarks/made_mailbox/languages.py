"""What people write, by language: names, greetings, sentences, and how a reply begins."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the made mailbox. `{k}`, `{n}`, `{c}`, `{q}` stand for what varies."""

    weight: int
    charsets: list[str]
    first_names: list[str]
    last_names: list[str]
    titles: list[str]
    greetings: list[str]
    farewells: list[str]
    attribution: str
    original: str
    fields: list[str]
    subjects: list[str]
    sentences: list[str]


LANGUAGES: Final = {
    code: Language(**words)
    for code, words in json.loads(
        Path(__file__).with_name("languages.json").read_text(encoding="utf-8")
    ).items()
}

_LATIN = str.maketrans(dict(zip("ßđłøœæı", ["ss", "d", "l", "o", "oe", "ae", "i"], strict=True)))
_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщыэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya".split(),
        strict=True,
    )
)
_PERSIAN = dict(
    zip(
        "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
        "a b p t s j ch h kh d z r z zh s sh s z t z a gh f q k g l m n v h i".split(),
        strict=True,
    )
)


def ascii_name(name: str) -> str:
    """Write a name as it stands in an address."""
    plain = "".join(_RUSSIAN.get(c, _PERSIAN.get(c, c)) for c in name.lower().translate(_LATIN))
    split = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in split if c.isascii() and c.isalnum()) or "x"
