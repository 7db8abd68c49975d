"""The words of a name that are the name: without titles, particles and "junior"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from crm.people import degrees, sounding
from crm.people.naming import PARTICLES

#: So much of a text is looked at, whatever it holds.
_LONGEST: Final = 480
_BETWEEN: Final = re.compile(r"[\s,;()]+")


class Proper(NamedTuple):
    """The words of a name in small letters with their marks, and which of its bearers is meant."""

    words: list[str]
    generation: str


def read(name: str) -> Proper:
    """Read a name; one that is titles and particles alone has those for its words."""
    tokens = _BETWEEN.split(name[:_LONGEST].strip(" ,;()"))
    generation = ""
    kept: list[str] = []
    for token in tokens:
        bare = token.replace(".", "").lower()
        meant = degrees.generation(bare) if kept and len(tokens) > 2 else ""
        generation = meant or generation
        if not meant and not degrees.is_title(bare):
            kept.append(token)
    found = sounding.words(" ".join(kept or tokens))
    proper = [word for word in found if word not in PARTICLES]
    return Proper(proper if len(proper) > 1 else found, generation)
