"""Names in plain letters for search, and the key under which their spellings meet."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from crm.people import proper, sounding
from crm.people.letters import ARABIC, CYRILLIC, GREEK, LATIN, rows

#: Nothing is written with more marks on one letter; sorting a pile of them takes too long.
_PILED: Final = re.compile(r"([^\w\s\x00-\x7f]{8})[^\w\s\x00-\x7f]+")
#: Marks of letters that are folded: Latin, Greek and Cyrillic ones, and Arabic vowels.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
#: They stand within a word, and many leave them out.
_APOSTROPHES: Final = frozenset("'’‘ʼʻ`´ʹʺ′\u0640")
_ROWS: Final = {**rows(CYRILLIC, 1), **rows(GREEK, 1), **rows(LATIN, 1), **rows(ARABIC, 1)}
#: So many signs are remembered: all that people write, and not all that there are.
_MOST: Final = 20_000


def fold(text: str) -> str:
    """Write a text in the letters a to z, digits and single blanks.

    What has no such letters (Chinese, Japanese) stays as it is, compatible and case-folded.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _PILED.sub(r"\1", text))
    folded = " ".join(text.translate(_FOLDED).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def skeleton(name: str) -> str:
    """Return the key under which the spellings of a name meet, in whatever order its words stand.

    Иванов, Ivanov and Iwanow have the same, and so have محمد and Mohammad, because it has no
    vowels. Others meet there too: it finds candidates, and `likeness` decides.
    """
    keys = sorted(map(sounding.bare, proper.read(name).words))
    return " ".join(filter(None, keys))


class _Folded(dict[int, str]):
    """What each sign folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < _MOST:
            self[code] = folded
        return folded


def _folded(sign: str) -> str:
    plain = sign.casefold()
    if plain in _ROWS:
        return _ROWS[plain]
    if sign in _APOSTROPHES or unicodedata.category(sign) == "Cf":
        return ""
    parts = unicodedata.normalize("NFKD", plain).casefold()
    parts = _MARKS.sub("", unicodedata.normalize("NFKD", parts))
    return "".join(_ROWS.get(part, _kept(part)) for part in parts)


def _kept(part: str) -> str:
    if part.isdecimal():
        return str(unicodedata.decimal(part))
    is_part_of_a_word = part.isalnum() or unicodedata.category(part) in {"Mn", "Mc"}
    return part if is_part_of_a_word else " "


_FOLDED: Final = _Folded()
