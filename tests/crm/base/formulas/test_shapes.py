"""Shapes: SQL around its parts, as deep as formulas nest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Text, literal, select

from crm.base.formulas.shapes import shape


def test_a_shape_is_written_around_its_parts(connection: Any) -> None:
    sums = shape("(({0}) + ({1}))", Integer())
    joins = shape("concat({all})", Text())

    summed = sums(literal(1), sums(literal(2), literal(3)))

    assert connection.scalar(select(summed)) == 6
    assert connection.scalar(select(joins(summed, literal("%s"), literal("x")))) == "6%sx"


def test_two_shapes_are_never_taken_for_each_other(connection: Any) -> None:
    plus, minus = (shape(f"(({{0}}) {sign} ({{1}}))", Integer()) for sign in "+-")

    assert [connection.scalar(select(each(literal(5), literal(3)))) for each in (plus, minus)] == [
        8,
        2,
    ]


def test_a_shape_holds_others_many_deep(connection: Any) -> None:
    more = shape("(({0}) + 1)", Integer())
    node: Any = literal(0)
    for _ in range(90):
        node = more(node)

    assert connection.scalar(select(node)) == 90
