"""When somebody comes back who is out of the office, as their automatic answer says.

A day is that of the return where words beside it say so ("back on 5 May"), and the last one of the
absence behind "until" or at the end of a range; then the return is the day after. A letter that
names two different days, or one that may be read in two ways, names none.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sync.reading import date_words, spoken_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from sync.reading.spoken_dates import Spoken

_LONGEST = 3_000
_FURTHEST = timedelta(days=500)
_ONE_DAY = timedelta(days=1)

#: Where a sentence ends; a point behind a digit is of a date, or of a number, and one behind the
#: Swedish "t.o.m" of that.
_END = re.compile(r"(?<![\d.])(?<!t\.o\.m)\.(?=\s|$)|[!?;؟\n。！？；]")
#: What is not this answer: the letter that it answers, below.
_QUOTE = re.compile(r"^(?:>|-{5}|_{5}|from:|von:|od:|от:|de:)", re.MULTILINE | re.IGNORECASE)


def returns_on(subject: str, text: str, sent_at: datetime | None) -> date | None:
    """Return the day on which somebody is back, or None where none is named."""
    own = text[:_LONGEST]
    if quote := _QUOTE.search(own):
        own = own[: quote.start()]
    whole = f"{spoken_dates.tidy(subject[:300])}\n{spoken_dates.tidy(own)}"
    if not _WORTH_A_LOOK.search(whole):
        return None
    sent = sent_at.date() if sent_at else None
    back: set[tuple[date, ...]] = set()
    last: set[tuple[date, ...]] = set()
    for days, is_last in _told(whole, sent):
        (last if is_last else back).add(days)
    for found, later in ((back, timedelta()), (last, _ONE_DAY)):
        if found:
            [days, *others] = found
            return days[0] + later if len(days) == 1 and not others else None
    return None


def _told(text: str, sent: date | None) -> Iterator[tuple[tuple[date, ...], bool]]:
    """Yield the days that matter, and whether each is the last one of the absence."""
    found = spoken_dates.find(text, sent)
    away = _has(text, _AWAY)
    previous = 0
    for number, spoken in enumerate(found):
        start = max([previous, *(e.end() for e in _END.finditer(text, previous, spoken.start))])
        following = found[number + 1].start if number + 1 < len(found) else len(text)
        end = _END.search(text, spoken.end, following)
        after = text[spoken.end : end.start()] if end else ""
        if not end and following == len(text):
            after = text[spoken.end :]
        is_last = _is_last(text, start, found[number - 1] if number else None, spoken, after)
        previous = spoken.end
        after_it = _ends_with(text[start : spoken.start], date_words.AFTER)
        if is_last is None or (is_last and not away and not after_it):
            continue
        days = tuple(d for d in spoken.days if _is_ahead(d, sent))
        if days or not spoken.days:
            yield days or spoken.days, is_last


def _is_last(
    text: str, start: int, before_it: Spoken | None, spoken: Spoken, after: str
) -> bool | None:
    """Tell the last day of an absence (True) from that of the return (False) and from others."""
    before = text[start : spoken.start]
    if _ends_with(before, date_words.BEFORE_LAST):
        if spoken.bare and before_it and before_it.bare and start <= before_it.end:
            return None  # "From Monday to Friday": of which week, or of every one?
        never = _has(before, _RETURN) and _has(before, _NEVER)
        return not (never or any(word in after for word in date_words.NOT_BACK))
    if spoken.ends or after.lstrip().startswith(date_words.BEHIND_LAST):
        return True
    if not spoken.bare:
        between = text[before_it.end : spoken.start].strip() if before_it else ""
        if before_it and not before_it.bare and between in date_words.JOINERS:
            return True
        if _HALF_RANGE.search(before):
            return True
    if _has(before, _RETURN):
        return False
    clause = before[_last_clause(before) :]
    return False if _has(after, _RETURN) and not _has(clause, _AWAY) else None


def _ends_with(before: str, words: Iterable[str]) -> bool:
    ending = before.rstrip(" (:")
    return any(
        ending.endswith(word)
        and (spoken_dates.is_eastern(word) or not ending[: -len(word)][-1:].isalpha())
        for word in words
    )


def _last_clause(before: str) -> int:
    return max(before.rfind(mark) + len(mark) if mark in before else 0 for mark in _CLAUSES)


def _is_ahead(day: date, sent: date | None) -> bool:
    return sent is None or sent <= day <= sent + _FURTHEST


def _has(text: str, words: re.Pattern[str]) -> bool:
    return words.search(text) is not None


def _beginning(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match words by how they begin: their ends are bent."""
    return re.compile(rf"\b(?:{_any_of(words, eastern=False)})|{_any_of(words, eastern=True)}")


def _any_of(words: tuple[str, ...], *, eastern: bool) -> str:
    """Return a pattern of those words that blanks part from others, or of the Eastern ones."""
    return "|".join(re.escape(word) for word in words if spoken_dates.is_eastern(word) is eastern)


_CLAUSES = date_words.CLAUSES
#: "We get back to you by Monday" and "I return your call" are promises of another kind.
_RETURN = re.compile(
    rf"(?<!get )(?<!getting )(?:\b|(?<=n))(?:{_any_of(date_words.RETURN, eastern=False)})(?!\w)"
    rf"(?! to you| your)|{_any_of(date_words.RETURN, eastern=True)}"
)
_AWAY = _beginning(date_words.AWAY)
_NEVER = re.compile(rf"\b(?:{'|'.join(map(re.escape, date_words.NEVER_BEFORE))})\b|n't\b")
#: The day that begins a range without its month: "1.-5. 5.", "from 1 to 5 May".
_HALF_RANGE = re.compile(
    rf"\b\d{{1,2}}(?:\.|st|nd|rd|th)? ?(?:{'|'.join(map(re.escape, date_words.JOINERS))}) ?$"
)
#: A letter without a digit names a day by its weekday or by "tomorrow", with one of these words.
_WORTH_A_LOOK = re.compile(rf"\d|{_RETURN.pattern}|{_AWAY.pattern}")
