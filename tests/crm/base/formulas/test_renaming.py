"""Renaming: a field gets another name wherever it is meant, and only there."""

from __future__ import annotations

import pytest

from crm.base.formulas import parse, rename, write
from tests.crm.base.formulas.growing import FIELDS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("won + won = 2", "sold + sold = 2"),
        ("stage = won and won is empty", "stage = won and sold is empty"),
        ("stage in (won, new)", "stage in (won, new)"),
        ("tags has won", "tags has won"),
        ("amount > won", "amount > sold"),
        ("abs(amount) = won", "abs(amount) = sold"),
        ("won(won)", "won(sold)"),
        ('name = "won"', 'name = "won"'),
        ("a and b", "b and a"),
    ],
)
def test_fields_are_renamed_and_values_stay(before: str, after: str) -> None:
    names = {"won": "sold", "a": "b", "b": "a"}

    assert write(rename(parse(before), names)) == after
    assert write(rename(parse(before), names, FIELDS)) == after


def test_who_knows_the_fields_renames_those_on_the_right_too() -> None:
    node = parse("amount = seats and owner = author and stage = seats")
    names = {"seats": "places", "author": "writer"}

    assert write(rename(node, names, FIELDS)) == (
        "amount = places and owner = writer and stage = seats"
    )
    assert rename(node, names) == node
