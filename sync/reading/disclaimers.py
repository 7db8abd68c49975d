"""Where a disclaimer begins: what a lawyer puts below every letter of a house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading.legal_words import HEADINGS, LEGAL, LEGAL_SIGNS
from sync.reading.rules import is_rule, skip_blanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: A letter that is shorter has no disclaimer.
_SHORTEST = 120
_LONGEST_LINE = 2000
#: Of the words of lawyers so many stand in one at least.
_FEWEST = 2
#: A line that is longer goes on in the next one.
_WRAPPED = 50
_PLAIN_SIGNS = tuple(sign for sign in LEGAL_SIGNS if sign.isascii())
_PLAIN_LEGAL = tuple(words for words in LEGAL if words.isascii())
_MARKS = " \t*_>[]()<|•·-=#\u200b\u200e\u200f\xa0\ufeff"


def start(lines: Sequence[str]) -> int:
    """Return where a disclaimer begins that reaches to the end, or how many lines there are."""
    if sum(map(len, lines)) < _SHORTEST:
        return len(lines)
    whole = "\n".join(lines).lower()
    signs, legal = (_PLAIN_SIGNS, _PLAIN_LEGAL) if whole.isascii() else (LEGAL_SIGNS, LEGAL)
    if not any(map(whole.__contains__, signs)):
        return len(lines)
    lower = whole.split("\n")
    if len(lower) != len(
        lines
    ):  # A sign whose lower case has another number of lines: none is known.
        return len(lines)
    present = [words for words in legal if words in whole]
    if len(present) < _FEWEST:
        return len(lines)
    beginning = 0
    for number in range(len(lower) + 1):
        if number < len(lower) and lower[number].strip():
            continue
        if number > beginning:
            inner = _legal_from(lower, beginning, number, present)
            if inner is not None:
                return inner
        beginning = number + 1
    return len(lines)


def _legal_from(
    lower: Sequence[str], beginning: int, end: int, present: Sequence[str]
) -> int | None:
    """Return where in a paragraph the disclaimer begins; the name may stand right above it."""
    said: set[str] = set()
    first = None
    for number in range(beginning, end):
        line = lower[number][:_LONGEST_LINE]
        found = {words for words in present if words in line}
        if found and first is None:
            first = number
        said |= found
    if first is None:
        return None
    while first > beginning and len(lower[first - 1]) >= _WRAPPED and not is_rule(lower[first - 1]):
        first -= 1  # A long line above is the beginning of the same sentence, wrapped.
    headed = first
    above = skip_blanks(lower, first)
    if above and _is_heading(lower[above - 1]):
        headed = above - 1
    long_enough = sum(len(line) for line in lower[first:end]) >= _SHORTEST
    independent = _distinct(said)
    if independent >= 3 and long_enough:
        return headed
    if independent >= 2 and (headed < first or _is_heading(lower[first])):
        return headed
    return None


def _distinct(said: Iterable[str]) -> int:
    """Count words of which none is a part of another."""
    words = sorted(said, key=len, reverse=True)
    kept: list[str] = []
    for word in words:
        if not any(word in longer for longer in kept):
            kept.append(word)
    return len(kept)


def _is_heading(line: str) -> bool:
    return line.strip(_MARKS).startswith(HEADINGS)
