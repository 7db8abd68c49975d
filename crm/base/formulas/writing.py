"""Write the tree of a formula as text again, in the one neat way: parse(write(tree)) == tree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from crm.base.formulas.syntax import (
    Binary,
    Call,
    Day,
    Empty,
    Given,
    Listed,
    Name,
    Number,
    Several,
    Span,
    Text,
    Truth,
    Unary,
)
from crm.base.formulas.words import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.base.formulas.syntax import Literal, Node

#: How tightly an operator binds; where a looser one stands inside, it gets parentheses.
_TIGHT: Final = {"or": 1, "and": 2, "not": 3, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7}
_COMPARISON: Final = 4
_SIGNED: Final = 8
_SINGLE: Final = 9


def write(node: Node) -> str:
    """Write a formula: what is typed, as short as it can be, with one space between words."""
    return _written(node, 0)


def literal(node: Literal) -> str:
    """Write one value."""
    match node:
        case Number():
            return _number(node.value)
        case Text():
            return escaped(node.value)
        case Day():
            return node.value.isoformat()
        case Truth():
            return "true" if node.value else "false"
        case Given():
            return node.word
        case Name():
            return node.name


def _written(node: Node, around: int) -> str:
    """Write a node where something stands around it that binds so tightly."""
    tight = _tightness(node)
    match node:
        case Unary(operator="not"):
            written = f"not {_written(node.operand, tight)}"
        case Unary():
            written = f"-{_negated(node.operand)}"
        case Several():
            # One of its own kind inside was in parentheses, and stays there.
            parts = (_written(part, tight + 1) for part in node.parts)
            written = f" {node.operator} ".join(parts)
        case Binary():
            # A chain leans to the left; comparisons make no chain.
            left = _written(node.left, tight + (tight == _COMPARISON))
            written = f"{left} {node.operator} {_written(node.right, tight + 1)}"
        case Listed():
            left = _written(node.left, tight + 1)
            written = f"{left} {node.operator} ({_separated(node.values)})"
        case Span():
            unit = node.unit if node.count != 1 else node.unit.removesuffix("s")
            written = f"{_written(node.left, tight + 1)} {node.operator} {node.count} {unit}"
        case Empty():
            is_so = "is empty" if node.wanted else "is not empty"
            written = f"{_written(node.left, tight + 1)} {is_so}"
        case Call():
            written = f"{node.function}({_separated(node.arguments)})"
        case _:
            written = literal(node)
    return f"({written})" if tight < around else written


def _tightness(node: Node) -> int:
    match node:
        case Several() | Unary(operator="not"):
            return _TIGHT[node.operator]
        case Unary():
            return _SIGNED
        case Binary():
            return _TIGHT.get(node.operator, _COMPARISON)
        case Listed() | Span() | Empty():
            return _COMPARISON
        case _:
            return _SINGLE


def _negated(operand: Node) -> str:
    """Write what stands behind a minus: before a bare number that would be the number's own."""
    if isinstance(operand, Number) and operand.value >= 0:
        return f"({literal(operand)})"
    return _written(operand, _SIGNED)


def _separated(nodes: Iterable[Node]) -> str:
    return ", ".join(_written(node, 0) for node in nodes)


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
