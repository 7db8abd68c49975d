"""Markers and blocks of header lines below which a whole letter is quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.reading.quote_marks import QUOTED
from sync.reading.quote_words import ABOVE_THIS, FROM_LABELS, LONG_MARKERS, MARKERS, OTHER_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_LINE = 500
#: So many lines are looked at for the labels of one block, and so many of them with words.
_FAR, _NEAR = 14, 6
_KIN = 2
_LABELS = FROM_LABELS | OTHER_LABELS

_RULED = "-_=*~#\u2014\u2013\u2500\u2501\u2550"
_STRIPPED = " \t*>\xa0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff" + _RULED + QUOTED
_LONGEST_ASKING = 200
_ABOVE_THIS = re.compile("|".join(map(re.escape, ABOVE_THIS)))
_COLON, _WIDE_COLON = ":", "\uff1a"


def is_marker(head: str) -> bool:
    """Tell whether a line heads a whole letter, as "-----Original Message-----" does."""
    if head[0] not in _RULED and head[-1] != _COLON:
        return False
    core = head[:LONGEST_LINE].strip(_STRIPPED + ":").lower()
    if core in MARKERS:
        return True
    if head[0] not in _RULED or len(core) < 8:
        return False
    return core.startswith(LONG_MARKERS) or _first_words(core) in MARKERS


def is_answer_line(lines: Sequence[str], number: int, head: str) -> bool:
    """Tell whether a help desk asks here that one answer above this line."""
    if head[0] not in _RULED or len(head) > _LONGEST_ASKING:
        return False
    if head.startswith("##-") and head.endswith("-##"):
        return True  # Zendesk, in any language
    if not head.strip(_STRIPPED):  # Jira draws a rule and writes below it.
        head = lines[number + 1][:_LONGEST_ASKING] if number + 1 < len(lines) else ""
    return _ABOVE_THIS.search(head.lower()) is not None


def is_header_block(lines: Sequence[str], number: int, head: str) -> bool:
    """Tell whether From stands here or near with at least two of its kin in the next lines."""
    label = label_of(head)
    if label in FROM_LABELS:
        senders, kin = 1, 0
    elif label in OTHER_LABELS:
        senders, kin = 0, 1
    else:
        return False
    seen = strangers = 0
    for line in lines[number + 1 : number + _FAR]:
        stripped = line[:LONGEST_LINE].strip()
        if not stripped:
            continue
        label = label_of(stripped)
        if label in OTHER_LABELS:
            kin += 1
        elif label in FROM_LABELS:
            senders += 1
        else:
            strangers += 1
        if senders and kin >= _KIN:
            return True
        seen += 1
        if seen >= _NEAR or (not senders and strangers):
            break
    return False


def head_end(lines: Sequence[str], at: int) -> int:
    """Return the line behind a marker or a block of header lines that begins at a line."""
    end = at + 1
    for number in range(at, min(at + _FAR, len(lines))):
        if label_of(lines[number]) in _LABELS:
            end = number + 1
    while end < len(lines) and end > at + 1 and lines[end][:1] in (" ", "\t"):
        end += 1  # A folded header.
    return end


def label_of(head: str) -> str:
    """Return what stands before the colon, as the labels are written."""
    start = head[:60]
    before, colon, _after = start.partition(_COLON)
    if not colon or _WIDE_COLON in before:
        before, colon, _after = start.partition(_WIDE_COLON)
    return before.strip(_STRIPPED).lower() if colon else ""


def is_footer(line: str) -> bool:
    """Tell whether a signature or a mailing list's footer begins with a line."""
    return line.strip() in ("--", "\u2014") or line.startswith("_" * 20)


def is_rule(line: str) -> bool:
    """Tell whether a line is drawn, or empty."""
    return not line.strip(_STRIPPED)


def _first_words(core: str) -> str:
    for rule in ("--", "__", "=="):
        core = core.partition(rule)[0]
    return core.strip(_STRIPPED)
