"""What stands below the last quote: an answer, or the signature and a list's footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading import footers, quote_heads
from sync.reading.margins import BLANK
from sync.reading.quote_marks import SIGNED

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So much is looked at; who writes more says something.
_MOST_LINES = 60
_LONGEST_LINE = 500
_STOPS = (".", "!", "?", "…", "؟", "。", "！", "？")
#: What ends a sentence in Chinese and Japanese, which have no blanks between words.
_UNPARTED_STOPS = ("。", "！", "？")
_FEWEST_WORDS = 3


def answers(lines: Sequence[str]) -> bool:
    """Tell whether somebody says something here, beside their signature and a list's footer."""
    at = 0
    while at < len(lines) and (not lines[at].strip(BLANK) or lines[at][0] == SIGNED):
        at += 1
    if at == len(lines):
        return False
    if not quote_heads.is_footer(lines[at]):
        return True
    below = [line for line in lines[at + 1 :] if line[:1] != SIGNED]
    if len(below) > _MOST_LINES:
        return True
    return any(map(_is_said, below[: footers.start(below)]))


def _is_said(line: str) -> bool:
    """Tell whether a line is a sentence, which no name and no address is."""
    words = line[:_LONGEST_LINE].split()
    if not words or not words[-1].endswith(_STOPS):
        return False
    if words[-1].endswith(_UNPARTED_STOPS):
        return True
    return len(words) >= _FEWEST_WORDS and any(word[0].islower() for word in words)
