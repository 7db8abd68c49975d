"""Where a disclaimer begins: what a lawyer puts below every letter of a house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading.legal_words import BELOW_LEGAL, HEADINGS, LEGAL, LEGAL_SIGNS
from sync.reading.margins import MARKS
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
_MARKS = MARKS + "[]()<-=#"


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
    found = end = len(lines)
    while (end := skip_blanks(lower, end)) > 0:
        beginning = end - 1
        while beginning > 0 and lower[beginning - 1].strip():
            beginning -= 1
        inner = _legal_from(lower, beginning, end, present)
        if inner is not None:
            found = inner
            if inner > beginning:
                break  # The name stands right above it, or something else that is no lawyer's.
        elif not _may_stand_below(lower[beginning:end], present):
            break
        end = min(beginning, found)
    return found


def _may_stand_below(paragraph: Sequence[str], present: Sequence[str]) -> bool:
    """Tell whether a paragraph may go on with a disclaimer, and is nothing that somebody wrote."""
    text = "\n".join(paragraph)
    if any(map(text.__contains__, present)) or any(map(text.__contains__, BELOW_LEGAL)):
        return True
    page = len(text) < _SHORTEST and ("http" in text or "www." in text)
    return page or all(map(_is_no_word, paragraph))


def _is_no_word(line: str) -> bool:
    """Tell whether a line is drawn, or names a file as Lotus Notes does: " - OFFER.DOC"."""
    bare = line.strip()
    return is_rule(line) or (bare[:2] == "- " and bare[-4:-3] == ".")


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
