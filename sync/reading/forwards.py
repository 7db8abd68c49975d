"""A message that was passed on inside of another: whose it was, and what was written above it.

What stands first in the text decides, with the subject:

    a line that says so ("---------- Forwarded message ---------")   a forward
    a header block, alone or below "-----Original Message-----"      a forward, unless the letter
                                                                     is an answer by its subject
    an attribution ("On 5 May 2025, Bo <bo@inlay.test> wrote:")      an answer, unless the subject
                                                                     says Fwd (Outlook for Mac)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.mail.meaning import Forward
from sync.reading import (
    attributions,
    forward_attributions,
    forward_lines,
    forward_notes,
    forward_people,
    header_blocks,
)
from sync.reading.enclosed_forwards import enclosed
from sync.reading.forward_lines import Intent, Mark
from sync.reading.forward_words import ANNOUNCEMENTS, PASSED_ON_BY_LABEL
from sync.reading.header_blocks import Block, unquoted
from sync.reading.margins import MARGIN
from sync.reading.quote_heads import is_sign_above
from sync.reading.rules import is_blank, is_rule, skip_blanks
from sync.reading.storable import one_line, storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.reading.clues import Clues
    from sync.reading.forward_lines import Separator, Subject

#: Further down nobody looks for the beginning of a forwarded message.
LONGEST = 200_000
MOST_LINES = 4000
LONGEST_SUBJECT = 2000
LONGEST_DATE = 200
#: So many empty lines stand between a separator and its block at most.
MOST_EMPTY = 5
#: So many lines are looked at for one that ends the message, from the end of the letter up.
MOST_LINES_BELOW = 60
#: What Outlook for Mac sets before every line that it passes on.
_INDENT = "    "


class Place(NamedTuple):
    """Where a forwarded message begins, and what is told of it there."""

    start: int  # the first line that its forwarder did not write
    body: int  # its first line
    depth: int  # quote marks before its lines
    fields: dict[str, str]
    mark: Mark | None
    label: str = ""


def find(clues: Clues) -> Forward | None:
    """Return the message that is passed on in a letter, or None where there is none."""
    subject = forward_lines.subject_of(clues.subject)
    is_fresh = subject.intent is Intent.UNSAID and "date" in clues.fields.values
    found = in_text(clues.text, subject, is_answer=_is_answer(clues), is_fresh=is_fresh)
    if found is None and clues.leaves:
        found = enclosed(clues, subject)
    if found is not None and (clues.by_server or clues.cannot_bounce):
        return None  # What a mail server sends with its news is not passed on by anybody.
    return found


def in_text(
    text: str, subject: Subject, *, is_answer: bool, is_fresh: bool = False
) -> Forward | None:
    """Return the message that is passed on in a text.

    A fresh letter is one whose subject says nothing: there people cite headers as well.
    """
    if ":" not in text and "：" not in text and "--" not in text:
        return None
    lines = text[:LONGEST].split("\n", MOST_LINES)
    place = _place(lines, _signs(text, lines), subject, is_answer=is_answer)
    if place is None or (is_fresh and _is_cited(lines, place)):
        return None
    lines[-1:] = (lines[-1] + text[LONGEST:]).split("\n")
    return _forward(lines, place, subject)


def _is_answer(clues: Clues) -> bool:
    values = clues.fields.values
    return "in-reply-to" in values or "references" in values


def _place(
    lines: Sequence[str], signs: Sequence[int], subject: Subject, *, is_answer: bool
) -> Place | None:
    """Return the first place where something may be passed on, if it is."""
    passed = 0
    answered = False
    for at in signs:
        if at < passed:
            continue
        found = forward_lines.separator(lines, at)
        if found is not None:
            place = _below_separator(lines, at, found, subject)
            passed = at + found.lines
        else:
            block = header_blocks.read(lines, at)
            if block is not None:
                place = _bare(lines, block, subject)
                if place is None and {"to", "subject"} <= block.fields.keys():
                    return None  # Lotus Notes writes so above what is answered.
                passed = block.end
            else:
                place = _attributed(lines, at)
                if subject.intent is Intent.FORWARD:
                    place = place if place is not None and place.fields.get("from") else None
                elif place is not None:
                    if subject.intent is Intent.REPLY or is_answer:
                        return None
                    place, answered = None, True
        if place is None:
            continue
        if answered and (place.depth or (place.mark is not Mark.FORWARD and subject.bare)):
            return None
        return place if _is_forward(place, subject, is_answer=is_answer) else None
    return None


def _signs(text: str, lines: Sequence[str]) -> Sequence[int]:
    """Return the lines that may be a label, a separator or an attribution; few are."""
    signs = [sign for sign in (":", "：", "--", "==") if sign in text]
    return sorted({at for sign in signs for at, line in enumerate(lines) if sign in line})


def _bare(lines: Sequence[str], block: Block, subject: Subject) -> Place | None:
    """Return the place of a block without a line above it that says what it is."""
    if not _is_whole(block, subject):
        return None
    start, mark = block.start, None
    while (above := skip_blanks(lines, start)) and is_sign_above(lines[above - 1]):
        start, mark = above - 1, Mark.PLAIN  # Outlook, QQ Mail
    return Place(start, block.end, block.depth, dict(block.fields), mark, block.first_label)


def _attributed(lines: Sequence[str], at: int) -> Place | None:
    start, words = forward_attributions.ending_at(lines, at)
    if start < 0:
        return None
    return Place(
        start, at + 1, header_blocks.depth_of(lines[start]), forward_attributions.told(words), None
    )


def _is_rule(line: str) -> bool:
    return is_rule(unquoted(line), 3)


def _is_forward(place: Place, subject: Subject, *, is_answer: bool) -> bool:
    if place.mark is Mark.FORWARD or subject.intent is Intent.FORWARD:
        return True
    if subject.intent is Intent.REPLY:
        return PASSED_ON_BY_LABEL.get(subject.prefix) == place.label
    return not is_answer


def _is_cited(lines: Sequence[str], place: Place) -> bool:
    """Tell whether somebody writes headers below words of their own.

    A program writes the day among them, or draws a line above.
    """
    told = (place.fields.get("date", ""), place.fields.get("from", ""))  # Lotus Notes: in From
    dated = any(map(attributions.names_a_time, told))
    return place.mark is None and not dated and not is_blank(lines[: place.start])


def _is_whole(block: Block, subject: Subject) -> bool:
    """Tell whether a block without a line above it is one; an itinerary has From and To as well."""
    fields = block.fields
    if len(fields.keys() - {"other"}) < 3:
        return False
    if "from" not in fields:
        return subject.intent is Intent.FORWARD and "subject" in fields
    if subject.intent is Intent.FORWARD or "@" in fields["from"]:
        return True
    if "subject" not in fields:
        return False
    # A memorandum and a label on a box have all three, without an address or a time of day.
    timed = attributions.names_a_time(fields.get("date", ""))
    return timed or "@" in fields.get("to", "")


def _below_separator(
    lines: Sequence[str], at: int, found: Separator, subject: Subject
) -> Place | None:
    if found.mark is Mark.END:
        return None
    if found.rest:
        fields = header_blocks.run_together(found.rest)
        if "from" in fields and len(fields) > 2:
            return Place(at, at + 1, header_blocks.depth_of(lines[at]), fields, found.mark)
    first = at + found.lines
    while first < len(lines) and first - at <= MOST_EMPTY and not lines[first].strip(MARGIN):
        first += 1
    if first >= len(lines):
        return None
    block = header_blocks.read(lines, first, below_separator=True)
    if block is not None and len(block.fields) > 1 and block.fields.keys() & {"from", "subject"}:
        return Place(at, block.end, block.depth, dict(block.fields), found.mark, block.first_label)
    for number in range(first, min(first + forward_attributions.MOST_LINES, len(lines))):
        place = _attributed(lines, number)
        if place is not None and place.start == first:  # Yandex
            return place._replace(start=at, mark=found.mark)
    if found.mark is Mark.FORWARD and found.enclosed:
        return _unlabelled(lines, at, first, subject)
    return None


def _unlabelled(lines: Sequence[str], at: int, first: int, subject: Subject) -> Place | None:
    """Return the place below a separator where Lotus Notes writes, or no header at all stands."""
    if any(sign.isdigit() for line in lines[at:first] for sign in line):
        told = forward_notes.read(lines, first)
        if told is not None:
            return Place(at, told.end, told.depth, told.fields, Mark.FORWARD)
    if subject.intent is Intent.FORWARD or not subject.bare:
        return Place(at, first, header_blocks.depth_of(lines[at]), {}, Mark.FORWARD)
    return None


def _forward(lines: Sequence[str], place: Place, subject: Subject) -> Forward:
    fields = place.fields
    author, date = fields.get("from", ""), fields.get("date", "")
    if not date:
        author, date = forward_notes.author_and_day(author)
    return Forward(
        message=_message(lines[: place.start]),
        author=forward_people.one(author),
        to=forward_people.several(fields.get("to", "")),
        cc=forward_people.several(fields.get("cc", "")),
        subject=one_line(fields.get("subject", subject.bare), LONGEST_SUBJECT),
        date_text=one_line(date, LONGEST_DATE),
        body=storable(_body(lines, place)),
    )


def _message(lines: Sequence[str]) -> str:
    end = len(lines)
    while end and (not lines[end - 1].strip(MARGIN) or _is_rule(lines[end - 1])):
        end -= 1
    if end and lines[end - 1].strip(MARGIN + ".:").casefold() in ANNOUNCEMENTS:
        end -= 1
    return storable("\n".join(lines[:end]).strip(MARGIN.replace(">", "\n")))


def _body(lines: Sequence[str], place: Place) -> str:
    depth = place.depth
    if depth == 0:
        first = next((n for n in range(place.body, len(lines)) if lines[n].strip(MARGIN)), None)
        if first is not None and header_blocks.depth_of(lines[first]):
            depth = 1
    kept = lines[place.body :]
    if depth:
        kept = [_unquoted(line, depth) for line in _quoted(kept, depth)]
    kept = kept[_first_line(kept, lines[place.start]) : _last_line(kept)]
    begins = next((line for line in kept if line.strip()), "")
    if begins[:4] == _INDENT and all(line[:4] == _INDENT or not line.strip() for line in kept):
        kept = [line[4:] for line in kept]
    return "\n".join(kept).strip()


def _first_line(lines: Sequence[str], opening: str) -> int:
    """Return where a text begins below its header; Zoho closes that with its separator again."""
    first = next((n for n, line in enumerate(lines[:MOST_EMPTY]) if line.strip()), 0)
    line = lines[first] if lines else ""
    closes = _is_rule(line) or (line == opening and line.endswith("=="))
    return first + 1 if closes else first


def _last_line(lines: Sequence[str]) -> int:
    """Return where a text ends: at the line that says so (Mutt, Horde, Yandex), if one does."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - MOST_LINES_BELOW), -1):
        if lines[at].lstrip().startswith("--"):
            found = forward_lines.separator(lines, at)
            if found is not None and found.mark is Mark.END:
                return at
    return len(lines)


def _quoted(lines: Sequence[str], depth: int) -> Sequence[str]:
    """Return the lines down to where the quote ends in which what is passed on stands."""
    empty = False
    for number, line in enumerate(lines):
        if not line.strip():
            empty = True
        elif header_blocks.depth_of(line) >= depth:
            empty = False
        elif empty:
            return lines[:number]
    return lines


def _unquoted(line: str, depth: int) -> str:
    for _ in range(depth):
        stripped = line.lstrip()
        if not stripped.startswith(">"):
            break
        line = stripped[1:].removeprefix(" ")
    return line
