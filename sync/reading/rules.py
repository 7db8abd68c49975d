"""Lines without words: blank ones, and those that are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What draws lines and nothing else, what draws them and emphasises words, and what heads a line
#: or an item of a list as well.
LINES = "-_=\u2014\u2013\u2500\u2501\u2550"
RULERS = LINES + "*~"
RULED = RULERS + "#+"
#: So long is a line at least that is drawn of several signs: "*-*-*-*".
_ORNATE = 7


def skip_blanks(lines: Sequence[str], end: int) -> int:
    """Return how many lines remain without the blank ones at the end."""
    while end > 0 and (not lines[end - 1] or lines[end - 1].isspace()):
        end -= 1
    return end


def is_rule(line: str, shortest: int = 2) -> bool:
    """Tell whether a line is drawn: of one sign alone, or a longer one of several."""
    bare = line.strip()
    if "  " in bare:
        return False  # It rules the columns of a table.
    bare = bare.replace(" ", "")
    if len(bare) < shortest or bare[0] not in RULED:
        return False
    return not bare.strip(bare[0]) or (len(bare) >= _ORNATE and not bare.strip(RULED))


def is_blank(lines: Sequence[str]) -> bool:
    """Tell whether there are no words in lines."""
    return not any(line and not line.isspace() for line in lines)
