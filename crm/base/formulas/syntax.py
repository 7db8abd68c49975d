"""The tree of a formula: what was written, and nothing of what it means yet.

Every node is frozen and remembers `at`, the sign of the text at which it begins. That is for the
words of a refusal alone: two trees are equal wherever they stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

#: Comparisons with one value on the right.
COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "has")
#: Comparisons with several.
LISTS: Final = ("in", "not in", "has any", "has all")
#: Comparisons with a stretch of days, up to today or from today on.
SPANS: Final = ("within", "in the next")
UNITS: Final = ("days", "weeks", "months")
ARITHMETIC: Final = ("+", "-", "*", "/", "%", "&")
#: Values that whoever looks brings along.
GIVEN: Final = ("today", "now", "me", "my_team", "nobody")
#: Words that can name neither a field nor a bare value. Others mean something in their place only.
RESERVED: Final = frozenset(
    ("and", "or", "not", "in", "is", "has", "contains", "starts", "within", "true", "false", *GIVEN)
)
#: Where a bare word on the right may be a value.
NAMING: Final = ("=", "!=", "has", *LISTS)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands there: below 10^15, with at most six decimals."""

    value: Decimal
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    value: date
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    value: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Given:
    """One of GIVEN: it depends on who looks, and when."""

    word: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field; right of a comparison perhaps a bare value, as `lead` in `lifecycle = lead`."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`not` or `-`, and what it stands before."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """One of COMPARISONS or ARITHMETIC between two."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Several:
    """`and` or `or` between two or more."""

    operator: str
    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One of LISTS: a comparison with several values at once."""

    operator: str
    left: Node
    values: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """One of SPANS: so many days, weeks or months."""

    operator: str
    left: Node
    count: int
    unit: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Empty:
    """`is empty`, or where it is not wanted `is not empty`."""

    left: Node
    wanted: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is given."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Literal = Number | Text | Day | Truth | Given | Name
Node = Literal | Unary | Binary | Several | Listed | Span | Empty | Call


def parts(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of, from left to right."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Several():
            return node.parts
        case Listed():
            return (node.left, *node.values)
        case Span() | Empty():
            return (node.left,)
        case Call():
            return node.arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth, the root at 1. Safe for a tree of any depth."""
    waiting = [(node, 1)]
    while waiting:
        found, depth = waiting.pop()
        yield found, depth
        waiting += [(part, depth + 1) for part in parts(found)]


def replaced(node: Node, change: Callable[[Name], Node], values: Callable[[Node], bool]) -> Node:
    """Return the tree with other names; bare values stay, of which `values` knows the fields.

    `values` is asked with the left side of a comparison: may the bare words on its right be values?
    """

    def again(part: Node) -> Node:
        return replaced(part, change, values)

    def right(left: Node, operator: str, part: Node) -> Node:
        kept = isinstance(part, Name) and operator in NAMING and values(left)
        return part if kept else again(part)

    match node:
        case Name():
            return change(node)
        case Unary():
            return replace(node, operand=again(node.operand))
        case Binary(operator, left, other):
            return replace(node, left=again(left), right=right(left, operator, other))
        case Several():
            return replace(node, parts=tuple(map(again, node.parts)))
        case Listed(operator, left, several):
            listed = tuple(right(left, operator, value) for value in several)
            return replace(node, left=again(left), values=listed)
        case Span() | Empty():
            return replace(node, left=again(node.left))
        case Call():
            return replace(node, arguments=tuple(map(again, node.arguments)))
        case _:
            return node
