"""Whether a word in Arabic letters, which have no short vowels, is one in Latin letters."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from crm.people.letters import SPELT_ARABIC, choices
from crm.people.sounding import LONGEST

_SPELT: Final = choices(SPELT_ARABIC)
_VOWELS: Final = frozenset("aeiouy")
_SHORT: Final = frozenset("aeou")
#: Two vowels are a long one, or a diphthong, and those are written: Hossein is not حسن.
_LONG: Final = frozenset({"ei", "ey", "ai", "ay", "ou", "oo", "aa", "ee"})
#: At the beginning of a word these only carry a vowel, whichever it is: امید, عمر.
_CARRIERS: Final = frozenset("اأإآعءٱ")
_UNHEARD: Final = frozenset("عء")
#: An h at the end of a word says that a vowel stands before it, and is often left out.
_ENDINGS: Final = frozenset({"e", "eh", "h", "ah"})
#: What is written otherwise than it is said.
_RESPELT: Final = {
    "مجتبی": "مجتبا", "موسی": "موسا", "مصطفی": "مصطفا", "مرتضی": "مرتضا", "عیسی": "عیسا",
    "یحیی": "یحیا", "لیلی": "لیلا", "کبری": "کبرا", "صغری": "صغرا", "هدی": "هدا",
    "طه": "طاها", "اسحق": "اسحاق", "رحمن": "رحمان",
}  # fmt: skip
_ALIKE: Final = str.maketrans("يكۀى", "یکهی", "\u200c\u200d")


@lru_cache(maxsize=4096)
def may_be(word: str, latin: str) -> bool:
    """Tell whether a word in Arabic letters may be written so in small Latin ones.

    Every letter of both has to be met, only short vowels of the Latin word are written nowhere.
    """
    if len(word) > LONGEST or len(latin) > LONGEST or not latin.isascii():
        return False
    word = word.translate(_ALIKE)
    word = _RESPELT.get(word, word).replace("الله", "اله").replace("ئی", "ی").replace("یی", "ی")
    if "داود" in word:
        word = word.replace("داود", "داوود")
    places = {0}
    for number, letter in enumerate(word):
        if letter == "ه" and number and number == len(word) - 1:
            return any(place == len(latin) or latin[place:] in _ENDINGS for place in places)
        places = _after(letter, latin, places, is_first=not number)
        if not places:
            return False
    return len(latin) in places


def _after(letter: str, latin: str, places: set[int], *, is_first: bool) -> set[int]:
    """Return where one may stand in the Latin word when a letter has been read."""
    if is_first and letter in _CARRIERS:
        carried = {1} if latin[:1] in _VOWELS else set()
        return carried | {0} if letter in _UNHEARD else carried
    found = set(places) if letter in _UNHEARD else set()
    spelt = _SPELT.get(letter, ())
    for place in places:
        starts = (place, place + 1) if _is_short(latin, place) else (place,)
        for start in starts:
            for letters in spelt:
                if latin.startswith(letters, start):
                    end = start + len(letters)
                    found.add(end)
                    if latin[end : end + 1] == latin[end - 1]:
                        found.add(end + 1)
    return found


def _is_short(latin: str, place: int) -> bool:
    """Tell whether a vowel stands here that Arabic letters leave out."""
    return (
        place > 0
        and latin[place : place + 1] in _SHORT
        and latin[place : place + 2] not in _LONG
        and latin[place - 1 : place + 1] not in _LONG
    )
