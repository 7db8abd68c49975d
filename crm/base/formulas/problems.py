"""What is wrong with a formula, and where: in words for whoever typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.base.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: So much of a word is quoted.
_QUOTED = 40
#: So alike are two words when one may be a slip of the other.
_ALIKE = 0.6


class FormulaError(InvalidError):
    """A formula cannot be read, or means nothing. `at` is the sign at which that begins."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem)
        self.at = at


def quoted(word: str) -> str:
    """Cut a word to what a sentence has room for, and to signs that can be shown."""
    cut = word if len(word) <= _QUOTED else word[: _QUOTED - 1] + "…"
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in cut)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that somebody may have meant, or "" where none is like it."""
    found = process.extractOne(
        quoted(word).lower(),
        {name: name.lower() for name in sorted(known)},
        scorer=OSA.normalized_similarity,
        score_cutoff=_ALIKE,
    )
    return str(found[2]) if found else ""
