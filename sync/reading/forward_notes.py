"""What Lotus Notes writes below its separator: the author and the day without labels.

---------- Forwarded by Ann Novak/SALES/ACME on 05/06/2025 09:14 AM ----------

Bo Berg on 05/05/2025 04:02:00 PM      or the day on the next line
Please respond to bo@inlay.test
To: Ann Novak/SALES/ACME@ACME          in HTML "To" stands in a cell, without a colon
cc:
Subject: Offer
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import header_blocks
from sync.reading.header_blocks import folded, unquoted
from sync.reading.label_words import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So many lines stand between the separator and the first label at most.
MOST_LINES = 12

_DAY = re.compile(r"(?<=\s)\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}(?:,? \d{1,2}:|\s*$)")
_LABELLED = ("to", "cc", "subject")


class Told(NamedTuple):
    """What Lotus Notes tells of a message, the line below it, and its quote marks."""

    fields: dict[str, str]
    end: int
    depth: int


def read(lines: Sequence[str], first: int) -> Told | None:
    """Read what stands below a separator, or None where no To and no Subject follows."""
    near = list(lines[first : first + header_blocks.MOST_LINES])
    author = date = ""
    for number in range(min(MOST_LINES, len(near))):
        line = unquoted(near[number])
        if not line:
            continue
        if author:
            near[number] = line = _with_colon(line)
        block = header_blocks.read(near, number) if ":" in line else None
        if block is not None and block.fields.keys() & {"to", "subject"}:
            near[number:] = [_with_colon(rest) for rest in near[number:]]
            block = header_blocks.read(near, number, below_separator=True) or block
            fields = {"from": author, "date": date} | dict(block.fields)
            return Told(fields, first + block.end, block.depth)
        if block is not None and "from" not in block.fields:
            continue
        if not author:
            author, date = author_and_day(block.fields["from"] if block is not None else line)
        elif line[0].isdigit() and ":" in line:
            date = f"{date} {line}".strip()
    return None


def author_and_day(line: str) -> tuple[str, str]:
    """Part `Bo Berg on 05/05/2025 04:02:00 PM`, where a day stands in it."""
    day = _DAY.search(line)
    if day is None:
        return line, ""
    name = line[: day.start()].rstrip()
    for word in (" on", " am", " le", " el", " il", " em"):
        name = name.removesuffix(word)
    return name.rstrip(), line[day.start() :].strip()


def _with_colon(line: str) -> str:
    """Give a label its colon: `To`, `Subject Offer`."""
    word, _space, rest = unquoted(line).partition(" ")
    return f"{word}: {rest}" if LABELS.get(folded(word)) in _LABELLED else line
