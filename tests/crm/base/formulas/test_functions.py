"""Functions: each gives what its name says, and something empty where there is nothing to say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Date, literal, select

from crm.base.formulas import functions
from tests.crm.base.formulas.computing import computed

ROW = {
    "name": "  Éva Kovač ",
    "amount": Decimal("1234.5678"),
    "seats": 7,
    "due": date(2024, 2, 29),
    "created": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
    "paid": True,
    "stage": "won",
}


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("round(amount)", 1235),
        ("round(amount, 2)", Fraction("1234.57")),
        ("round(amount, -2)", 1200),
        ("round(-2.5)", -3),
        ("abs(-amount)", Fraction("1234.5678")),
        ("floor(-1.5)", -2),
        ("ceil(-1.5)", -1),
        ("seats / 2", Fraction("3.5")),
        ("-seats % 4", -3),
        ("1 / 3", Fraction("0.333333")),
        ("1 / 3 * 3", 1),
        ("min(seats, 3, 1 / 0)", 3),
        ("max(seats, number(name))", 7),
        ("max(due, today)", date(2026, 11, 24)),
        ("coalesce(number(name), seats)", 7),
        ('number(" -12.50 ")', Fraction("-12.5")),
        ('number("1e5")', None),
        ('number("1234567890123456")', None),
        ("length(trim(name))", 9),
        ("length(source)", 0),
        ("upper(trim(name))", "ÉVA KOVAČ"),
        ("lower(trim(name))", "éva kovač"),
        ("concat(stage, source, stage)", "wonwon"),
        ('stage & "-" & text(seats)', "won-7"),
        ("text(amount * 10)", "12345.678"),
        ("text(seats * 100)", "700"),
        ("text(due)", "2024-02-29"),
        ("text(created)", "2026-11-23 00:30"),
        ("text(paid)", "true"),
        ("text(seats > 9)", "false"),
        ("text(owner is empty)", "true"),
        ("year(due)", 2024),
        ("month(created)", 11),
        ("day(created)", 23),
        ("weekday(created)", 1),
        ("days_between(due, today)", 999),
        ("days_between(today, due)", -999),
        ("days_between(created, now)", 1),
        ("add_days(due, 1.9)", date(2024, 3, 1)),
        ("add_days(created, -1)", date(2026, 11, 22)),
        ("add_days(due, 99999999)", None),
        ("add_days(due, -99999999)", None),
        ("add_days(9999-12-31, 1)", None),
        ("add_days(born, 1)", None),
        ("if(paid, seats, 0)", 7),
        ("if(active, seats)", None),
        ("if(active, seats, 0)", 0),
    ],
)
def test_a_function_gives_what_its_name_says(connection: Any, text: str, gives: Any) -> None:
    assert computed(connection, text, [ROW]) == [gives]


def test_a_computed_day_lies_between_two_or_is_empty(connection: Any) -> None:
    def between(day: date | None) -> Any:
        ends = date(2026, 1, 1), date(2026, 1, 31)
        return select(functions.between(literal(day, Date()), *ends))

    days = [None, date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    found = [connection.scalar(between(day)) for day in [*days, date.min, date.max]]

    assert found == [False, False, True, True, False, False, False]
