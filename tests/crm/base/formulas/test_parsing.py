"""Parsing: what is a formula becomes its tree, and nothing else does any harm."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.formulas import FormulaError, parsing
from crm.base.formulas.syntax import (
    Binary,
    Call,
    Day,
    Empty,
    Given,
    Listed,
    Name,
    Node,
    Number,
    Several,
    Span,
    Text,
    Truth,
    Unary,
    walk,
)
from tests.crm.base.formulas.growing import anything

A, B, C = Name("a"), Name("b"), Name("c")
ONE = Number(Decimal(1))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b and c", Several("or", (A, Several("and", (B, C))))),
        ("a and b and c", Several("and", (A, B, C))),
        ("(a and b) and c", Several("and", (Several("and", (A, B)), C))),
        ("not a = b", Unary("not", Binary("=", A, B))),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a & b + c * -1", Binary("&", A, Binary("+", B, Binary("*", C, Number(Decimal(-1)))))),
        ("-(1)", Unary("-", ONE)),
        ("a = true", Binary("=", A, Truth(value=True))),
        ("a < 2026-11-24", Binary("<", A, Day(date(2026, 11, 24)))),
        ('a contains "B"', Binary("contains", A, Text("B"))),
        ("a starts with b", Binary("starts with", A, B)),
        ("A HAS Lead AND not b", Several("and", (Binary("has", A, Name("lead")), Unary("not", B)))),
        ("a has any (b, c)", Listed("has any", A, (B, C))),
        ("a has any", Binary("has", A, Name("any"))),
        ("a not in (me, nobody)", Listed("not in", A, (Given("me"), Given("nobody")))),
        ("a in (-1)", Listed("in", A, (Number(Decimal(-1)),))),
        ("a is empty", Empty(A, wanted=True)),
        ("a is not empty", Empty(A, wanted=False)),
        ("a within 1 month", Span("within", A, 1, "months")),
        ("a in the next 7 days", Span("in the next", A, 7, "days")),
        ("if(a, b)", Call("if", (A, B))),
        ("nothing()", Call("nothing", ())),
        ("company.name", Name("company.name")),
    ],
)
def test_a_formula_becomes_its_tree(text: str, tree: Node) -> None:
    assert parsing.parse(text) == tree


def test_a_node_remembers_where_it_began() -> None:
    node = parsing.parse("  a = if(b, 1)")

    assert [part.at for part, _depth in walk(node)] == [4, 6, 12, 9, 2]


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "ends too early"),
        ("a =", 3, "ends too early"),
        ("a = b = c", 6, "“=” cannot stand here"),
        ("a = (b", 6, "“)” is missing"),
        ("(a", 2, "“)” is missing"),
        ("a is full", 5, "“empty” fits"),
        ("a in 5", 5, "“(” fits"),
        ("a in (b + 1)", 8, "“)” fits"),
        ("a in (if(b, 1))", 6, "“if” cannot stand in a list"),
        ("a within days", 9, "a number of days"),
        ("a within 2 day", 9, "a number of days"),
        ("a within 1.5 days", 9, "0 to 36525"),
        ("a within 99999 days", 9, "“99999”"),
        ("a = 2026-02-30", 4, "“2026-02-30”"),
        ("a and and", 6, "“and” cannot stand here"),
        ("a)", 1, "“)” cannot stand here"),
    ],
)
def test_what_is_none_is_refused_where_it_ceases_to_be_one(text: str, at: int, words: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parsing.parse(text)

    assert words in str(refused.value)
    assert refused.value.at == at


DEEP = {
    "parentheses": "(" * 39 + "a" + ")" * 39,
    "minus": "-" * 39 + "a",
    "not": "not " * 39 + "a",
    "functions": "abs(" * 39 + "a" + ")" * 39,
    "a chain": "+".join("a" * 40),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_forty_are_not_too_deep(text: str) -> None:
    assert max(depth for _node, depth in walk(parsing.parse(text))) <= 40


@pytest.mark.parametrize(
    "text",
    [
        "(" * 41 + "a" + ")" * 41,
        "-" * 41 + "a",
        "not " * 41 + "a",
        "abs(" * 41 + "a" + ")" * 41,
        "+".join("a" * 42),
    ],
)
def test_more_are(text: str) -> None:
    with pytest.raises(FormulaError, match="nests at most 40 deep"):
        parsing.parse(text)


def test_a_formula_has_three_hundred_parts_at_most() -> None:
    assert len(list(walk(parsing.parse(" or ".join(["a"] * 299))))) == 300

    with pytest.raises(FormulaError, match="300 parts"):
        parsing.parse(" or ".join(["a"] * 300))


@given(st.text() | anything)
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    assert 0 <= refused_at(text) <= max(len(text), 4000)


def refused_at(text: str) -> int:
    try:
        parsing.parse(text)
    except FormulaError as refused:
        return refused.at
    return 0


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4000,
        "-" * 4000,
        "not " * 1000,
        "+".join("1" * 2000),
        '"' * 4000,
        "f(" + "1," * 1999,
        " or ".join(["a"] * 800),
        "a in (" + "1," * 1990,
    ],
)
def test_four_thousand_signs_take_no_time(text: str) -> None:
    began = time.process_time()

    with pytest.raises(FormulaError):
        parsing.parse(text)

    assert time.process_time() - began < 0.2  # A tenth of it, on a machine that has time.
