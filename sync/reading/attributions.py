"""The line or lines above a quote that say who wrote it and when."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from sync.reading.attribution_words import (
    PARTICLES,
    QUOTING,
    SPOKEN,
    STARTS,
    TOLD_OF,
    UNPARTED_STARTS,
    VERBS,
    VERBS_WITHIN,
)
from sync.reading.margins import BLANK, STARS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So much of one line is looked at.
LONGEST_LINE = 500
#: Lines with words that one may go over, and empty ones that may stand between them.
MOST_LINES, MOST_EMPTY = 5, 2
_LONGEST = 600

#: What ends one: a colon, in any script.
ENDS = (":", "\uff1a", ":*", ": *", ":_")
_TRIMMED = BLANK + STARS + "-\u2013\u2014"
_UNDER_VERB = BLANK + STARS + ":\uff1a-\u202f"
_DIGIT = re.compile(r"\d")
_TIME = re.compile(r"\d[:.h\uff1a]\s?\d\d|\d\s?[ap]\.?m|[点點時时시]")
#: The same where 05.05.2025 is none.
_CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}(?:[:h\uff1a]\s?\d\d|\.\d\d(?![\d.]))|\d\s?[AaPp]\.?[Mm]|[点點時时시]"
)
_YEAR = re.compile(r"(?:19|20)\d\d|[۱۲][۰-۹]{3}|\d[./-] ?\d{1,2}[./-] ?\d\d")
#: Gmail's older heads, which in some languages have no verb and no colon: "2025-05-05 16:02
#: GMT+02:00 Ann <ann@acme.test>", "2025/5/5 Ann <ann@acme.test>".
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d")
_DAY = re.compile(r"20\d\d[-/.]\d{1,2}[-/.]\d{1,2} ")
_SHORT = 120
#: What such a line begins with where it stands in one with the answer.
_JOINTS = (" On ", " Am ", " Le ", " El ", " Il ", " Op ", " Em ", " Dne ", " W dniu ", " Den ")
_PIECES_OF_ADDRESS = ("<", "mailto:", ">", "[mailto:", "&lt;")


class Sureness(IntEnum):
    """How sure it is that a line announces a quote."""

    NO = 0
    BEFORE_A_QUOTE = 1  # only where the next line is a quoted one
    SURE = 2


class Attribution(NamedTuple):
    """How many of the lines just before announce the quote too, and how sure that is."""

    above: int
    sureness: Sureness
    own: str = ""  # what stands before it on its line


NONE = Attribution(0, Sureness.NO)


def may_end(head: str) -> bool:
    """Tell in one step whether a line can be the last of an attribution."""
    return head.endswith(ENDS) or _ends_without_colon(head)


def find(above: Sequence[str], head: str) -> Attribution:
    """Tell whether a line is the last of an attribution. `above` are the lines kept before it."""
    last = head[-LONGEST_LINE:].strip(_TRIMMED).lower()
    if not last or not _may_belong(above, last):
        return NONE
    if head[:2] == "--" and last[-1] == ":" and _ends_in_verb(last):
        return Attribution(0, Sureness.SURE)  # iNotes: -----"Bo" <bo@inlay.test> wrote: -----
    if not _begins(last):
        at = max(map(head.rfind, _JOINTS))
        if at > 0 and "@" in head[at:] and _is_sure(head[at + 1 :].strip(_TRIMMED).lower()):
            return Attribution(0, Sureness.SURE, head[:at].rstrip("- "))
    joined, best, count = last, -1, 0
    for count, line in _upwards(above):
        joined = f"{line} {joined}" if count else joined
        if len(joined) > _LONGEST:
            break
        if best < 0 and _is_sure(joined):
            best = count
        elif best >= 0 and not _continues(line, joined):
            break
        elif best >= 0:
            best = count
        if best >= 0 and _YEAR.search(joined):
            break
    if best >= 0:
        whole = " ".join([*above[len(above) - best :], head])
        sure = "@" in whole or _is_exact(whole)
        return Attribution(best, Sureness.SURE if sure else Sureness.BEFORE_A_QUOTE)
    return Attribution(0, Sureness.BEFORE_A_QUOTE) if _may_announce(last) else NONE


def names_a_day(line: str) -> bool:
    """Tell whether a day and a time stand in a line."""
    line = line[:LONGEST_LINE]
    return _YEAR.search(line) is not None and _TIME.search(line) is not None


def names_a_time(text: str) -> bool:
    """Tell whether a time of day stands in a text, which no part of a day is."""
    return _CLOCK.search(text[:LONGEST_LINE]) is not None


def is_rest(head: str) -> bool:
    """Tell whether a line that looks quoted is the torn end of an attribution: "> wrote:"."""
    if not head.endswith(ENDS):
        return False
    rest = head[:80].lstrip("> ").rstrip(_UNDER_VERB).lower()
    return not rest or rest in _VERBS_ALONE


_ALL_VERBS = (*VERBS, *SPOKEN)
_VERBS_ALONE = frozenset(_ALL_VERBS)
_LAST_SIGNS = frozenset(verb[-2:] for verb in VERBS)
#: What stands beside a name, a day and a time in lower case.
_EXACT_WORDS = (
    STARTS
    | PARTICLES
    | {word.strip("()") for verb in (*VERBS, *VERBS_WITHIN) for word in verb.split()}
) - {"the"}
_AROUND_WORDS = BLANK + STARS + "+.,:;()<>[]\"'-/\uff1a\u060c"


def _upwards(above: Sequence[str]) -> list[tuple[int, str]]:
    """Return the line itself as nothing, then those above with how many lines that makes."""
    found = [(0, "")]
    empty = 0
    for count in range(1, min(len(above), MOST_LINES + MOST_EMPTY) + 1):
        line = above[-count]
        if len(line) > LONGEST_LINE:
            break
        line = line.strip(_TRIMMED).lower()
        if not line:
            # Blank lines part paragraphs, but some programs put them around a torn address.
            empty += 1
            below = found[-1][1] or ""
            if empty > MOST_EMPTY or (found[-1][0] and not below.startswith(_PIECES_OF_ADDRESS)):
                break
            if not found[-1][0]:
                break
            continue
        found.append((count, line))
        if len(found) > MOST_LINES:
            break
    return found


def _continues(line: str, joined: str) -> bool:
    """Tell whether one more line above belongs to it: it begins one, and ends no sentence."""
    return line[-1] not in ".!?:;" and _begins(joined) and any(map(str.isdigit, line))


def _is_sure(text: str) -> bool:
    """Tell whether a text names a writer and a day as mail programs do."""
    has_year = _YEAR.search(text) is not None
    has_time = _TIME.search(text) is not None
    if not (has_year or has_time):
        return False
    begins = _begins(text)
    has_address = "@" in text
    if not (has_time or has_address or "," in text):
        return False  # "On 5 May 2025 he wrote:" may be how somebody tells a story.
    if _has_verb(text):
        if begins or (has_address and has_time and has_year):
            return True
        return has_time and len(text) < _SHORT and any(verb in text for verb in VERBS_WITHIN)
    if len(text) < _SHORT and (_STAMP.match(text.upper()) or (has_address and _DAY.match(text))):
        return True
    # Gmail in languages without a verb: "2025-05-01 10:00 GMT+02:00 Ann <a@b>:"
    closed = text.rstrip(" :\uff1a\xa0")
    return has_address and has_time and begins and closed.endswith((">", ")", "]"))


def _is_exact(text: str) -> bool:
    """Tell whether a text without an address is a name, a day and a time, and no story.

    "On 5 May 2025 at 14:30 your colleague wrote:" is somebody's sentence.
    """
    if _STAMP.match(text.strip(_TRIMMED)):
        return True
    begin, end = _DIGIT.search(text), 0
    for clock in _CLOCK.finditer(text):
        end = clock.end()
    if begin is None or not end:
        return False
    before, after = _foreign(text[: begin.start()]), _foreign(text[end:])
    if before is None or after is None or any(word[0].islower() for word in before):
        return False
    # Somebody's login may be all that names them.
    return len(after) == 1 or not any(word[0].islower() for word in after)


def _foreign(text: str) -> list[str] | None:
    """Return the words that no program writes of itself, as names are; None in a story."""
    found = []
    for word in text.split():
        bare = word.strip(_AROUND_WORDS)
        lower = bare.lower()
        if lower in TOLD_OF:
            return None
        if bare and not bare[0].isdigit() and lower not in _EXACT_WORDS:
            found.append(bare)
    return found


def _may_belong(above: Sequence[str], last: str) -> bool:
    """Tell at a glance whether a line, or the one above it, can name a writer or a day."""
    if "@" in last or _DIGIT.search(last):
        return True
    if _ends_in_verb(last) or last.rstrip(_UNDER_VERB).endswith(SPOKEN):
        return True
    if not above or not above[-1]:
        return last.startswith(QUOTING)
    return _DIGIT.search(above[-1][:LONGEST_LINE]) is not None


def _may_announce(text: str) -> bool:
    if text.startswith(QUOTING) or _has_verb(text) or text.rstrip(_UNDER_VERB).endswith(SPOKEN):
        return True
    return "@" in text or bool(_YEAR.search(text)) or bool(_TIME.search(text))


def _begins(text: str) -> bool:
    word = text.partition(" ")[0].rstrip(".,\u060c:")
    return text[0].isdigit() or word in STARTS or text.startswith(UNPARTED_STARTS)


def _has_verb(text: str) -> bool:
    return _ends_in_verb(text) or any(v in text for v in VERBS_WITHIN)


def _ends_in_verb(text: str) -> bool:
    bare = text.rstrip(_UNDER_VERB)
    return bare[-2:] in _LAST_SIGNS and bare.endswith(VERBS)


def _ends_without_colon(head: str) -> bool:
    """Tell whether a line without a colon at its end is as Zoho and older Gmail write it."""
    if "@" in head and _ends_in_verb(head[-40:].lower()):
        return True
    if head[0] == "2":
        return _STAMP.match(head) is not None or (head[-1] == ">" and _DAY.match(head) is not None)
    if head[0] == "-":
        return head.startswith("--") and head.endswith("--") and " " in head
    return head[0] in "qQ" and head[:8].lower() == "quoting "
