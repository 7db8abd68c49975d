"""Names as directories, programs and people write them."""

from __future__ import annotations

import pytest

from crm.people import naming


@pytest.mark.parametrize("other", ["MALÁ JANA", "jana malá", "Malá, Jana", "Jana  Malá"])
def test_the_same_words_are_the_same_name(other: str) -> None:
    assert naming.words(other) == naming.words("Jana Malá")
    assert "Jana Malá" in naming.spellings(other)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ANNA DE VRIES", "Anna de Vries"),
        ("Malá Jana", "jana malá"),
        ("Jana Mala\u0301", "Jana Malá"),
        ("Jana\u200b Malá", "Jana Malá"),
    ],
)
def test_what_is_stored_is_found_however_a_letter_writes_it(written: str, stored: str) -> None:
    assert stored in naming.spellings(written)
    assert naming.words(written) == naming.words(stored)


def test_who_is_called_twice_the_same_is_not_who_is_called_so_once() -> None:
    assert naming.words("Jana Jana") != naming.words("Jana")


@pytest.mark.parametrize("name", ["Jana Malá", "Anna Maria de Vries", "Angus McDonald", "孫 文"])
def test_a_name_is_a_spelling_of_itself_and_a_directory_turns_it_around(name: str) -> None:
    given, _space, family = name.rpartition(" ")

    assert {name, f"{family}, {given}"} <= naming.spellings(name)
    assert all(naming.words(one) == naming.words(name) for one in naming.spellings(name))


@pytest.mark.parametrize("name", ["", "Jana", "Jana,", f"Jana {'Malá' * 30}"])
def test_what_is_no_full_name_has_none(name: str) -> None:
    assert naming.spellings(name) == frozenset()
    assert not naming.is_full(name)
