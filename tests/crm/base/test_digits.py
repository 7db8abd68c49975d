"""Digits: written as the reader's language does, read whichever were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import digits


def test_persian_writes_its_own_and_others_do_not() -> None:
    assert digits.written("993, 10:42", "fa") == "۹۹۳, ۱۰:۴۲"
    assert digits.written("993", "cs") == "993"


@pytest.mark.parametrize("typed", ["993", "۹۹۳", "٩٩٣", "۹9٣"])
def test_whichever_digits_are_typed_machines_read_them(typed: str) -> None:
    assert digits.latin(typed) == "993"


@given(st.integers(0, 10**18), st.sampled_from(["en", "fa"]))
def test_a_number_comes_back_as_it_went(number: int, language: str) -> None:
    assert int(digits.latin(digits.written(str(number), language))) == number
