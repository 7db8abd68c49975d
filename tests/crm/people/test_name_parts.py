"""What a person's name is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import name_parts


@pytest.mark.parametrize("name", ["J.", "Ю.", "St.", "Wł.", "ف"])
def test_an_initial_is_a_letter_or_has_no_vowel(name: str) -> None:
    assert name_parts.read(name).words[0].is_initial


@pytest.mark.parametrize("name", ["Jo", "Lee", "田", "رضا", "Petr"])
def test_a_short_name_is_no_initial(name: str) -> None:
    assert not name_parts.read(name).words[0].is_initial


def test_several_words_may_be_written_as_one() -> None:
    apart, together = name_parts.read("Ali Reza").words, name_parts.read("Alireza").words

    assert name_parts.join(apart) == together[0]
    assert name_parts.join(name_parts.read("علی رضا").words).vowelless == "علیرضا"


@given(st.text(max_size=120))
def test_any_text_has_so_many_parts_at_most(text: str) -> None:
    assert len(name_parts.read(text).words) <= name_parts.MOST
