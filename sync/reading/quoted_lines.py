"""Which lines are quoted, by what stands before each, and where a quote ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading.attributions import LONGEST_LINE
from sync.reading.margins import BLANK
from sync.reading.quote_marks import ANNOUNCING, QUOTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Before the lines that a page marks as a quote.
MARKS = (QUOTED, ANNOUNCING)

_BARS = ("|", "\u2502")
_LONGEST_PREFIX = 5
_INDENTS = ("    ", "\t")
#: So many indented lines below an attribution are a quote.
_SET_OFF = 3
#: So far below an attribution its quote begins.
_FAR = 6
#: A quoted line of so many signs may have been broken by a mail program, its end unmarked.
_WRAPPED = 70


def is_quoted(line: str) -> bool:
    """Tell whether a line is quoted, by the page or by the sign that all programs write."""
    return line.startswith(MARKS) or line.lstrip(BLANK).startswith(">")


def next_with_words(lines: Sequence[str], at: int) -> int:
    """Return the next line with words, within reach; else the end or the first beyond."""
    for number in range(at, min(at + _FAR, len(lines))):
        if lines[number].strip(BLANK):
            return number
    return min(at + _FAR, len(lines))


def sign_of_quote(lines: Sequence[str], at: int) -> Callable[[str], bool] | None:
    """Return how the lines of an announced quote are told from others; None where by nothing."""
    line = lines[at]
    if is_quoted(line):
        return is_quoted
    prefix = _prefix(line.lstrip(BLANK)[:_LONGEST_PREFIX])
    if prefix:
        return lambda other: other.lstrip(BLANK).startswith(prefix)
    near = [below for below in lines[at : at + _FAR] if below.strip(BLANK)][:_SET_OFF]
    return _is_indented if len(near) == _SET_OFF and all(map(_is_indented, near)) else None


def quote_end(lines: Sequence[str], begin: int, belongs: Callable[[str], bool]) -> int:
    """Return the line behind a quote; empty lines and broken ones within belong to it."""
    end = at = begin + 1
    while at < len(lines):
        line = lines[at]
        if belongs(line):
            end = at + 1
        elif line.strip(BLANK) and not (at == end and _is_torn(lines, at)):
            break
        at += 1
    return end


def _prefix(start: str) -> str:
    """Return what some programs write before each line: a bar, "--]", the initials in "BB>"."""
    for at, sign in enumerate(start):
        if sign in _BARS or (sign in "]}" and at and not start[:at].isalnum()):
            return start[: at + 1]
        if sign == ">":
            return start[: at + 1] if start[:at].isalpha() and start[0].isupper() else ""
        if sign.isspace() or start[0] in "[({<":
            return ""
    return ""


def _is_indented(line: str) -> bool:
    return line.startswith(_INDENTS)


def _is_torn(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is the end of the quoted one above it, as a program broke it."""
    above, line = lines[at - 1].rstrip(), lines[at][:LONGEST_LINE].strip()
    below = lines[at + 1 : at + 2]
    if not below or not is_quoted(below[0]):
        return False
    word = line.partition(" ")[0]
    if word == line and "://" in above.rpartition(" ")[2]:
        return True
    if above.endswith("?") or line[:1].isupper():
        return False
    return len(above) + 1 + len(word) > _WRAPPED
