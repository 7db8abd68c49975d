"""How a word of a name sounds, as far as its letters tell: what its spellings share.

Capitals are sounds that spellings write differently: C is ts and English ch, H is kh, K is k, J is
dzh. Two are doubtful: Q, a Latin c, is K or C, and X, a Latin ch, is any of K, C and H. So is a j
at the beginning, which is i or J. Marks on s and z are no sounds of their own: half of the world
leaves them out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from crm.people.letters import BARE_ARABIC, CYRILLIC, GREEK, LATIN, rows

#: Nothing that people are called is longer; the rest of a word is not listened to.
LONGEST: Final = 40
#: How many words of a name are listened to.
MOST_WORDS: Final = 12

_ARABIC: Final = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5]")
_GAP: Final = re.compile(r"[^\w\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0dff]+|_+")
_UNHEARD: Final = dict.fromkeys(
    map(ord, "'’‘ʼʻ`´ʹʺ′\u0640\u200b\u200c\u200d\u2060\u00ad\ufeff"), ""
)
_MARKS: Final = re.compile("[\u0300-\u036f\u0483-\u0487]+")
#: Latin letters with marks, as they are without them.
_PLAIN: Final = {
    letter: plain
    for letter in map(chr, range(0xE0, 0x250))
    if (plain := _MARKS.sub("", unicodedata.normalize("NFKD", letter))).isascii()
}
_SOUNDS: Final = str.maketrans({**_PLAIN, **rows(LATIN, 2), **rows(CYRILLIC, 2), **rows(GREEK, 2)})

#: Latin letters that are one sound together, in German, Polish, Czech and English: by a letter that
#: all of a group have, the longest first.
_TOGETHER: Final = {
    "h": (
        ("schtsch", "sC"), ("shch", "sC"), ("tzsch", "C"), ("tsch", "C"), ("tch", "C"),
        ("sch", "s"), ("dzh", "J"), ("sh", "s"), ("zh", "z"), ("kh", "H"), ("gh", "g"),
        ("th", "t"), ("ph", "v"), ("ch", "X"),
    ),
    "z": (("szcz", "sC"), ("sz", "s"), ("cz", "C"), ("tz", "C"), ("dz", "J")),
    "ts": (("ts", "C"),),
    "dj": (("dj", "d"),),
    "ck": (("ck", "K"),),
    "qu": (("qu", "Ku"),),
}  # fmt: skip
_ALONE: Final = str.maketrans(
    {"x": "Ks", "c": "Q", "q": "g", "k": "K", "h": "H", "w": "v", "f": "v"}
)
_ONE_VOWEL: Final = (
    ("oo", "u"), ("ou", "u"), ("ii", "i"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ie", "e"),
)  # fmt: skip
_TWICE: Final = re.compile(r"(.)\1+")
_SOFT: Final = re.compile("(?<=[^aeiou])io")
_VOWELS: Final = re.compile("[aeiouyjJ]+")
_ONE_GUTTURAL: Final = str.maketrans("CHKXQ", "kkkkk")
#: What the doubtful may be.
_MAY_BE: Final = {
    "Q": frozenset("KCX"), "X": frozenset("KCHQ"), "j": frozenset("iJ"),
}  # fmt: skip

_BARE_ARABIC: Final = rows(BARE_ARABIC, 1)
#: After these, or before the latter, a waw is a consonant: Javad, Kaveh, Navid.
_LONG_BEFORE: Final = frozenset("اآ")
_LONG_AFTER: Final = frozenset("اآیيى")
_WAW: Final = "و"
_HAMZA: Final = str.maketrans("أإٱؤئ", "اااوی")


def words(name: str) -> list[str]:
    """Return the words of a name in small letters, their marks kept: marks change what is said."""
    if name.isascii():
        name = name.lower()
    else:
        name = unicodedata.normalize("NFKC", name[: LONGEST * MOST_WORDS]).casefold()
        name = unicodedata.normalize("NFC", name)
    parts = _GAP.split(name[: LONGEST * MOST_WORDS].translate(_UNHEARD))
    return [part[:LONGEST] for part in parts if part[:1].isalnum()][:MOST_WORDS]


def is_vowelless(word: str) -> bool:
    """Tell whether a word is in letters that leave short vowels out: Arabic and Persian ones."""
    return not word.isascii() and _ARABIC.search(word) is not None


@lru_cache(maxsize=8192)
def of(word: str) -> str:
    """Return how a small word sounds, vowels and all."""
    if word.endswith(("ah", "eh")) and len(word) > 3:
        word = word[:-1]  # Persian and Hebrew names end with an h that nobody says: Fatemeh, Sarah.
    if not word.isascii():
        word = word.translate(_SOUNDS)
        if not word.isascii():
            word = _MARKS.sub("", unicodedata.normalize("NFKD", word)).translate(_SOUNDS)
    for sign, group in _TOGETHER.items():
        if sign in word:
            for letters, sound in group:
                word = word.replace(letters, sound)
    return _with_one_vowel_each(word.translate(_ALONE))


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """Return the consonants of a small word, and an a for the vowel that it begins with."""
    if is_vowelless(word):
        return _bare_arabic(word)
    sound = of(word).translate(_ONE_GUTTURAL)
    if not sound:
        return ""  # ь alone.
    first = sound[0]
    if first in "jJ" or (first == "i" and sound[1:2] in tuple("aou")):
        first = "j"
    elif first in "aeiou":
        first = "a"
    return first + _VOWELS.sub("", sound[1:])


def agree(one: str, other: str) -> bool:
    """Tell whether two sounds may be the same."""
    if one == other:
        return True
    if len(one) != len(other):
        return False
    return all(
        a == b or b in _MAY_BE.get(a, ()) or a in _MAY_BE.get(b, ())
        for a, b in zip(one, other, strict=True)
    )


def _with_one_vowel_each(word: str) -> str:
    """Leave of each vowel what its spellings share: Mueller and Muller, Юлия, Julija and Yulia."""
    if word.startswith("j") and word[1:2] in tuple("aou"):
        word = "j" + word[1:].replace("j", "i").replace("y", "i")
    else:
        word = word.replace("j", "i").replace("y", "i")
    if word.endswith("ee"):
        word = word[:-2] + "i"  # Rezaee is Rezaei, and Lee is Li.
    for letters, vowel in _ONE_VOWEL:
        word = word.replace(letters, vowel)
    if "io" in word:
        word = _SOFT.sub("e", word)
    word = _TWICE.sub(r"\1", word)
    return word[:-3] + "a" if word.endswith("Kaia") else word  # Ковальская is Kowalska.


def _bare_arabic(word: str) -> str:
    word = word.translate(_HAMZA).replace("الله", "اله")
    first = word[0]
    if first in "یي":
        found = ["j"]
    elif first in "اآع":
        found = ["a"]
    else:
        found = [{_WAW: "v", "ج": "j"}.get(first) or _BARE_ARABIC.get(first, first)]
    for before, letter, after in zip(word, word[1:], word[2:] + " ", strict=False):
        if letter == _WAW:
            found.append("v" if before in _LONG_BEFORE or after in _LONG_AFTER else "")
        elif not (after == " " and letter in "هحة"):
            found.append(_BARE_ARABIC.get(letter, ""))
    return "".join(found)
