"""Markers and blocks of header lines below which a whole letter is quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.reading import attributions
from sync.reading.label_words import LABELS
from sync.reading.margins import MARGIN, STARS
from sync.reading.quote_marks import QUOTED
from sync.reading.quote_words import ABOVE_THIS, ANSWERING, LONG_MARKERS, MARKERS
from sync.reading.rules import LINES, RULED, is_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_LINE = 500
#: So many lines are looked at for the labels of one block, and so many of them with words.
_FAR, _NEAR = 40, 6
#: What a line has that goes on with the people to whom a letter went.
_IN_LISTS = ("@", ";", ",", "/")
#: The line that Outlook draws above its block, and how many header lines stand in it at least.
_DRAWN, _IN_A_BLOCK = "_" * 20, 4
_MOST_ABOVE = 4
_KIN = 2

_COLON, _WIDE_COLON = ":", "\uff1a"
#: What ends a marker of several words that a rule does not begin.
_CLOSINGS = RULED + _COLON + _WIDE_COLON
#: So many signs rule a line, and head no item of a list nor a file of a patch.
_BEYOND_BULLETS = 3
_STRIPPED = MARGIN + STARS + RULED + QUOTED
_LONGEST_ASKING = 200
_LONGEST_MARKER = 40
#: So far below the day Lotus Notes has all its labels.
_NOTES = 12
_ABOVE_THIS = re.compile("|".join(map(re.escape, ABOVE_THIS)))


def may_head(head: str, label: str) -> bool:
    """Tell in one step whether a line can be a marker, or stand in a block of header lines."""
    return head[0] in RULED or head[-1] == _COLON or label in LABELS


def is_marker(head: str) -> bool:
    """Tell whether a line heads a whole letter, as "-----Original Message-----" does."""
    if not head or (head[0] not in RULED and head[-1] != _COLON):
        return False
    core = head[:LONGEST_LINE].strip(_STRIPPED + ":").lower()
    ruled = _ruled(head)
    if core in MARKERS:
        if " " not in core:  # One word: "Original:" is somebody's own.
            return ruled > 1 and head[-2:].strip(LINES) == ""
        return ruled > 1 or head[-1] in _CLOSINGS
    if ruled < _BEYOND_BULLETS or len(core) < 8:
        return False
    return core.startswith(LONG_MARKERS) or _first_words(core) in MARKERS


def is_sign_above(line: str) -> bool:
    """Tell whether a line is drawn above a block, or a marker without its ruler (QQ Mail)."""
    core = line.strip(_STRIPPED)
    return not core or (len(core) < _LONGEST_MARKER and core.rstrip(":").lower() in MARKERS)


def is_of_groupwise(head: str) -> bool:
    """Tell whether Groupwise heads a letter: ">>> Bo <bo@inlay.test> 05/05/2025 4:02 PM >>>".

    Since its version 7: ">>> On 05/05/2025 at 4:02 PM, in message <1.2>, Bo wrote:".
    """
    if not head.startswith(">>>"):
        return False
    closed = head.endswith(">>>") or (head[-1] == _COLON and ", in message <" in head)
    return closed and attributions.names_a_day(head)


def is_answer_line(lines: Sequence[str], number: int, head: str) -> bool:
    """Tell whether a help desk asks here that one answer above this line."""
    if head[0] not in RULED or len(head) > _LONGEST_ASKING or _ruled(head) < 2:
        return False
    if head.startswith("##-") and head.endswith("-##"):
        return True  # Zendesk, in any language
    if not head.strip(_STRIPPED):  # Jira draws a rule and writes below it.
        head = lines[number + 1][:_LONGEST_ASKING] if number + 1 < len(lines) else ""
    asked = head.lower()
    if _ABOVE_THIS.search(asked) is None:
        return False
    return any(word in asked for word in ANSWERING)


def is_header_block(lines: Sequence[str], at: int, label: str, *, dated: bool = False) -> bool:
    """Tell whether From stands here or near with at least two of its kin in the next lines.

    An itinerary has From, To and Date as well: a program writes whose address it was, or at what
    time of which day, and about what. Only what is `dated` counts where people cite headers too.
    """
    field = LABELS.get(label, "other")
    if field == "other":
        return False
    sender = field == "from"
    return _kin(lines, at, senders=sender, kin=not sender) and _names_letter(lines, at, dated=dated)


def is_drawn_block(lines: Sequence[str], at: int) -> bool:
    """Tell whether below a rule that Outlook draws there are header lines of any language."""
    if not lines[at].startswith(_DRAWN):
        return False
    near = [line for line in lines[at + 1 : at + 2 * _IN_A_BLOCK] if line.strip()][:_IN_A_BLOCK]
    if len(near) < _IN_A_BLOCK or not all(map(label_of, near)):
        return False
    return any("@" in line for line in near) and any(map(attributions.names_a_day, near))


def named_above(above: Sequence[str], lines: Sequence[str], at: int, label: str) -> int:
    """Return how many lines above name the writer and the day of a block that begins with To.

    Lotus Notes writes both without a label above it. 0 where there is none.
    """
    if LABELS.get(label) != "to":
        return 0
    for count in range(1, min(len(above), _MOST_ABOVE) + 1):
        line = above[-count]
        if attributions.names_a_day(line):
            break
        if line.strip() and not label_of(line):
            return 0
    else:
        return 0
    if not _kin(lines, at, senders=1, kin=0):
        return 0
    alone = line.lstrip()[:1].isdigit() and count < len(above) and above[-count - 1].strip()
    return count + 1 if alone else count


def is_day_of_notes(above: Sequence[str], lines: Sequence[str], at: int) -> bool:
    """Tell whether Lotus Notes writes a day here, below the writer, above labels without a colon.

    Each of To, cc and Subject has a line for itself there, and so has what it names.
    """
    line = lines[at]
    if not (line[:1].isdigit() and len(line) < _LONGEST_MARKER and above and above[-1].strip()):
        return False
    near = lines[at + 1 : at + 1 + _NOTES]
    fields = {LABELS.get(label.strip().casefold()) for label in near if len(label) < 20}
    return fields >= {"to", "subject"} and attributions.names_a_day(line)


def labels_above(above: Sequence[str]) -> int:
    """Return how many lines of a block stand above, below a ruler: Yandex above its attribution."""
    count = 0
    while count < min(len(above), _MOST_ABOVE) and label_of(above[-count - 1]) in LABELS:
        count += 1
    return count if count < len(above) and is_rule(above[-count - 1], 3) else 0


def _kin(lines: Sequence[str], at: int, *, senders: int, kin: int) -> bool:
    """Tell whether enough labels stand in the next lines; long lists of people are passed over."""
    seen = 0
    for line in lines[at + 1 : at + _FAR]:
        stripped = line[:LONGEST_LINE].strip()
        if not stripped:
            continue
        field = LABELS.get(label_of(stripped))
        if field == "from":
            senders += 1
        elif field:
            kin += 1
        elif not senders:
            return False
        elif any(sign in stripped for sign in _IN_LISTS):
            continue
        if senders and kin >= _KIN:
            return True
        seen += 1
        if seen >= _NEAR:
            return False
    return False


def _names_letter(lines: Sequence[str], at: int, *, dated: bool) -> bool:
    """Tell whether the lines of a block name an address, or a time of day and a subject."""
    seen, field = 0, ""
    known = set[str]()
    for line in lines[at : at + _FAR]:
        stripped = line[:LONGEST_LINE].strip()
        if not stripped:
            continue
        label = label_of(stripped)
        if label in LABELS:
            field = LABELS[label]
            value = stripped.replace(_WIDE_COLON, _COLON).partition(_COLON)[2]
        else:
            value = "" if field in known else stripped
        if field in ("to", "cc") and any(sign in stripped for sign in _IN_LISTS):
            continue
        if field == "subject" or (field == "date" and attributions.names_a_time(value)):
            known.add(field)
        if "@" in value and field == "from" and not dated:
            return True
        if {"subject", "date"} <= known:
            return True
        seen += 1
        if seen > _NEAR:
            break
    return False


def head_end(lines: Sequence[str], at: int) -> int:
    """Return the line behind a marker or a block of header lines that begins at a line."""
    end = at + 1
    for number in range(at, min(at + 2 * _NEAR, len(lines))):
        if label_of(lines[number]) in LABELS:
            end = number + 1
    while end < len(lines) and end > at + 1 and lines[end][:1] in (" ", "\t"):
        end += 1  # A folded header.
    return end


def label_of(head: str) -> str:
    """Return what stands before the colon, as the labels are spelled in `LABELS`."""
    start = head[:60]
    if _COLON not in start and _WIDE_COLON not in start:
        return ""
    before, colon, _after = start.partition(_COLON)
    if not colon or _WIDE_COLON in before:
        before, colon, _after = start.partition(_WIDE_COLON)
    return before.strip(_STRIPPED).casefold() if colon else ""


def is_footer(line: str) -> bool:
    """Tell whether a signature or a mailing list's footer begins with a line."""
    return line.strip() in ("--", "\u2014") or line.startswith("_" * 20)


def _ruled(head: str) -> int:
    """Return how many signs of a rule begin a line."""
    return len(head) - len(head.lstrip(RULED))


def _first_words(core: str) -> str:
    for rule in ("--", "__", "=="):
        core = core.partition(rule)[0]
    return core.strip(_STRIPPED)
