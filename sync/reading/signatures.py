"""Where a signature begins in what somebody wrote, with the disclaimer below it.

From the end upwards: first what others put below (see footers), then a line of dashes, else the
words that close a letter and the name below them, else the author's name. A signature reaches to
the end, and something stands above it: a letter that is nothing but its signature has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.reading import footers, names, titles
from sync.reading.margins import BLANK, MARKS, STARS
from sync.reading.rules import RULED, is_blank, is_rule, skip_blanks
from sync.reading.signature_words import (
    FROM_PLACES,
    JOINTS,
    LONGEST_SIGN_OFF,
    NO_NAMES,
    SIGN_OFFS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address

#: So much of the end is looked at.
LONGEST = 8000
MOST_LINES = 120
#: A signature has no more lines of its own, blank ones not counted.
_MOST_OWN = 20
#: A line of a signature is no longer.
_LONGEST_LINE = 100
#: In Chinese and Japanese, where no blanks part words, a sentence has longer ones.
_LONGEST_WORD = 20
#: "Kind regards Ann van Berg": names of so many words stand in one line with the closing words.
_MOST_IN_LINE = 3
#: "Best wishes from sunny Leeds" has so many words behind it.
_MOST_OF_A_PLACE = 3
#: So many sentences may stand in a signature that a closing word and a name begin.
_MOST_SENTENCES = 2
_DASHES = frozenset(("--", "––", "——"))
#: What a drawn line begins with.
_DRAWN = frozenset(RULED + " \t")
#: What people write before their name, and what opens a nickname within it.
_DASHED = "-–—~/ "
_OPENING = "\"'(“„"
_STOPS = ".!?…。؟"
_ENDINGS = BLANK + STARS + ",.!;:-–—،。，、！~"
#: What ends with a full stop without ending a sentence.
_ABBREVIATIONS = frozenset(
    """inc. ltd. co. corp. llc. jr. sr. st. ave. blvd. rd. gmbh. s.r.o. a.s. o.o. d.o.o. d.d. s.a.
    s.l. s.p.a. b.v.
    n.v. k.s. ph.d. m.d. esq. u.s.a. u.s. p.o. kft. zrt. ltda. s.c. v.o.s. j.d. m.a. mba. csc.
    drsc.""".split()
)
_POSTSCRIPTS = ("ps:", "p.s", "ps.", "ps ", "pps", "ps,", "p.p.s", "пс:", "з.ы", "p. s.", "ps-")
_OF_POSTSCRIPTS = frozenset(sign for words in _POSTSCRIPTS for sign in (words[0], words[0].upper()))


_FIRST_WORDS = frozenset(words.partition(" ")[0] for words in SIGN_OFFS)


class Tail(NamedTuple):
    """The end of a text, in lines, and whether anything stands before them."""

    lines: Sequence[str]
    more: bool


def find(new_text: str, author: Address | None) -> str:
    """Return the signature at the end of what was written now, or the empty string."""
    tail = _tail(new_text)
    lines = tail.lines
    end = footers.start(lines)
    begin = _begin(lines, end, author)
    if begin < end:
        begin = footers.extended(lines, begin)
    if begin < end and not tail.more and is_blank(lines[:begin]):
        begin = _below_sign_off(lines, begin, end)
    found = "\n".join(lines[begin:]).strip()
    return found if any(map(str.isalnum, found)) else ""


def is_sign_off(line: str) -> bool:
    """Tell whether a line holds only the words that close a letter."""
    if len(line) > LONGEST_SIGN_OFF:
        return False
    words = line.lower().strip(_ENDINGS)
    if words in SIGN_OFFS:
        return True
    if words.partition(" ")[0].rstrip(_ENDINGS) not in _FIRST_WORDS:
        return False
    for place in FROM_PLACES:
        first, found, rest = words.partition(place)
        if found and first in SIGN_OFFS and len(rest.split()) <= _MOST_OF_A_PLACE:
            return names.is_capital(line.rstrip(_ENDINGS).rpartition(" ")[2])
    for joint in JOINTS:
        first, found, second = words.partition(joint)
        if found and first.rstrip(_ENDINGS) in SIGN_OFFS and second.strip(_ENDINGS) in SIGN_OFFS:
            return True
    return False


def _tail(text: str) -> Tail:
    if len(text) <= LONGEST:
        lines = text.split("\n")
        return Tail(lines[-MOST_LINES:], len(lines) > MOST_LINES)
    return Tail(text[-LONGEST:].split("\n")[1:][-MOST_LINES:], more=True)


def _begin(lines: Sequence[str], end: int, author: Address | None) -> int:
    dashes = _dashes(lines, end)
    if dashes is not None and lines[dashes].strip() in _DASHES:
        return dashes
    return _closing(lines, end if dashes is None else dashes, author)


def _below_sign_off(lines: Sequence[str], begin: int, end: int) -> int:
    """Return where the name begins in a letter that is no more than "Thanks, Ann"."""
    if not is_sign_off(lines[begin].strip(MARKS)):
        return end
    begin += 1
    while begin < end and is_blank(lines[begin : begin + 1]):
        begin += 1
    return begin


def _dashes(lines: Sequence[str], end: int) -> int | None:
    """Return the highest line of dashes below which there is no more than a signature."""
    found = None
    below: list[str] = []  # of which it is not known whether a sentence stands in them
    own, sentences = 0, False
    for number in range(end - 1, -1, -1):
        line = lines[number]
        if not line or line.isspace():
            continue
        if line[0] in _DRAWN and (is_rule(line) or line.strip() == "—"):
            sentences = sentences or any(map(_is_said, below))
            below.clear()
            if line.strip() in _DASHES or not sentences:
                found = number
            continue
        own += 1
        below.append(line)
        if own > _MOST_OWN or len(line) > 3 * _LONGEST_LINE:
            break
    return found


def _closing(lines: Sequence[str], end: int, author: Address | None) -> int:
    """Return where the closing words or the name begin; `end` where there is neither."""
    known = names.known_as(author)
    begin = end
    below = ""  # the line with words that was looked at before
    own = sentences = 0
    for number in range(end - 1, -1, -1):
        line = lines[number]
        bare = line[: _LONGEST_LINE + 1].strip(MARKS)
        if not bare:
            continue
        bare = _without_titles(bare)
        own += 1
        if own > _MOST_OWN or line[0] == ">":  # What is quoted closes another's letter.
            break
        if bare[0] in _OF_POSTSCRIPTS and bare[:3].lower().startswith(_POSTSCRIPTS):
            break
        if below and is_sign_off(bare) and (begin < end or _may_be_signed(below, known)):
            # 此致 and 敬礼 stand on two lines, as "Thanks" and "Best regards" may.
            return number - (number > 1 and is_sign_off(lines[number - 1].strip(MARKS)))
        if not sentences and _is_signed(bare, known):
            return number
        if len(line) > _LONGEST_LINE or _is_sentence(bare):
            sentences += 1
            if sentences > _MOST_SENTENCES or begin < end:
                break
        elif not sentences and names.is_own(bare, known):
            begin = _headed(lines, number)
        elif not sentences and not below and _is_dashed_name(lines, number, bare, known):
            begin = number
        below = bare
    return begin if begin < end else _unknown(lines, end)


def _without_titles(bare: str) -> str:
    """Return a line without what stands small before a name: "i. A.", "mgr inż."."""
    if bare[1:2] in "./p":  # The second sign of "i. A.", and of its like.
        bare = names.undeputed(bare)
    return names.without_degrees(bare) if bare[0].islower() else bare


def _headed(lines: Sequence[str], number: int) -> int:
    """Return where a paragraph with a name begins, if a title alone stands above the name."""
    above = number - 1
    if above < 1 or is_blank(lines[above:number]) or not is_blank(lines[above - 1 : above]):
        return number
    title = lines[above].strip(MARKS)
    return above if title and _is_heading(title) and not is_sign_off(title) else number


def _may_be_signed(below: str, known: frozenset[str]) -> bool:
    """Tell whether a line below closing words can be a name, or what stands in its place."""
    return (len(below) <= names.LONGEST and not _is_sentence(below)) or names.is_own(below, known)


def _is_signed(bare: str, known: frozenset[str]) -> bool:
    """Tell whether closing words and a name stand on one line: "Thanks, Ann"."""
    if len(bare) > LONGEST_SIGN_OFF:
        return False
    if bare.partition(" ")[0].rstrip(_ENDINGS).lower() not in _FIRST_WORDS:
        return False
    for sign in (",", ".", "!", "-", "–"):
        words, found, rest = bare.partition(sign)
        name = names.undeputed(rest.strip(_ENDINGS))
        if found and name and is_sign_off(words):
            return names.is_own(name, known) or names.is_name(name) or _is_signed(name, known)
    words = bare
    for _word in range(_MOST_IN_LINE if names.is_capital(bare.rpartition(" ")[2]) else 1):
        words = words.rpartition(" ")[0]
        if words and is_sign_off(words):
            return names.is_own(bare[len(words) + 1 :], known)
    return False


def _is_dashed_name(lines: Sequence[str], number: int, bare: str, known: frozenset[str]) -> bool:
    """Tell whether a last line is a name behind a dash, and no item of a list."""
    if bare[0] not in _DASHED:
        return False
    name = bare.lstrip(_DASHED)
    if "." in name[:-1]:
        return False  # Lotus Notes writes the names of files so: "- OFFER.DOC".
    if bare[0] == "/" or not name:
        return bool(name) and names.is_own(name, known)
    above = skip_blanks(lines, number)
    if above and lines[above - 1].lstrip()[:1] == bare[0]:
        return False
    return names.is_name(name.title() if name.islower() else name) and len(name.split()) <= 3


def _unknown(lines: Sequence[str], end: int) -> int:
    """Return where the last paragraph begins, if somebody's name and numbers are all of it."""
    end = skip_blanks(lines, end)
    begin = end
    while begin > 0 and lines[begin - 1] and not lines[begin - 1].isspace():
        begin -= 1
        if end - begin > _MOST_OWN:
            return end
    above = skip_blanks(lines, begin)
    if begin == end or above == 0 or above == begin:
        return end
    paragraph = [line[: _LONGEST_LINE + 1].strip(MARKS) for line in lines[begin:end]]
    first = paragraph[0]
    if any(len(line) > _LONGEST_LINE or _is_sentence(line) for line in paragraph):
        return end
    before = lines[above - 1].rstrip()
    if before.endswith((":", "：")):
        return end  # It is announced: somebody else's address, or a list.
    if len(paragraph) == 1:
        written = before[-1:] in ".?!…" or len(before) > _LONGEST_LINE // 2
        return begin if before and written and names.is_name(first) else end
    if is_contact(paragraph[-1]):
        return begin if _is_heading(first) else end
    working = any(titles.is_title(line) for line in paragraph[1:])
    return begin if working and all(map(_is_heading, paragraph)) and names.is_name(first) else end


