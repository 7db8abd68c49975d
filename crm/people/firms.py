"""Whether two names are one company's: without its legal form, its country and its language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from crm.people import sounding, vowelless
from crm.people.folding import fold

#: Longer names are nobody's.
_LONGEST: Final = 200
#: From so many letters on, one letter that differs is a slip and no other name.
_LONG: Final = 8
#: Folded, the longest first: Czech, Polish, German, English, Bosnian, Russian, Persian and others.
_FORMS: Final = """
obshchestvo s ogranichennoy otvetstvennostyu; spolka z ograniczona odpowiedzialnoscia
spolecnost s rucenim omezenym; drustvo s ogranicenom odgovornoscu; aktsionernoe obshchestvo
gesellschaft mit beschrankter haftung; publichnoe aktsionernoe obshchestvo; akciova spolecnost
spolka akcyjna; dionicko drustvo; private limited; public limited company; gmbh co kg; sp z oo
sp z o o sp k; sp z o o sp j; sp z o o; spolka z o o; sp zoo; spol s r o; s r o; spol sro; sro; a s
v o s; k s; s p a; s a r l; s a s; s r l; s a; s l; b v; n v; a g; d o o; d d; a d; l l c; l l p
p l c; o o o; sp j; sp k; sp p; o p s; z s; z u; s p; p s a; gmbh; mbh; ug; ag; kg; ohg; gbr; ev
e v; ek; se; as; inc; incorporated; jsc; pjsc; ojsc; cjsc; llc; llp; lp; ltd; limited; corp
corporation; company; co; plc; pty; pvt; pte; doo; dd; ad; sa; sas; sarl; srl; spa; bv; nv; ab; oy
oyj; asa; aps; kft; zrt; bt; sia; uab; ooo; oao; zao; pao; ao; ip; too; tov; odo; chp; nao; fgup
gup; pe; shrkt; shrkt shamy; shamy khas; shamy am
"""
_COUNTRIES: Final = """
czech republic; czech; czechia; ceska republika; cesko; cz; slovakia; slovensko; sk; polska; poland
pl; deutschland; germany; de; austria; osterreich; at; russia; rossiya; rus; ru; ukraine; bosna
bosna i hercegovina; bosnia; bih; ba; hrvatska; croatia; hr; srbija; serbia; rs; iran; ayran; ir
uk; united kingdom; usa; us; america; france; italia; italy; espana; spain; europe; eu; emea; cee
"""
_MOST_WORDS: Final = 5
_AND: Final = frozenset("and und et".split())
_SMALL_AND: Final = frozenset("aiyew")


class Agreement(NamedTuple):
    """How much two names of companies agree, and by what rule."""

    score: float
    rule: str


NONE: Final = Agreement(0.0, "")


def agree(one: str, other: str) -> Agreement:
    """Return how much two names of companies agree, from 0 to 1."""
    first, second = _core(one[:_LONGEST]), _core(other[:_LONGEST])
    if not first or not second:
        return NONE
    if first == second or tuple(map(fold, first)) == tuple(map(fold, second)):
        return Agreement(0.96, "alphabet") if _are_apart(first, second) else Agreement(1.0, "same")
    if len(first) == len(second) and _each(first, second):
        return Agreement(0.96, "alphabet" if _are_apart(first, second) else "spelling")
    joined, rejoined = "".join(first), "".join(second)
    if joined == rejoined or sorted(first) == sorted(second):
        return Agreement(0.92, "spelling")
    if min(len(joined), len(rejoined)) >= _LONG and _is_slip(first, second):
        return Agreement(0.84, "letter")
    if _is_short_for(first, second) or _is_short_for(second, first):
        return Agreement(0.4, "abbreviation")
    if set(first) < set(second) or set(second) < set(first):
        return Agreement(0.6, "part")
    return NONE


def _each(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return all(_is_one(a, b) for a, b in zip(first, second, strict=True))


def _is_one(one: str, other: str) -> bool:
    if one == other:
        return True
    if sounding.is_vowelless(one) != sounding.is_vowelless(other):
        word, latin = (one, other) if sounding.is_vowelless(one) else (other, one)
        return vowelless.may_be(word, fold(latin))
    return fold(one) == fold(other) or sounding.agree(sounding.of(one), sounding.of(other))


def _are_apart(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Tell whether two names are in different alphabets: one of them in none of the Latin ones."""
    return _is_latin(first[0]) != _is_latin(second[0])


def _is_latin(word: str) -> bool:
    return word[0] < "\u0370"


def _is_slip(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Tell whether one letter differs, in a word long enough to have been meant."""
    if len(first) != len(second):
        return False
    apart = [(a, b) for a, b in zip(first, second, strict=True) if not _is_one(a, b)]
    if len(apart) != 1:
        return False
    one, other = fold(apart[0][0]), fold(apart[0][1])
    digits = any(map(str.isdigit, one + other))
    return not digits and min(len(one), len(other)) >= _LONG and OSA.distance(one, other) == 1


def _is_short_for(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return (
        len(short) == 1
        and len(short[0]) == len(long) >= 2
        and fold(short[0]) == "".join(fold(word)[:1] for word in long)
    )


@lru_cache(maxsize=4096)
def _core(name: str) -> tuple[str, ...]:
    """Return the words of a company's name that are its own."""
    every = sounding.words(name)
    folded = [fold(word) for word in every]
    start, end = 0, len(every)
    for table in (_FORM, _COUNTRY, _FORM):
        while end - start > 1:
            length = _length_at_end(folded[start:end], table)
            if not 0 < length < end - start:
                break
            end -= length
    while end - start > 1:
        length = _length_at_start(folded[start:end])
        if not 0 < length < end - start:
            break
        start += length
    if end - start > 1 and folded[end - 1] in _AND:
        end -= 1
    last = end - 1
    return tuple(
        every[n]
        for n in range(start, end)
        if not (start < n < last and (folded[n] in _AND or folded[n] in _SMALL_AND))
    )


def _length_at_end(words: list[str], table: frozenset[str]) -> int:
    """Return how many words at the end are a form or a country."""
    if words[-1] not in _LAST_WORDS:
        return 0
    most = min(_MOST_WORDS, len(words))
    return next((n for n in range(most, 0, -1) if " ".join(words[-n:]) in table), 0)


def _length_at_start(words: list[str]) -> int:
    """Return how many words at the beginning are a form."""
    if words[0] not in _FIRST_WORDS:
        return 0
    most = min(_MOST_WORDS, len(words))
    return next((n for n in range(most, 0, -1) if " ".join(words[:n]) in _FORM_BEFORE), 0)


def _rows(table: str) -> frozenset[str]:
    return frozenset(row.strip() for row in re.split("[;\n]", table) if row.strip())


_FORM: Final = _rows(_FORMS)
_COUNTRY: Final = _rows(_COUNTRIES)
#: Russian, Ukrainian and Persian ones stand before the name.
_FORM_BEFORE: Final = frozenset(
    row for row in _FORM if row.startswith(("obshchestvo", "aktsion", "publichnoe", "shrkt"))
) | frozenset("ooo oao zao pao ao ip too tov chp nao fgup gup pp fop at".split())
_LAST_WORDS: Final = frozenset(row.split()[-1] for row in _FORM | _COUNTRY)
_FIRST_WORDS: Final = frozenset(row.split()[0] for row in _FORM_BEFORE)
