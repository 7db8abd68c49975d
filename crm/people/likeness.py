"""Whether two people are one, or two companies, by their names: how surely, and for which reasons.

Two people are alike where a family name of theirs agrees and all given names that both have. Which
word is the family name is a matter of the program, so each order is tried. Where given names
differ, nothing makes up for it: brothers share all the rest. From `ALIKE` on a pair is worth
showing to a person, who decides; a company that both have raises a likeness, and two lower it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.people import firms, given_names, name_parts, word_likeness
from crm.people.word_likeness import INITIAL, NONE, SAME, WOMAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.people.name_parts import Parts, Word
    from crm.people.word_likeness import Agreement

#: From here on two are likely the same.
ALIKE: Final = 0.8

#: A name is nobody's alone.
_NAMES_ALONE: Final = 0.95
_ONE_NAME_MISSING: Final = 0.55
_ONLY_ONE_NAME: Final = 0.6
_MIDDLE_NAME_MISSING: Final = 0.97
#: Mohammad Karimi and Mohammad Reza Karimi are mostly two people.
_COMPOUND_MISSING: Final = 0.74
_COMPOUNDS: Final = frozenset("mohammad muhammad mohammed ali amir seyed mhmd ly amyr syd".split())
_ONE_GENERATION: Final = 0.6
_OTHER_COMPANY: Final = 0.75
_SAME_COMPANY: Final = 0.45

#: What is told of two names; and what only where nothing of that is.
_TOLD: Final = ("letter", "woman", "short", "initial")
_TOLD_ALONE: Final = ("alphabet", "spelling", "same")

_REASONS: Final = {
    "same": lazy("The same name."),
    "alphabet": lazy("The same name, written in another alphabet."),
    "spelling": lazy("The same name, spelt otherwise."),
    "short": lazy("The same family name, and a short form of the given name."),
    "woman": lazy("The same name, with and without a woman's ending."),
    "letter": lazy("The names differ in one letter."),
    "initial": lazy("The same family name and initials."),
    "missing": lazy("Only one of the two names is known."),
    "middle": lazy("One of them has one more given name."),
    "generation": lazy("One of them is called the younger or the elder."),
    "same company": lazy("The same company."),
    "other company": lazy("Their companies differ."),
}
_REASONS_OF_COMPANIES: Final = {
    "same": lazy("The same name, without the legal form and the country."),
    "alphabet": lazy("The same name, written in another alphabet."),
    "spelling": lazy("The same name, spelt otherwise."),
    "letter": lazy("The names differ in one letter."),
    "part": lazy("The one name is a part of the other."),
    "abbreviation": lazy("The one name may be short for the other."),
}


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody is called, and where they work as far as that is known."""

    name: str
    company: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two are the same, from 0 to 1, and the sentences that say why, in English."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_alike(self) -> bool:
        """Tell whether it is worth showing to a person."""
        return self.score >= ALIKE

    def told(self) -> list[str]:
        """Return the reasons in the reader's language."""
        return [_(reason) for reason in self.reasons]


UNLIKE: Final = Likeness(0.0, ())


def of_people(one: Named, other: Named) -> Likeness:
    """Return how likely two people are one, by their names and companies."""
    score, rules = _of_names(name_parts.read(one.name), name_parts.read(other.name))
    if not score:
        return UNLIKE
    score = min(score, _NAMES_ALONE)
    if one.company and other.company:
        companies = firms.agree(one.company, other.company).score
        if companies >= ALIKE:
            score += (1 - score) * _SAME_COMPANY
            rules = (*rules, "same company")
        elif not companies:
            score *= _OTHER_COMPANY
            rules = (*rules, "other company")
    return Likeness(round(score, 3), tuple(_REASONS[rule] for rule in rules))


def of_companies(one: str, other: str) -> Likeness:
    """Return how likely two companies are one, by their names."""
    found = firms.agree(one, other)
    if not found.score:
        return UNLIKE
    return Likeness(found.score, (_REASONS_OF_COMPANIES[found.rule],))


