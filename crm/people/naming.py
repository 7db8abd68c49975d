"""What people are called: the same words are the same name, whatever their order and capitals."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Longer names are nobody's.
_LONGEST: Final = 100
#: What stands small within a name, in the languages that have it.
PARTICLES: Final = frozenset(
    "al av bin da de del della den der di do dos du el la le los ten ter van von zu".split()
)


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name: which of them stands first is a matter of the program."""
    return tuple(sorted(_parts(name.casefold())))


def is_full(name: str) -> bool:
    """Tell whether a name has a given name and a family name, as far as anybody can tell."""
    return len(name) <= _LONGEST and len(_parts(name)) > 1


def spellings(name: str) -> frozenset[str]:
    """Return how a full name is usually written elsewhere; nothing where it is none.

    MALÁ JANA is Malá Jana, Jana Malá and "Malá, Jana". Capitals within a word (McDonald) cannot be
    known of one that is written in capitals alone.
    """
    if not is_full(name):
        return frozenset()
    parts = _parts(name)
    found = {name}
    spelt = [_spelt(part) for part in parts]
    for one in (parts, spelt, [p.lower() for p in parts], [p.upper() for p in parts]):
        for given, family in ((one[:-1], one[-1:]), (one[1:], one[:1])):
            first, last = " ".join(given), " ".join(family)
            found |= {f"{first} {last}", f"{last} {first}", f"{last}, {first}"}
    return frozenset(found)


def _parts(name: str) -> list[str]:
    """Return the words of a name as they are seen: marks on their letters, nothing invisible."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
        name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return name.replace(",", " ").split()


def _spelt(part: str) -> str:
    """Return a word of a name as names are written, unless both sorts of letters stand in it."""
    if part.lower() in PARTICLES:
        return part.lower()
    return part.title() if part in (part.upper(), part.lower()) else part
