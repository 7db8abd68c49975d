"""Writing: the text of a tree is read as the same tree, and there is one for each."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm.base.formulas import FormulaError, Node, parse, write
from crm.base.formulas.syntax import walk
from tests.crm.base.formulas.growing import anything, meaningful, wild


@pytest.mark.parametrize(
    ("typed", "neat"),
    [
        ("OWNER=me   And(a or b)", "owner = me and (a or b)"),
        ("((a))+((b*c))", "a + b * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a=b)=(c=d)", "(a = b) = (c = d)"),
        ("not(a=b)", "not a = b"),
        ("(not a)=b", "(not a) = b"),
        ("-(1)*- 2--b", "-(1) * -2 - -b"),
        ("a=1.50", "a = 1.5"),
        ("a=100", "a = 100"),
        ("a=0.000001", "a = 0.000001"),
        ("a within 1 days", "a within 1 day"),
        ("lifecycle=lead", "lifecycle = lead"),
        ('a="x\\\\\\"y"', 'a = "x\\\\\\"y"'),
    ],
)
def test_there_is_one_neat_way(typed: str, neat: str) -> None:
    assert write(parse(typed)) == neat


def size(node: Node) -> tuple[int, int]:
    found = [depth for _node, depth in walk(node)]
    return len(found), max(found)


@given(wild | meaningful)
def test_what_is_written_is_read_as_the_same_tree(tree: Node) -> None:
    count, depth = size(tree)
    assume(count <= 300 and depth <= 20)

    assert parse(write(tree)) == tree


@given(st.text() | anything)
def test_whatever_was_read_can_be_kept_as_it_is_written(text: str) -> None:
    try:
        tree = parse(text)
    except FormulaError:
        return

    assert parse(write(tree)) == tree


def test_the_longest_formula_can_still_be_read_when_it_is_neat() -> None:
    typed = "or".join(["(a=1)"] * 75) + "or" + " or ".join(['"' + "x" * 490 + '"=b'] * 5)
    tree = parse(typed)

    assert parse(write(tree)) == tree
