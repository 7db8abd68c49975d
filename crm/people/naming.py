"""What people are called: the same words are the same name, whatever their order and capitals."""

from __future__ import annotations

#: Longer names are nobody's.
_LONGEST = 100


def words(name: str) -> frozenset[str]:
    """Return the words of a name: which of them stands first is a matter of the program."""
    return frozenset(name.casefold().replace(",", " ").split())


def spellings(name: str) -> frozenset[str]:
    """Return how a full name may be written elsewhere: as it is, and in the order of a directory.

    MALÁ JANA is Malá Jana, Jana Malá and "Malá, Jana". Without a family name, or of more than 100
    signs, it is none.
    """
    parts = name.replace(",", " ").split()
    if len(parts) < 2 or len(name) > _LONGEST:
        return frozenset()
    found = {name}
    for one in (parts, [_spelt(part) for part in parts]):
        for given, family in ((one[:-1], one[-1:]), (one[1:], one[:1])):
            first, last = " ".join(given), " ".join(family)
            found |= {f"{first} {last}", f"{last} {first}", f"{last}, {first}"}
    return frozenset(found)


def _spelt(part: str) -> str:
    """Return a word of a name as names are written, unless both sorts of letters stand in it."""
    return part.title() if part in (part.upper(), part.lower()) else part
