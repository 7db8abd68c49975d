"""Kinds: every one has a word for people, and every function its kinds in every place."""

from __future__ import annotations

import pytest

from crm.base.formulas import kinds
from crm.base.formulas.kinds import FUNCTIONS, LABELS, Kind


def test_every_kind_has_a_word() -> None:
    assert set(LABELS) == set(Kind)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_takes_in_every_place(name: str) -> None:
    function = FUNCTIONS[name]

    assert 1 <= function.least <= function.most
    assert len(function.takes) <= function.most
    assert all(function.accepts(place) for place in range(function.most))
    assert (function.gives is None) == (function.alike is not None)


def test_the_last_place_speaks_for_those_behind_it() -> None:
    assert FUNCTIONS["if"].accepts(0) == kinds.TRUTHS
    assert FUNCTIONS["concat"].accepts(19) == kinds.TEXTS


def test_a_choice_counts_as_its_key() -> None:
    assert kinds.plain(Kind.CHOICE) is Kind.TEXT
    assert kinds.plain(Kind.CHOICES) is Kind.CHOICES
