"""The line above what is passed on where there is no block: `On 5/5/2025, Bo <bo@x> wrote:`.

Outlook for Mac writes it above what it forwards, and Yandex below its separator. It is known by
what stands in it, not by its words, so that the language does not matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.reading.forward_people import QUOTES
from sync.reading.header_blocks import labelled, unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 300
#: It may be folded into so many lines.
MOST_LINES = 3

#: Words that stand between the day and the name in an attribution.
_BEFORE_NAMES = frozenset(
    """schrieb skrev heeft użytkownik пользователь користувач odesílatel korisnik escribió scrive
    wrote uhr kl. klo kello kirjoitti írta am pm gmt""".split()
)
_TIME = re.compile(r"\d[:.h]\d\d(?!\d)")


def ending_at(lines: Sequence[str], at: int) -> tuple[int, str]:
    """Return where an attribution that ends with this line begins, and its words; else (-1, "")."""
    if lines[at].rstrip()[-1:] not in (":", "："):
        return -1, ""
    words = ""
    for number in range(at, max(-1, at - MOST_LINES), -1):
        line = unquoted(lines[number][:LONGEST])
        if not line or labelled(line):
            break
        words = f"{line} {words}" if words else line
        if _names_writer_and_day(words) or (_has_time(words) and _is_quoted_below(lines, at)):
            return number, words
    return -1, ""


def told(words: str) -> dict[str, str]:
    """Return what an attribution tells of from and date, as far as these can be parted."""
    at = words.find("@")
    opening = words.rfind("<", 0, at) if at > 0 else -1
    closing = words.find(">", at) if at > 0 else -1
    if opening < 0 or closing < 0:
        return _told_by_name(words)
    before = words[:opening].rstrip()
    name = _last_name(before)
    date = before[: len(before) - len(name)].strip(' ,\u00ab\u00bb"') if name else before
    if not any(sign.isdigit() for sign in date):
        date = words[closing + 1 :].strip(" ,:")
    return {"from": f"{name} {words[opening : closing + 1]}", "date": date}


def _names_writer_and_day(words: str) -> bool:
    """Tell whether a day stands beside an address, or beside a name in quotes."""
    at = words.find("@")
    opening = words.rfind("<", 0, at) if at > 0 else -1
    if opening >= 0:
        beside = words[:opening] + words[at:].partition(">")[2]
        return any(sign.isdigit() for sign in beside)
    return words.count('"') == 2 and _has_time(words)


def _is_quoted_below(lines: Sequence[str], at: int) -> bool:
    below = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return below.lstrip().startswith(">")


def _has_time(words: str) -> bool:
    return len(words) < LONGEST and _TIME.search(words) is not None


def _told_by_name(words: str) -> dict[str, str]:
    parts = words.split('"')
    return {"from": parts[1], "date": parts[0]} if len(parts) == 3 else {"date": words}


def _last_name(text: str) -> str:
    """Return the name that a text ends with: a quoted one, or the words behind the day."""
    for opening, closing in QUOTES:
        if text.endswith(closing) and (start := text.rfind(opening, 0, -1)) >= 0:
            return text[start:]
    words = text.split(" ")
    name: list[str] = []
    for word in reversed(words):
        bare = word.strip(",").casefold()
        if word.endswith((",", ":")) or bare in _BEFORE_NAMES or any(s.isdigit() for s in word):
            break
        name.append(word)
    return " ".join(reversed(name))
