"""Keys: words that filters can name, each of one thing alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.workspace import keys


@pytest.mark.parametrize(
    ("name", "key"),
    [("Shop size (m²)", "shop_size_m"), ("Размер", "field"), ("2nd phone", "field_2nd_phone")],
)
def test_a_name_is_a_word_of_latin_letters(name: str, key: str) -> None:
    assert keys.free(name, (), otherwise="field") == key


@given(st.lists(st.text(max_size=60), max_size=12))
def test_no_two_have_the_same(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(keys.free(name, taken, otherwise="own"))

    assert len(set(taken)) == len(taken)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in taken)
