"""Days as people write them into a sentence: "Monday 5 May", "5.5.", "15 Ordibehesht", "tomorrow".

A day without a year is the next one of its name. Which of 5/6 is the day depends on the language,
and in English on what is near; where both may be meant, both are told.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm.base import jalali
from sync.reading import calendar_words, date_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Reader = Callable[[re.Match[str], date | None], list[date | None]]

#: A day of a month that is past by less is past; one that is past by more is next year's.
_STALE = timedelta(days=180)
_NEAR = timedelta(days=30)
_FAR = timedelta(days=60)


class Spoken(NamedTuple):
    """Where a day stands in a text, and which it may be: none where it is none at all."""

    start: int
    end: int
    days: tuple[date, ...]
    bare: bool = False  # a weekday, or "tomorrow"
    ends: bool = False  # the end of several days: "May 1-5"


def tidy(text: str) -> str:
    """Return a text for the search: lower case, plain digits, paragraphs as lines."""
    paragraphs = re.sub(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+", "\x00", text.lower())
    return " ".join(paragraphs.translate(_PLAIN).split()).replace("\x00", "\n")


def find(text: str, sent: date | None) -> list[Spoken]:
    """Return the days in a tidy text, in its order; those without a year need the day it was sent.

    A weekday beside a day must be its own, or the day is none.
    """
    found: list[Spoken] = []
    taken = bytearray(len(text))
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                days = tuple(d for d in read(match, sent) if d is not None)
                ends = read is _month_first and match[3] is not None
                found.append(Spoken(match.start(), match.end(), days, read in _BARE, ends))
    return list(_joined(text, sorted(found)))


def is_eastern(text: str) -> bool:
    """Tell whether a text is Chinese, Japanese or Korean, where blanks may not part words."""
    return _EASTERN.search(text) is not None


def _joined(text: str, found: list[Spoken]) -> Iterator[Spoken]:
    waiting: Spoken | None = None
    for spoken in found:
        if waiting is None:
            waiting = spoken
        elif _is_beside(text[waiting.end : spoken.start]) and waiting.bare != spoken.bare:
            weekday, day = (waiting, spoken) if waiting.bare else (spoken, waiting)
            days = tuple(d for d in day.days if _is_weekday(text[weekday.start : weekday.end], d))
            waiting = Spoken(waiting.start, spoken.end, days, ends=day.ends)
        else:
            yield waiting
            waiting = spoken
    if waiting is not None:
        yield waiting


def _is_beside(between: str) -> bool:
    return len(between) < 8 and between.strip(" ,.(/") in (
        "",
        "the",
        "den",
        "dne",
        "dana",
        "дана",
        "dia",
        "de",
    )


def _is_weekday(text: str, day: date) -> bool:
    word = _WEEKDAY.search(text)
    return word is None or calendar_words.WEEKDAYS[word[0]] == day.isoweekday()


def _coming(days: Iterable[date | None], sent: date | None) -> date | None:
    """Return a day of the year in which it was sent, or of the next one where it is long past."""
    if sent is None:
        return None
    for day in days:
        if day is not None and day >= sent - _STALE:
            return day
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(
    day: int, month: str, year: str | None, sent: date | None, *, polish: bool
) -> date | None:
    if month in _JALALI:
        number = _JALALI[month]
        if year:
            return jalali.day_of(int(year), number, day)
        this = jalali.of(sent).year if sent else 0
        return _coming((jalali.day_of(this + n, number, day) for n in (0, 1)), sent)
    number = (
        (11 if polish else 10)
        if month == calendar_words.TWO_MONTHS
        else calendar_words.MONTHS[month]
    )
    if year:
        return _day(int(year), number, day)
    return _coming((_day(sent.year + n, number, day) for n in (0, 1)) if sent else (), sent)


def _day_first(match: re.Match[str], sent: date | None) -> list[date | None]:
    polish = not calendar_words.POLISH.isdisjoint(match.string)
    return [_named(int(match[1]), match[2], match[3], sent, polish=polish)]


def _month_first(match: re.Match[str], sent: date | None) -> list[date | None]:
    return [_named(int(match[3] or match[2]), match[1], match[4], sent, polish=False)]


def _year_first(match: re.Match[str], sent: date | None) -> list[date | None]:  # noqa: ARG001
    year, month, day = (int(part) for part in match.groups())
    return [jalali.day_of(year, month, day) if year < 1700 else _day(year, month, day)]


def _eastern(match: re.Match[str], sent: date | None) -> list[date | None]:
    return [_numeric(int(match[3]), int(match[2]), match[1], sent)]


def _dotted(match: re.Match[str], sent: date | None) -> list[date | None]:
    return [_numeric(int(match[1]), int(match[2]), match[3], sent)]


def _slashed(match: re.Match[str], sent: date | None) -> list[date | None]:
    first, second, year = int(match[1]), int(match[2]), match[3]
    if year and len(year) == 4 and int(year) < 1700:
        return [jalali.day_of(int(year), second, first)]
    if _PERSIAN.search(match.string):
        return []  # 15/2 is most likely of the calendar of Iran, but that is a guess.
    if is_eastern(match.string):
        return [_numeric(second, first, year, sent)]
    day_first = _numeric(first, second, year, sent)
    if not _ENGLISH.search(match.string):
        return [day_first]
    return _likely(day_first, _numeric(second, first, year, sent), sent)


def _likely(
    day_first: date | None, month_first: date | None, sent: date | None
) -> list[date | None]:
    both = sorted({d for d in (day_first, month_first) if d and (sent is None or d >= sent)})
    if sent and len(both) == 2 and both[0] <= sent + _NEAR and both[1] > sent + _FAR:
        return [both[0]]
    return [*both]


def _numeric(day: int, month: int, year: str | None, sent: date | None) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _coming((_day(sent.year + n, month, day) for n in (0, 1)) if sent else (), sent)


def _weekday(match: re.Match[str], sent: date | None) -> list[date | None]:
    if sent is None:
        return []
    ahead = (calendar_words.WEEKDAYS[match[2]] - sent.isoweekday()) % 7 or 7
    if match[1] or match[3]:
        # "Next Friday" on a Monday may be this week's or the next one's.
        same_week = sent.isoweekday() + ahead <= 7
        if same_week:
            return []
    return [sent + timedelta(days=ahead)]


def _ahead(match: re.Match[str], sent: date | None) -> list[date | None]:
    return [sent + timedelta(days=date_words.DAYS_AHEAD[match[0]])] if sent else []


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_JALALI = {name: number for number, name in enumerate(jalali.MONTHS, start=1)}
_EASTERN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_PERSIAN = re.compile("[\u0600-\u06ff]")
_ENGLISH = re.compile(r"\b(?:the|office|back|return|returning|until|out)\b")
_WEEKDAY = re.compile(rf"\b(?:{_any_of(calendar_words.WEEKDAYS)})\b")
#: Persian and Arabic digits; Arabic letters for Persian ones; joiners and hard spaces.
_PLAIN = {
    **{
        ord(d): str(n)
        for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９")
        for n, d in enumerate(digits)
    },
    ord("ي"): "ی",
    ord("ك"): "ک",
    0x200C: " ",
    0x200E: "",
    0x200F: "",
    0xA0: " ",
    ord("’"): "'",
}
_MONTH = _any_of([*calendar_words.MONTHS, *_JALALI, calendar_words.TWO_MONTHS])
_ENGLISH_MONTH = _any_of(w for w in calendar_words.MONTHS if w.isascii())
#: What shows that two numbers with a point are a time or a share.
_NO_DAY = r"(?![\d:]|\.\d| ?(?:h\b|hod|uhr|am\b|pm\b|a\.m|p\.m|godz|ч\b|час|%))"

_FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        re.compile(
            r"(?:(?<!\d)(\d{4}) ?[年년] ?)?(?<!\d)(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]"
            r"(?: ?[(（][月火水木金土日祝・一二三四五六周월화수목금토일]{1,4}[)）])?"
        ),
        _eastern,
    ),
    (re.compile(r"(?<![\d.-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _year_first),
    (
        re.compile(
            rf"(?<![\d/:])(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|-?го|\.)?(?: of| de| di| del| ماه)? ?"
            rf"\b({_MONTH})\b\.?(?:,? (?:de |del |ماه |سال )*(\d{{4}})\b)?"
        ),
        _day_first,
    ),
    (
        re.compile(
            rf"\b({_ENGLISH_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d)"
            rf"(?: ?[-–] ?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,? (\d{{4}})\b)?"
        ),
        _month_first,
    ),
    (
        re.compile(
            rf"(?<![\d.:/])(\d{{1,2}})\. ?(\d{{1,2}})"
            rf"(?:\. ?(\d{{4}}|\d\d(?![\d:.]))|\.(?!\d)|{_NO_DAY})"
        ),
        _dotted,
    ),
    (re.compile(r"(?<![\d/])(?!24/7)(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?(?![\d/])"), _slashed),
    (re.compile(r"(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)"), _slashed),
    (
        re.compile(
            rf"\b(?:({_any_of(date_words.NEXT)}) )?({_any_of(calendar_words.WEEKDAYS)})\b"
            rf"(?: ({_any_of(date_words.NEXT_BEHIND)})\b)?"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?<!dobro )(?<!guten )(?<!goede )(?<!god )\b(?:{_any_of(date_words.DAYS_AHEAD)})\b"
        ),
        _ahead,
    ),
)
_BARE = frozenset([_weekday, _ahead])
