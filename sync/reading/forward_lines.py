"""Single lines and subjects that tell where a forwarded message begins, and whether it is one."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from crm.mail import subjects
from sync.reading.forward_words import END_WORDS, FORWARD_STEMS
from sync.reading.header_blocks import LONGEST_RUN, folded, unquoted
from sync.reading.rules import RULERS

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 300

_RULE = RULERS + " \t"
_PLAIN_STEMS = tuple(stem for stem in FORWARD_STEMS if stem.isascii())


class Intent(Enum):
    """What a subject says that its letter is."""

    FORWARD = auto()
    REPLY = auto()
    UNSAID = auto()


class Mark(Enum):
    """What a line says about what stands below it."""

    FORWARD = auto()  # "---------- Forwarded message ---------"
    PLAIN = auto()  # "-----Original Message-----", which some programs write for both
    END = auto()  # "----- End forwarded message -----"


class Separator(NamedTuple):
    """A line that parts what was written from what is passed on."""

    mark: Mark
    rest: str  # what Yahoo writes on the same line behind it
    lines: int  # how many lines it takes
    enclosed: bool  # with dashes before and behind its words


class Subject(NamedTuple):
    """A subject without what mail programs set before it."""

    intent: Intent
    prefix: str
    bare: str


def subject_of(text: str) -> Subject:
    """Take the prefixes off a subject; the first that is known tells what the letter is."""
    intent, prefix, bare = Intent.UNSAID, "", text.strip()
    if ":" not in bare and "：" not in bare:
        return Subject(intent, prefix, bare)
    for _ in range(subjects.MOST):
        known, rest = subjects.parted(bare)
        if not known:
            break
        if intent is Intent.UNSAID:
            prefix = known
            intent = Intent.FORWARD if known in subjects.PASSED_ON else Intent.REPLY
        elif known not in subjects.PASSED_ON and intent is Intent.FORWARD:
            break  # "Fwd: Re: Offer" passes on "Re: Offer".
        bare = rest
    return Subject(intent, prefix, bare)


def separator(lines: Sequence[str], at: int) -> Separator | None:
    """Read the line that parts a forwarded message from what stands above it, if it is one."""
    line = unquoted(lines[at][:LONGEST_RUN])
    if not line:
        return None
    if line[0] in RULERS:
        return _ruled(lines, at, line)
    if len(line) < LONGEST and line[-1] in ":：" and is_forward_word(line):
        return Separator(Mark.FORWARD, "", 1, enclosed=False)
    return None


def _ruled(lines: Sequence[str], at: int, line: str) -> Separator | None:
    opening = line[0]
    core = line.lstrip(_RULE)
    if not core or len(line) - len(core) < 2:
        return None
    if line[-1] in _RULE:
        words, rest, count = core.rstrip(_RULE), "", 1
        enclosed = len(words) <= LONGEST
    else:
        words, dashes, rest = core.partition(opening * 3)
        if len(words) > LONGEST:
            return None
        count, enclosed = 1, bool(dashes)
        rest = rest.lstrip(_RULE)
        if not dashes and at + 1 < len(lines) and len(core) > 20:
            # Lotus Notes names the forwarder and the day, and its line may be folded.
            folded = unquoted(lines[at + 1][:LONGEST])
            if folded.endswith(opening * 3) and folded.rstrip(_RULE):
                words, count, enclosed = f"{core} {folded.rstrip(_RULE)}", 2, True
    words = words.strip(" *:：")
    if not any(sign.isalpha() for sign in words):
        return None
    lower = words.casefold()
    if is_forward_word(lower):
        mark = Mark.END if lower.startswith(END_WORDS) else Mark.FORWARD
        return Separator(mark, rest, count, enclosed)
    return Separator(Mark.PLAIN, rest, count, enclosed) if enclosed and len(words) < 60 else None


def is_forward_word(text: str) -> bool:
    """Tell whether a line speaks of passing on, in any language."""
    lower = folded(text)
    stems = _PLAIN_STEMS if lower.isascii() else FORWARD_STEMS
    return any(stem in lower for stem in stems)
