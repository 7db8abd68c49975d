"""Sentences in pieces: some are links, some are strong, some are what was searched for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

_PLACE = re.compile(r"\{(\w+)\}")
#: Letters with the marks that follow them; Latin and Cyrillic accents, and Arabic vowels.
_WORD = re.compile("(?:\\w[\u0300-\u036f\u064b-\u065f\u0670]*)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence that looks the same from end to end."""

    text: str
    href: str = ""
    strong: bool = False
    hit: bool = False  # what somebody searched for


def filled(sentence: str, **places: Piece | str) -> tuple[Piece, ...]:
    """Put pieces into the named places of a sentence, which has been translated as a whole."""
    made = []
    for number, part in enumerate(_PLACE.split(sentence)):
        if number % 2:
            given = places[part]
            made.append(given if isinstance(given, Piece) else Piece(given))
        else:
            made.append(Piece(part))
    return tuple(piece for piece in made if piece.text)


def marked(text: str, query: str, piece: Piece | None = None) -> tuple[Piece, ...]:
    """Cut a text so that each of its words begins with a hit where a word of the query fits."""
    like = piece or Piece("")
    sought = [_plain(word) for word in query.split()]
    cuts, at = [], 0
    for word in _WORD.finditer(text):
        length = max((_fitting(word[0], one) for one in sought), default=0)
        if length:
            cuts.append(replace(like, text=text[at : word.start()]))
            at = word.start() + length
            cuts.append(replace(like, text=text[word.start() : at], hit=True))
    cuts.append(replace(like, text=text[at:]))
    return tuple(cut for cut in cuts if cut.text)


def _fitting(word: str, sought: str) -> int:
    """Tell how many letters of a word are what is sought; none where it begins otherwise."""
    if not sought:
        return 0
    for length in range(1, len(word) + 1):
        start = _plain(word[:length])
        if start == sought:
            return _with_marks(word, length)
        if not sought.startswith(start):
            return 0
    return 0


def _with_marks(word: str, length: int) -> int:
    while length < len(word) and unicodedata.combining(word[length]):
        length += 1
    return length


def _plain(word: str) -> str:
    """Return a word without its case and its accents, as people type it in a hurry."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
