"""Syntax: trees are equal wherever they stood, and can be walked and changed."""

from __future__ import annotations

from hypothesis import given

from crm.base.formulas import Node, parse, write
from crm.base.formulas.syntax import Name, Number, Unary, parts, replaced, walk
from tests.crm.base.formulas.growing import wild


def test_trees_are_equal_wherever_they_stood() -> None:
    assert parse("a = 1") == parse("   a   =   1")


def test_parts_stand_from_left_to_right() -> None:
    assert [write(part) for part in parts(parse("a in (1, 2)"))] == ["a", "1", "2"]
    assert [write(part) for part in parts(parse("if(a, b)"))] == ["a", "b"]
    assert parts(Name("a")) == ()


def test_a_tree_of_any_depth_can_be_walked() -> None:
    node: Node = Name("a")
    for _ in range(10_000):
        node = Unary("not", node)

    assert max(depth for _part, depth in walk(node)) == 10_001


@given(wild)
def test_who_changes_nothing_gets_the_same_tree(tree: Node) -> None:
    assert replaced(tree, lambda name: name, lambda _left: False) == tree


def test_names_are_changed_but_values_stay() -> None:
    tree = parse("a = a and a in (a, b) and not (a + a > a) and f(a) is empty and a within 2 days")

    changed = replaced(tree, lambda name: Name(name.name + "2"), lambda left: left == Name("a"))

    assert write(changed) == (
        "a2 = a and a2 in (a, b) and not a2 + a2 > a2 and f(a2) is empty and a2 within 2 days"
    )


def test_a_name_may_become_anything() -> None:
    changed = replaced(parse("a + b"), lambda _name: parse("1 + 1"), lambda _left: True)

    assert write(changed) == "1 + 1 + (1 + 1)"
    assert all(isinstance(part, Number) for part, _ in walk(changed) if not parts(part))
