"""Plain text that was broken at some eighty columns, flowing again to the width of its reader.

Programs break what people wrote as one paragraph. In a narrower pane each of these lines breaks
once more, and every other line is a stump. Only what looks broken by a program is put together:
lines between which the next word had no room. What a person put on lines of its own stays there.
"""

from __future__ import annotations

import re
from itertools import pairwise

#: Where programs break: RFC 3676 proposes 78 columns, most take 72 to 76, some 80.
_NARROWEST, _WIDEST = 60, 80
#: A line alone may be long by chance.
_FULL_LINES = 2
#: Behind the end of a sentence a break may be meant; leaving it does no harm.
_ENDS = tuple('.!?:;…。؟»”"')
#: What begins a line of its own: a list, a quote, the mark of a signature, an indent, a table.
_OWN_LINE = re.compile(r"[\s>|*•·–—+=_#-]|\d{1,3}[.)]\s|\w[.)]\s|$")
_COLUMNS = re.compile(r"\S(?:\t| {3,})\S")


def joined(text: str) -> str:
    """Put together the lines that a program has broken; all others stay as they are."""
    lines = text.split("\n")
    width = max((len(line.rstrip()) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return text
    cuts = [_is_cut(line, after, width) for line, after in pairwise(lines)]
    if sum(cuts) < _FULL_LINES:
        return text
    made = [
        f"{line.rstrip()} " if cut else f"{line}\n"
        for line, cut in zip(lines, [*cuts, False], strict=True)
    ]
    return "".join(made)[:-1]


def _is_cut(line: str, after: str, width: int) -> bool:
    """Tell whether a line ends only because the next word had no room on it."""
    line = line.rstrip()
    if not line or line.endswith(_ENDS) or _OWN_LINE.match(after) or _OWN_LINE.match(line):
        return False
    if _COLUMNS.search(line) or _COLUMNS.search(after):
        return False
    if len(line.split()) == 1 or len(after.split()) == 1:
        return False  # Links and names of files, each on a line of its own.
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width
