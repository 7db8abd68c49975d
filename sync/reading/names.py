"""Whose name a line is: the author's own, somebody's, or nobody's."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from crm.people.degrees import DEGREES
from sync.reading.signature_words import NO_NAMES, SHORT_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address

#: A name is shorter.
LONGEST = 50
_MOST_WORDS = 4
_MOST_INITIALS = 3
#: Where a line's name ends and a title or a number begins.
_ENDS = (" - ", " – ", " — ", " | ", " / ", ",", "|", "(", "<", "*", ":", "•", "·", ";", "\t", "  ")
#: Small words in names, and between two of them.
_PARTICLES = frozenset(
    """van von de der den del della di da dos das du la le el al bin ibn ter ten zu y e af av
    and und et & i a и""".split()
)
#: What may stand before a name, beside degrees.
_HONORIFICS = frozenset("mrs ms miss me".split())
#: Who signs for another writes it before their name: German and Dutch, and of the law everywhere.
_DEPUTIES = (
    "i. a. ",
    "i.a. ",
    "i. v. ",
    "i.v. ",
    "ppa. ",
    "ppa ",
    "p.p. ",
    "p. p. ",
    "p/o ",
    "b/a ",
)
#: Letters that have no decomposition, as people write them without their keyboard.
_PLAIN = str.maketrans("łđøıßħæœ", "ldoishao")


def known_as(author: Address | None) -> frozenset[str]:
    """Return the words that somebody's name and address are made of, in plain letters."""
    return _known_as(author.name, author.local) if author else frozenset()


def undeputed(line: str) -> str:
    """Return a line without what says that its writer signs for another: "i. A. Ann Berg"."""
    lower = line[:6].lower()
    return next((line[len(d) :] for d in _DEPUTIES if lower.startswith(d)), line)


def without_degrees(line: str) -> str:
    """Return a name without the degrees before it: "mgr inż. Anna Lis", "Dipl.-Ing. (FH) Max"."""
    words = line.split()
    while len(words) > 1 and _is_degree(words[0]):
        del words[0]
    return " ".join(words)


def is_own(line: str, known: frozenset[str]) -> bool:
    """Tell whether a line begins with the author's name, and a title or a number may follow it."""
    if not known or not _may_begin(line, known):
        return False
    head, rest = _parted(line)
    if not head or len(head) > LONGEST:
        return False
    raw = head.split()
    words = _words(head)
    if not words or len(raw) > _MOST_WORDS + 1:
        return False
    if rest and not _may_follow(rest):
        return False
    if _is_initials(head, known):
        return True
    words = [word for word in words if word not in _PARTICLES] or words
    matching = sum(_matches(word, known) for word in words)
    if not matching:
        return any(
            first[0] + last in known or first + last[0] in known for first, last in pairwise(words)
        )
    if matching == len(words):
        return True
    raw = without_degrees(head).split()
    return all(
        is_capital(w) or w.lower() in _PARTICLES or (w[-1] == "." and _is_degree(w)) for w in raw
    )


def is_name(line: str) -> bool:
    """Tell whether a line looks like the name of a person, whoever it is."""
    if len(line) > LONGEST:
        return False
    words = line.rstrip(".,").split()
    if not words or len(words) > _MOST_WORDS:
        return False
    proper = 0
    for word in words:
        if word.lower() in _PARTICLES:
            continue
        if (
            not is_capital(word)
            or not word.replace("-", "")
            .replace("'", "")
            .replace("’", "")
            .replace(".", "")
            .isalpha()
        ):
            return False
        proper += 1
    if not proper or proper > _MOST_WORDS - 1 or words[0].lower().rstrip(".,") in NO_NAMES:
        return False
    return words[-1].lower() not in NO_NAMES


def is_capital(word: str) -> bool:
    """Tell whether a word begins as names do: in capitals, or in a script that has none."""
    first = word[:1]
    return first.isalpha() and not first.islower()


def plain(text: str) -> str:
    """Return a text in lower case and without accents."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", lower)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).translate(_PLAIN)


def _may_begin(line: str, known: frozenset[str]) -> bool:
    """Pass over most lines in one step: a name begins with one of its letters."""
    first = line[:1].lower()
    if not first.isascii() or first in _initials(known):
        return bool(first)
    word = line[:12].lower().partition(" ")[0].rstrip(".,")
    return word in SHORT_NAMES or word in _HONORIFICS or _is_degree(word)


@lru_cache(maxsize=2048)
def _initials(known: frozenset[str]) -> frozenset[str]:
    return frozenset(word[0] for word in known)


@lru_cache(maxsize=2048)
def _known_as(name: str, local: str) -> frozenset[str]:
    return frozenset([*_words(name.partition("@")[0]), *_words(local)])


def _words(text: str) -> Sequence[str]:
    letters = "".join(
        sign if sign.isalpha() else " " for sign in plain(text[:200]).replace("'", "")
    )
    return letters.split()


def _parted(line: str) -> tuple[str, str]:
    """Part a line behind the name at its beginning."""
    end = len(line)
    for sign in _ENDS:
        found = line.find(sign, 1, end)
        if found > 0:
            end = found
    for number, sign in enumerate(line[:end]):
        if sign.isdigit():
            end = number
            break
    return line[:end].strip(" .,-–—!+"), line[end:].strip(" .,-–—|:;/\t")


def _may_follow(rest: str) -> bool:
    return len(rest) <= 2 * LONGEST and (
        rest[0].isupper()
        or "@" in rest
        or any(sign.isdigit() for sign in rest[:20])
        or rest[0] in "(+<"
        or all(map(_is_degree, rest.replace(",", " ").split()))
    )


def _is_degree(word: str) -> bool:
    """Tell whether a word is a degree, however it is dotted: Ph.D., Dipl.-Ing., (FH)."""
    bare = word.lower()
    return bare in DEGREES or (
        bare.endswith((".", ")")) and bare.strip("().").replace(".", "") in DEGREES
    )


def _is_initials(head: str, known: frozenset[str]) -> bool:
    letters = head.replace(".", "").replace(" ", "")
    if len(letters) > _MOST_INITIALS or not letters.isalpha() or not letters.isupper():
        return False
    first = _initials(known)
    return all(letter in first for letter in plain(letters))


def _matches(word: str, known: frozenset[str]) -> bool:
    if word in known:
        return True
    if not SHORT_NAMES.get(word, frozenset()).isdisjoint(known):
        return True
    if len(word) < 3:
        return False
    return any(
        one.startswith(word) or one.endswith(word) or (len(one) >= 3 and word.startswith(one))
        for one in known
    )