@lru_cache(maxsize=1024)
def _of_names(one: Parts, other: Parts) -> tuple[float, tuple[str, ...]]:
    """Return the best that any order of the words makes of two names."""
    if not one.words or not other.words:
        return 0.0, ()
    if one.generation and other.generation and one.generation != other.generation:
        return 0.0, ()
    if len(one.words) == 1 or len(other.words) == 1:
        found = _of_a_single_word(one.words, other.words)
    else:
        found = max(_of_orders(one.words, other.words), default=(0.0, ()))
    if found[0] and one.generation != other.generation:
        return found[0] * _ONE_GENERATION, (*found[1], "generation")
    return found


def _of_a_single_word(
    one: tuple[Word, ...], other: tuple[Word, ...]
) -> tuple[float, tuple[str, ...]]:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    best = max(word_likeness.of_family(few[0], word).score for word in {many[0], many[-1]})
    if not best:
        return 0.0, ()
    return best * (_ONLY_ONE_NAME if len(many) == 1 else _ONE_NAME_MISSING), ("missing",)


def _of_orders(
    one: tuple[Word, ...], other: tuple[Word, ...]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    for first, rest in _orders(one):
        for second, remaining in _orders(other):
            family = word_likeness.of_family(first, second)
            if family is NONE:
                continue
            given, extra = _of_given_names(rest, remaining)
            if given is NONE or (
                family is WOMAN and not _is_one_woman((first, second), rest, remaining)
            ):
                continue
            score = family.score * given.score * extra
            yield score, _rules(family, given, extra)


def _orders(words: tuple[Word, ...]) -> Iterator[tuple[Word, tuple[Word, ...]]]:
    """Yield which word may be the family name, and which are left: the last, or the first."""
    yield words[-1], words[:-1]
    yield words[0], words[1:]


def _of_given_names(one: tuple[Word, ...], other: tuple[Word, ...]) -> tuple[Agreement, float]:
    """Return how the given names agree that both have, and what a missing one takes off."""
    if len(one) != len(other) and _are_one_word(one, other):
        return SAME, 1.0
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    first = word_likeness.of_given(few[0], many[0])
    if first is NONE:
        return NONE, 0.0
    found_so_far = [first]
    place = 1
    for word in few[1:]:
        found = NONE
        while place < len(many) and found is NONE:
            found = word_likeness.of_given(word, many[place])
            place += 1
        if found is NONE:
            return NONE, 0.0
        found_so_far.append(found)
    # An initial beside a whole name takes nothing off: John F. Oakes.
    worst = min([one for one in found_so_far if one is not INITIAL] or [INITIAL])
    if len(few) == len(many):
        return worst, 1.0
    is_compound = few[0].folded in _COMPOUNDS and not many[1].is_initial
    return worst, _COMPOUND_MISSING if is_compound else _MIDDLE_NAME_MISSING


def _are_one_word(one: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    """Tell whether given names are the same but for the blanks: Ali Reza, Alireza, علی‌رضا."""
    first, second = _joined(one), _joined(other)
    return word_likeness.of_given(first, second).score >= word_likeness.SPELLING.score


def _joined(words: tuple[Word, ...]) -> Word:
    if len(words) == 1:
        return words[0]
    return name_parts.join(words)


def _is_one_woman(
    family: tuple[Word, Word], one: tuple[Word, ...], other: tuple[Word, ...]
) -> bool:
    """Tell whether a woman has both given names, and neither family name may be a given one."""
    return all(word_likeness.is_a_womans(words[0]) for words in (one, other)) and not any(
        given_names.is_known(word.sound) for word in family
    )


def _rules(family: Agreement, given: Agreement, extra: float) -> tuple[str, ...]:
    """Return what is to be said: what differs the most, and what is missing."""
    names = [family.rule, given.rule]
    said: tuple[str, ...] = tuple(rule for rule in _TOLD if rule in names)
    if not said:
        said = tuple(rule for rule in _TOLD_ALONE if rule in names)[:1]
    return (*said, "middle") if extra < 1 else said
