"""What others put below a letter: a phone, a list, a virus scanner, a lawyer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading import beginnings, disclaimers
from sync.reading.footer_words import (
    DEVICES,
    EXCUSES,
    FOOTERS,
    GET,
    LINKS,
    PROGRAMS,
    SAVED,
    SAVINGS,
    SCANNED,
    SENT_FROM,
    SENT_FROM_ENDS,
    SENT_FROM_MY,
    SHORTLY_ENDS,
    SHORTLY_FROM,
    WITH_LINKS,
)
from sync.reading.margins import MARKS
from sync.reading.rules import RULED, is_blank, is_rule, skip_blanks

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A line such as "Sent from my iPhone" is shorter, with its links taken off.
_LONGEST_SENT_FROM = 80
_MOST_WORDS = 10
_FEW_WORDS = 4
#: What a drawn line begins with, without the signs of emphasis.
_DRAWN = frozenset(("", *RULED)) - {"*", "_"}
_LONGEST_LINE = 400
#: So many lines below a ruler are a list's or an advertiser's, and not a part of the letter.
_MOST_LISTED = 6
_MARKS = MARKS + "[]()<"
#: Streak and other trackers leave this sign at the end.
_TRACKED = "ᐧ"


def start(lines: Sequence[str]) -> int:
    """Return the number of the first line that others put below, or how many there are."""
    end = extended(lines, len(lines))
    while (begin := disclaimers.start(lines[:end])) < end:
        end = extended(lines, begin)
    if end == len(lines):
        return end
    # Avast draws a line above what it adds, or writes the dashes of a signature.
    above = skip_blanks(lines, end)
    return above - 1 if above and is_rule(lines[above - 1]) else end


def extended(lines: Sequence[str], end: int) -> int:
    """Return where what others put right above a line begins."""
    while True:
        above = skip_blanks(lines, end)
        taken = _one_up(lines, above)
        if taken == above:
            return end
        end = taken


def is_sent_from(line: str) -> bool:
    """Tell whether a phone or a program names itself in a line."""
    bare = _bare(line)
    begins = beginnings.has(_SENT, bare)
    if not begins and (bare[-2:] not in _LAST_SIGNS or not bare.endswith(_SENT_ENDS)):
        return False
    bare = _without_links(bare).strip(_MARKS)
    excused = any(word in bare for word in EXCUSES)
    words = len(bare.split())
    if len(bare) > _LONGEST_SENT_FROM * (1 + excused) or words > _MOST_WORDS * (1 + excused):
        return False
    if bare.startswith(SENT_FROM_MY):
        # "Sent from my desk, which is easier" says something else.
        return excused or "," not in bare
    if bare.startswith(GET):
        return any(name in bare for name in PROGRAMS)
    if not begins:
        return _has_device(bare) and (words <= _FEW_WORDS or bare.endswith(SENT_FROM_ENDS))
    if bare.startswith(SHORTLY_FROM):
        return words <= _FEW_WORDS and _has_device(bare)
    return _has_device(bare) or (words <= _FEW_WORDS and bare.startswith(_SENT_WITH))


def _one_up(lines: Sequence[str], end: int) -> int:
    """Return where what stands right above a line begins, if others put it there."""
    if end == 0:
        return end
    last = lines[end - 1]
    if last.strip() == _TRACKED or is_sent_from(last):
        return end - 1
    if (
        end > 1
        and len(last) < _LONGEST_SENT_FROM
        and is_sent_from(f"{lines[end - 2].strip()} {last.strip()}")
    ):
        return end - 2
    return _listed(lines, end)


def _listed(lines: Sequence[str], end: int) -> int:
    """Return where a list's, scanner's or advertiser's lines begin, if they end here."""
    seen = 0
    found = end
    number = end
    while number > 0 and seen <= _MOST_LISTED:
        number -= 1
        line = lines[number]
        if not line or line.isspace():
            continue
        seen += 1
        first = line[:_LONGEST_LINE].lstrip(_MARKS)[:2].lower()
        if seen > 1 and first[:1] in _DRAWN and is_rule(line, 10):
            # Mailman and others draw a line above what they add: it has the list's page in it.
            return number if found < end or any(map(_links, lines[number + 1 : end])) else found
        if (
            first[:2] in _BELOW
            and beginnings.has(_BELOW, _bare(line))
            and _is_by_program(lines, number, end)
        ):
            found = number
    return found


def _is_by_program(lines: Sequence[str], number: int, end: int) -> bool:
    """Tell whether no person begins a line so, or what stands in it or beside it shows that."""
    bare = _bare(lines[number])
    if bare.startswith(FOOTERS):
        return True
    text = f"{bare} {_beside(lines, number, end)}"
    if bare.startswith(SAVINGS):
        return any(map(text.__contains__, SAVED))
    above = lines[number - 1] if number else ""
    return (
        any(map(text.__contains__, LINKS))
        or any(map(bare.__contains__, SCANNED))
        or is_rule(above, 10)
    )


def _beside(lines: Sequence[str], number: int, end: int) -> str:
    """Return what goes on below a line: two lines, or what stands behind its colon."""
    below = number + 1
    if lines[number].rstrip().endswith(":"):
        while below < end and is_blank(lines[below : below + 1]):
            below += 1
    two = [_bare(line) for line in lines[below : min(below + 2, end)]]
    return " ".join(two) if two and two[0] else ""


def _bare(line: str) -> str:
    return line[:_LONGEST_LINE].lower().strip(_MARKS)


def _links(line: str) -> bool:
    """Tell whether a line has a page in it, or names a list."""
    bare = _bare(line)
    return "http" in bare or "www." in bare or bare.endswith("mailing list")


def _has_device(bare: str) -> bool:
    return any(device in bare for device in DEVICES)


def _without_links(text: str) -> str:
    """Leave out addresses of pages, bare, in brackets, or as Markdown has them."""
    if "http" not in text and "mailto:" not in text:
        return text
    words = [word.partition("http")[0].rstrip("<([") for word in text.replace("](", " (").split()]
    return " ".join(word for word in words if word).replace("[", "").replace("]", "")


_SENT = beginnings.sort((*SENT_FROM_MY, *SENT_FROM, *SHORTLY_FROM, *GET))
_BELOW = beginnings.sort((*FOOTERS, *WITH_LINKS, *SAVINGS))
_SENT_ENDS = (*SENT_FROM_ENDS, *SHORTLY_ENDS)
_LAST_SIGNS = frozenset(phrase[-2:] for phrase in _SENT_ENDS)
#: A program that nobody knows may name itself as well.
_SENT_WITH = ("sent with ", "sent using ", "sent via ", "sent from ")
