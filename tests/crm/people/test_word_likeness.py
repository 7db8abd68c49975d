"""Two words of two names."""

import pytest

from crm.people import name_parts, word_likeness
from crm.people.name_parts import Word


def word(text: str) -> Word:
    return name_parts.read(text).words[0]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Jan", "JAN", word_likeness.SAME),
        ("Юлия", "Julija", word_likeness.ALPHABET),
        ("فاطمه", "Fatima", word_likeness.ALPHABET),
        ("Wiktor", "Victor", word_likeness.SPELLING),
        ("Mohammed", "Muhamed", word_likeness.SPELLING),
        ("Honza", "Jan", word_likeness.SHORT),
        ("J.", "Jan", word_likeness.INITIAL),
        ("Ю.", "Юлия", word_likeness.INITIAL),
        ("St.", "Stanisław", word_likeness.INITIAL),
        ("Vladmir", "Vladimir", word_likeness.RARE_SLIP),
        ("Jan", "Jana", word_likeness.NONE),
        ("Michael", "Michaela", word_likeness.NONE),
        ("Martin", "Marvin", word_likeness.NONE),
        ("P.", "Jan", word_likeness.NONE),
    ],
)
def test_given_names_agree_by_a_rule(one: str, other: str, found: word_likeness.Agreement) -> None:
    assert word_likeness.of_given(word(one), word(other)) == found
    assert word_likeness.of_given(word(other), word(one)) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Novák", "Novak", word_likeness.SAME),
        ("Щербаков", "Szczerbakow", word_likeness.ALPHABET),
        ("رحیمی", "Рахими", word_likeness.ALPHABET),
        ("Mueller", "Müller", word_likeness.SPELLING),
        ("Hosseini", "Husseini", word_likeness.BY_EAR),
        ("Novák", "Nováková", word_likeness.WOMAN),
        ("Kowalski", "Kowalska", word_likeness.WOMAN),
        ("Vlček", "Vlčková", word_likeness.WOMAN),
        ("Вронский", "Вронская", word_likeness.WOMAN),
        ("Pospíšilová", "Pospíšlová", word_likeness.RARE_SLIP),
        ("Stastny", "Stasny", word_likeness.SLIP),
        ("Hájek", "Hašek", word_likeness.NONE),
        ("N.", "Novák", word_likeness.NONE),
    ],
)
def test_family_names_agree_by_a_rule(one: str, other: str, found: word_likeness.Agreement) -> None:
    assert word_likeness.of_family(word(one), word(other)) == found
    assert word_likeness.of_family(word(other), word(one)) == found


def test_a_woman_is_known_by_a_name_that_only_women_have() -> None:
    assert word_likeness.is_womans(word("Nováková"), word("Novák"))
    assert not word_likeness.is_womans(word("Novák"), word("Nováková"))
    assert word_likeness.is_a_womans(word("Eva"))
    assert not word_likeness.is_a_womans(word("Саша"))
    assert not word_likeness.is_a_womans(word("Sikora"))
