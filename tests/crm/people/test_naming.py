"""Names as directories, programs and people write them."""

from __future__ import annotations

import pytest

from crm.people import naming


@pytest.mark.parametrize("other", ["MALÁ JANA", "jana malá", "Malá, Jana", "Jana  Malá"])
def test_the_same_words_are_the_same_name(other: str) -> None:
    assert naming.words(other) == naming.words("Jana Malá")
    assert "Jana Malá" in naming.spellings(other)


@pytest.mark.parametrize("name", ["Jana Malá", "Anna Maria de Vries", "Angus McDonald", "孫 文"])
def test_a_name_is_a_spelling_of_itself_and_a_directory_turns_it_around(name: str) -> None:
    given, _space, family = name.rpartition(" ")

    assert {name, f"{family}, {given}"} <= naming.spellings(name)
    assert all(naming.words(one) == naming.words(name) for one in naming.spellings(name))


@pytest.mark.parametrize("name", ["", "Jana", "Jana,", f"Jana {'Malá' * 30}"])
def test_what_is_no_full_name_has_none(name: str) -> None:
    assert naming.spellings(name) == frozenset()