def is_contact(line: str) -> bool:
    """Tell whether a line holds a number, an address or a page, and little else."""
    if "@" in line or "www." in line or "http" in line:
        return len(line.split()) <= 4
    digits = sum(map(str.isdigit, line))
    return digits >= 4 and 2 * digits >= sum(map(str.isalpha, line))


def _is_heading(line: str) -> bool:
    words = line.lstrip(_DASHED).split()
    return (
        0 < len(words) <= 6
        and not any(sign.isdigit() for sign in line)
        and line[-1] not in ":?!;。"
        and len(max(words, key=len)) <= _LONGEST_WORD
        and all(names.is_capital(word.lstrip(_OPENING)) or len(word) <= 3 for word in words)
        and words[0].lower() not in NO_NAMES
    )


def _is_said(line: str) -> bool:
    return len(line) > _LONGEST_LINE or _is_sentence(line)


def _is_sentence(line: str) -> bool:
    """Tell whether a line is a part of what was said rather than of a signature."""
    words = line.split()
    count = len(words)
    if count <= 2:
        return False
    if count > 14:
        return True
    if line[-1] in _STOPS and words[-1].lower() not in _ABBREVIATIONS:
        return any(word[0].islower() for word in words)
    if count >= 4 and words[0][0].islower():
        return "@" not in line and not any(map(str.isdigit, line))
    return count >= 6 and 2 * sum(word[0].islower() for word in words) > count
