"""How much two words of two names agree: as family names, and as given ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA

from crm.people import given_names, sounding, vowelless

if TYPE_CHECKING:
    from crm.people.name_parts import Word

#: From so many letters on, one that differs in a family name may be a slip; in a given one; and so
#: many letters hardly anybody shares by chance.
_LONG_FAMILY: Final = 6
_LONG_GIVEN: Final = 7
_RARE: Final = 9

#: Persian vowels are spelt by ear: Hosseini and Husseini.
_BY_EAR: Final = str.maketrans("eu", "ao")
#: Men whose names end as women's do, and names that both have.
_NOT_WOMEN: Final = frozenset(
    map(
        sounding.of,
        """sasha saša nikola nikita ilya luka kuzma foma misha honza jirka kuba jarda pepa franta
        tonda ondra vojta matěj mirza mustafa reza isa musa zakaria jura vanya kolya petya zhenya
        vasya dima borja lyosha grisha tolya slava kostya pasha seryozha andrea noa danica
        george mike dave steve pete joe jake luke andre rene""".split(),
    )
)


class Agreement(NamedTuple):
    """How much two words agree, and by what rule."""

    score: float
    rule: str


NONE: Final = Agreement(0.0, "")
SAME: Final = Agreement(1.0, "same")
ALPHABET: Final = Agreement(0.97, "alphabet")
SPELLING: Final = Agreement(0.93, "spelling")
SHORT: Final = Agreement(0.92, "short")
WOMAN: Final = Agreement(0.88, "woman")
BY_EAR: Final = Agreement(0.87, "spelling")
RARE_SLIP: Final = Agreement(0.84, "letter")
SLIP: Final = Agreement(0.78, "letter")
INITIAL: Final = Agreement(0.74, "initial")


def of_given(one: Word, other: Word) -> Agreement:
    """Compare two given names: the same, spelt otherwise, shortened, or an initial."""
    if one.is_initial or other.is_initial:
        return _of_initials(one, other)
    found = _of_sounds(one, other)
    if found is not NONE:
        return found
    if one.vowelless or other.vowelless:
        return ALPHABET if _is_spelt_elsewhere(one, other) else NONE
    if given_names.are_spellings(one.sound, other.sound):
        return SPELLING
    if given_names.are_one(one.sound, other.sound):
        return SHORT
    return RARE_SLIP if _is_slip(one.folded, other.folded, _LONG_GIVEN) else NONE


def of_family(one: Word, other: Word) -> Agreement:
    """Compare two family names: the same, spelt otherwise, or with a slip in a long one."""
    if one.is_initial or other.is_initial:
        return NONE
    found = _of_sounds(one, other)
    if found is not NONE or one.vowelless or other.vowelless:
        return found
    if is_womans(one, other) or is_womans(other, one):
        return WOMAN
    shorter = min(len(one.sound), len(other.sound))
    if shorter >= _LONG_FAMILY and one.sound.translate(_BY_EAR) == other.sound.translate(_BY_EAR):
        return BY_EAR
    if _is_slip(one.folded, other.folded, _LONG_FAMILY) or (
        one.is_latin != other.is_latin and _is_slip(one.sound, other.sound, _LONG_FAMILY)
    ):
        return RARE_SLIP if shorter >= _RARE else SLIP
    return NONE


def is_womans(one: Word, other: Word) -> bool:
    """Tell whether the one family name is what the women of the other are called."""
    woman, man = one.sound, other.sound
    if not woman.endswith("a") or len(man) < 3:
        return False
    endings = [man + "a", man + "ova", man[:-1] + "ova"]
    if man.endswith("i"):
        endings += [man[:-1] + "a", man + "a", man[:-1] + "aia"]
    if man[-2] in "eo":
        without = man[:-2] + man[-1]
        endings += [without + "ova", without + "a"]
    return woman in endings


def is_a_womans(given: Word) -> bool:
    """Tell whether a word is a given name, and one that only women have."""
    if not given_names.is_known(given.sound):
        return False
    return given.sound.endswith(("a", "e")) and given.sound not in _NOT_WOMEN


def _of_sounds(one: Word, other: Word) -> Agreement:
    if one.folded == other.folded:
        return SAME if one.is_latin == other.is_latin else ALPHABET
    if one.vowelless or other.vowelless:
        if one.vowelless and other.vowelless:
            return NONE
        word, latin = (one, other) if one.vowelless else (other, one)
        return ALPHABET if _is_spelt(word, latin) else NONE
    if sounding.agree(one.sound, other.sound):
        return SPELLING if one.is_latin == other.is_latin else ALPHABET
    return NONE


def _is_spelt(word: Word, other: Word) -> bool:
    """Tell whether a word without vowels may be a Latin one, or a Russian one: Хасан has no h."""
    if vowelless.may_be(word.vowelless, other.folded):
        return True
    if other.is_latin or "kh" not in other.folded:
        return False
    return vowelless.may_be(word.vowelless, other.folded.replace("kh", "h"))


def _is_spelt_elsewhere(one: Word, other: Word) -> bool:
    """Tell whether a name without vowels is another spelling of the same: فاطمه and Fatima."""
    if one.vowelless and other.vowelless:
        return False
    word, latin = (one, other) if one.vowelless else (other, one)
    return any(
        vowelless.may_be(word.vowelless, spelling)
        for spelling in given_names.spellings(latin.sound)
    )


def _of_initials(one: Word, other: Word) -> Agreement:
    short, long = (one, other) if one.is_initial else (other, one)
    begins = (
        long.folded.startswith(short.folded)
        or sounding.agree(short.sound[:1], long.sound[:1])
        or (bool(long.vowelless) and vowelless.may_be(long.vowelless[:1], short.folded))
    )
    return INITIAL if begins else NONE


def _is_slip(one: str, other: str, long: int) -> bool:
    """Tell whether one letter differs, or two stand the wrong way round; endings are no slips."""
    if min(len(one), len(other)) < long:
        return False
    if one[-1] != other[-1] and sorted(one) != sorted(other):
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1
