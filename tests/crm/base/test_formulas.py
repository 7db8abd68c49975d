"""Formulas: from what somebody types to the rows that they see."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Integer, Text, column, select, values

from crm.base import formulas
from crm.base.formulas import Clause, Field, Kind, Plain
from crm.base.formulas.syntax import Name
from tests.crm.base.formulas.growing import SETTING

DEAL = (
    values(column("name", Text), column("stage", Text), column("seats", Integer), name="deals")
    .data([("Acme", "won", 4), ("Bolt", "lost", 6), ("Crane", "won", None)])
    .cte("deal")
)
FIELDS = {
    "name": Field(Kind.TEXT),
    "stage": Field(Kind.CHOICE, ("open", "won", "lost")),
    "seats": Field(Kind.NUMBER),
}
COLUMNS: dict[str, formulas.Column] = {
    name: Plain(DEAL.c[name], field.kind) for name, field in FIELDS.items()
}


def test_a_filter_that_was_typed_keeps_rows(connection: Any) -> None:
    checked = formulas.check(formulas.parse("stage = won AND seats > 1"), FIELDS, wants=Kind.TRUTH)

    kept = select(DEAL.c.name).where(formulas.compile(checked, COLUMNS, SETTING))

    assert connection.scalars(kept).all() == ["Acme"]


def test_a_formula_field_gives_each_row_a_value(connection: Any) -> None:
    checked = formulas.check(formulas.parse('if(stage = "Won", seats * 1.5, 0)'), FIELDS)

    given = select(formulas.compile(checked, COLUMNS, SETTING)).order_by(DEAL.c.name)

    assert checked.kind is Kind.NUMBER
    assert connection.scalars(given).all() == [6, 0, None]


def test_a_condition_that_is_shown_is_true_or_false(connection: Any) -> None:
    checked = formulas.check(formulas.parse("seats > 5"), FIELDS)

    given = select(formulas.value(checked, COLUMNS, SETTING)).order_by(DEAL.c.name)

    assert connection.scalars(given).all() == [False, True, False]


def test_a_filter_is_kept_as_text_and_shown_as_chips() -> None:
    kept = formulas.write(formulas.join([Clause("stage", "=", (formulas.word("won"),))]))

    assert kept == "stage = won"
    assert formulas.clauses(formulas.parse(kept)) == (Clause("stage", "=", (Name("won"),)),)


def test_a_slip_is_told_with_its_place_and_what_was_meant() -> None:
    with pytest.raises(formulas.FormulaError) as refused:
        formulas.check(formulas.parse("stage = won and seat > 1"), FIELDS)

    assert str(refused.value) == "There is no field “seat”. Do you mean “seats”?"
    assert refused.value.at == 16
