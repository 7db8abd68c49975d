"""What a person's name is made of, as it is compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crm.people import proper, sounding
from crm.people.folding import fold

#: So many words of a name are looked at.
MOST: Final = 6
#: An abbreviation has no vowel, and so many letters at the most.
_FEW: Final = 3
_VOWELS: Final = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: folded, as it sounds, and in small letters where it has no vowels.

    An initial is the first letter of a name, or the first few: J., Ю., St.
    """

    folded: str
    sound: str
    vowelless: str
    is_latin: bool

    is_initial: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of a name without titles and particles, and which of its bearers is meant."""

    words: tuple[Word, ...]
    generation: str


@lru_cache(maxsize=8192)
def read(name: str) -> Parts:
    """Read a name, whichever of its words stands first."""
    found = proper.read(name)
    return Parts(tuple(map(_word, found.words[:MOST])), found.generation)


def join(words: tuple[Word, ...]) -> Word:
    """Return several words as one, as some write them."""
    bare = "".join(word.vowelless for word in words)
    if bare:
        return _word(bare)
    return Word(
        folded="".join(word.folded for word in words),
        sound="".join(word.sound for word in words),
        vowelless="",
        is_latin=words[0].is_latin,
        is_initial=False,
    )


@lru_cache(maxsize=8192)
def _word(word: str) -> Word:
    folded = fold(word)
    if sounding.is_vowelless(word):
        return Word(folded, word, word, is_latin=False, is_initial=len(word) == 1)
    return Word(
        folded=folded,
        sound=sounding.of(word),
        vowelless="",
        is_latin=word[0] < "\u0370",
        is_initial=folded.isascii()
        and folded.isalpha()
        and (len(word) == 1 or (len(folded) <= _FEW and _VOWELS.isdisjoint(folded))),
    )
