"""Questions: a field answers from its own column, or from rows of another table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Text,
    and_,
    column,
    exists,
    select,
    values,
)

from crm.base import formulas
from crm.base.formulas import Field, Kind, Plain, Question
from crm.base.formulas.questions import Among, Begins, Between, Compared, Contains, compare, fold
from tests.crm.base.formulas.growing import SETTING

#: Tables for the length of a statement.
DEAL = (
    values(column("id", Integer), column("name", Text), name="deals")
    .data([(n, f"Deal {n}") for n in (1, 2, 3)])
    .cte("deal")
)
EXTRA = (
    values(
        column("deal_id", Integer),
        column("field", Text),
        column("words", Text),
        column("number", Numeric),
        name="extras",
    )
    .data(
        [
            (1, "size", None, 5),
            (2, "size", None, 50),
            (1, "nick", "Ann", None),
            (1, "tags", "vip", None),
            (1, "tags", "expo", None),
            (2, "tags", "vip", None),
        ]
    )
    .cte("extra")
)


@dataclass(frozen=True)
class Extra:
    """A field whose values are rows of another table, one for each."""

    field: str
    element: ColumnElement[Any]

    def value(self) -> ColumnElement[Any]:
        """Read the one value."""
        return select(self.element).where(self._own()).limit(1).scalar_subquery()

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Look for a row that fits."""
        return exists().where(self._own(), question.of(self.element))

    def is_empty(self) -> ColumnElement[bool]:
        """Look for no row."""
        return ~exists().where(self._own())

    def _own(self) -> ColumnElement[bool]:
        return and_(EXTRA.c.deal_id == DEAL.c.id, EXTRA.c.field == self.field)


FIELDS = {
    "name": Field(Kind.TEXT),
    "size": Field(Kind.NUMBER),
    "nick": Field(Kind.TEXT),
    "tags": Field(Kind.CHOICES),
}
COLUMNS: dict[str, formulas.Column] = {
    "name": Plain(DEAL.c.name, Kind.TEXT),
    "size": Extra("size", EXTRA.c.number),
    "nick": Extra("nick", EXTRA.c.words),
    "tags": Extra("tags", EXTRA.c.words),
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("size > 10", [2]),
        ("size != 5", [2, 3]),
        ("size * 2 = 10", [1]),
        ("size in (5, 50)", [1, 2]),
        ("size is empty", [3]),
        ("size is not empty and not size = 5", [2]),
        ('nick = "ANN"', [1]),
        ('nick contains "N" or size = 50', [1, 2]),
        ("tags has vip", [1, 2]),
        ("not tags has expo", [2, 3]),
        ("tags has all (vip, expo)", [1]),
        ("tags has any (expo, other)", [1]),
        ("tags is empty", [3]),
        ('if(tags has expo, name, nick) = "deal 1"', [1]),
    ],
)
def test_rows_of_another_table_answer_like_a_column(
    connection: Any, text: str, kept: list[int]
) -> None:
    checked = formulas.check(formulas.parse(text), FIELDS)

    condition = formulas.compile(checked, COLUMNS, SETTING)

    found = connection.scalars(select(DEAL.c.id).where(condition).order_by(DEAL.c.id))
    assert found.all() == kept


def test_a_text_is_folded_letter_by_letter() -> None:
    assert fold("ÁCS İstanbul ΟΔΟΣ Straße") == "ács istanbul οδοσ straße"
    assert all(len(fold(chr(point))) == 1 for point in range(0xD800))


def test_a_folded_column_is_compared_as_it_stands() -> None:
    name: ColumnElement[str] = column("name", Text())

    for question in (
        Compared("=", "Ann", fold=True),
        Among(("Ann",), fold=True),
        Begins("Ann"),
        Contains("Ann"),
    ):
        assert "lower" not in str(question.of(name, folded=True))
        assert "lower(name)" in str(question.of(name))
    assert "lower" not in str(Compared("=", "Ann").of(name))


def test_whole_numbers_are_compared_as_whole_numbers() -> None:
    seats: ColumnElement[int] = column("seats", Integer())

    def bound(question: Question) -> list[Any]:
        return list(question.of(seats).compile().params.values())

    assert [type(value) for value in bound(Compared(">", Decimal(5)))] == [int]
    assert bound(Compared(">", Decimal("5.5"))) == [Decimal("5.5")]
    assert bound(Among((Decimal(5), Decimal("5.5")))) == [[Decimal(5), Decimal("5.5")]]


def test_a_stretch_takes_its_first_day_and_not_the_one_after() -> None:
    due: ColumnElement[date] = column("due")

    asked = Between(date(2026, 1, 1), date(2026, 2, 1)).of(due)

    assert str(asked) == "due >= :param_1 AND due < :param_2"


def test_every_comparison_is_its_own() -> None:
    one: ColumnElement[int] = column("a")

    assert [str(compare(sign, one, one)) for sign in ("=", "<", "<=", ">", ">=")] == [
        "a = a",
        "a < a",
        "a <= a",
        "a > a",
        "a >= a",
    ]
