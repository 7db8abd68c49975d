"""Degrees, titles and the like beside a name: no part of it."""

from __future__ import annotations

from typing import Final

#: Degrees beside a name, without dots, as in central, eastern and southern Europe and in German.
DEGREES: Final = frozenset(
    """ing mgr bc bca mga mudr judr mvdr phdr rndr thdr paeddr pharmdr dr prof doc drsc csc phd dis
    mba llm inż inz lic lek hab med mag univ dipl oec iur soc sc mr spec bacc inf arch psih polit fh
    diplom dipl-ing dipl-kfm dipl-inf dipl-phys дипл инж мр др проф доц спец маг канд""".split()
)

#: How somebody is addressed, in small letters and without dots.
_ADDRESSING: Final = frozenset(
    """mr mrs ms miss mx sir dr ing pan pani paní pane panna herr frau gospodin gospođa gospodja
    gospoda господин госпожа госпођа г-н г-жа доктор инженер خانم آقای آقا دکتر مهندس""".split()
)
#: Which of two people of one name is meant, in small letters and without dots.
_GENERATIONS: Final = {
    "jr": "younger", "junior": "younger", "ml": "younger", "mladší": "younger",
    "младший": "younger", "мл": "younger", "mlađi": "younger", "sr": "elder", "senior": "elder",
    "st": "elder", "starší": "elder", "старший": "elder", "ст": "elder", "stariji": "elder",
    "ii": "second", "iii": "third",
}  # fmt: skip


def is_title(word: str) -> bool:
    """Tell whether a small word without dots is a degree, or how somebody is addressed."""
    return word in DEGREES or word in _ADDRESSING


def generation(word: str) -> str:
    """Return which of two people of one name a small word without dots means, or nothing."""
    return _GENERATIONS.get(word, "")
