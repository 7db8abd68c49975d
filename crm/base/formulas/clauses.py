"""A filter as chips: a field, an operator and its values each, all of which must hold.

`clauses` takes a formula apart where it is no more than that, `join` puts one together; what a chip
of a kind may say, and under which words, stands in `operators`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crm.base.formulas.kinds import Field, Kind
from crm.base.formulas.syntax import (
    COMPARISONS,
    LISTS,
    NAMING,
    RESERVED,
    SPANS,
    Binary,
    Empty,
    Listed,
    Literal,
    Name,
    Node,
    Number,
    Several,
    Span,
    Text,
    Truth,
)
from crm.base.formulas.words import is_plain
from crm.base.i18n import lazy

IS_EMPTY: Final = "is empty"
IS_NOT_EMPTY: Final = "is not empty"


@dataclass(frozen=True, slots=True)
class Clause:
    """A chip. Its values are literals: one, several, none of `is empty`, of spans `60` and `days`.

    A bare word among them is a value, as `lead`, and no field.
    """

    field: str
    operator: str
    values: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator:
    """What a chip may say between its field and its values; `takes` none, one, several or span."""

    sign: str
    label: str
    takes: str


def clauses(node: Node, fields: Mapping[str, Field] | None = None) -> tuple[Clause, ...] | None:
    """Return the chips that a formula is, or None where it is more.

    Without `fields` a bare word on the right is taken for a value, and never for another field.
    """
    if node == Truth(value=True):
        return ()
    parts = node.parts if isinstance(node, Several) and node.operator == "and" else (node,)
    found = [_clause(part) for part in parts]
    said = tuple(clause for clause in found if clause and _holds_values(clause, fields))
    return said if len(said) == len(parts) else None


def join(said: Iterable[Clause]) -> Node:
    """Return the formula of some chips; of none at all what is always true."""
    parts = tuple(map(_node, said))
    if not parts:
        return Truth(value=True)
    return parts[0] if len(parts) == 1 else Several("and", parts)


def word(key: str) -> Name | Text:
    """Return a choice's key as it is written: bare where it can be."""
    return Name(key) if is_plain(key) and key not in RESERVED else Text(key)


def operators(kind: Kind) -> tuple[Operator, ...]:
    """Return what chips of a kind may say, the most usual first."""
    return _OPERATORS[kind]


def takes_words(kind: Kind) -> bool:
    """Tell whether a bare word right of such a field is a value."""
    return kind in (Kind.CHOICE, Kind.CHOICES)


def _clause(node: Node) -> Clause | None:
    match node:
        case Name():
            return Clause(node.name, "=", (Truth(value=True),))
        case Binary(operator, Name(field), right) if operator in COMPARISONS:
            return Clause(field, operator, (right,)) if isinstance(right, Literal) else None
        case Listed(operator, Name(field), values):
            literals = tuple(value for value in values if isinstance(value, Literal))
            return Clause(field, operator, literals) if len(literals) == len(values) else None
        case Span(operator, Name(field), count, unit):
            return Clause(field, operator, (Number(Decimal(count)), Name(unit)))
        case Empty(Name(field), wanted):
            return Clause(field, IS_EMPTY if wanted else IS_NOT_EMPTY)
        case _:
            return None


def _holds_values(clause: Clause, fields: Mapping[str, Field] | None) -> bool:
    """Tell whether the bare words of a chip are values, for all that is known."""
    if clause.operator in SPANS or not any(isinstance(each, Name) for each in clause.values):
        return True
    known = fields.get(clause.field) if fields is not None else None
    return clause.operator in NAMING and (known is None or takes_words(known.kind))


def _node(clause: Clause) -> Node:
    field = Name(clause.field)
    if clause.operator in (IS_EMPTY, IS_NOT_EMPTY):
        return Empty(field, clause.operator == IS_EMPTY)
    if clause.operator in LISTS:
        return Listed(clause.operator, field, clause.values)
    if clause.operator in SPANS:
        match clause.values:
            case (Number(count), Name(unit)):
                return Span(clause.operator, field, int(count), unit)
    return Binary(clause.operator, field, clause.values[0])


_EMPTY: Final = (
    Operator(IS_EMPTY, lazy("is empty"), "none"),
    Operator(IS_NOT_EMPTY, lazy("is not empty"), "none"),
)
_EQUAL: Final = (Operator("=", lazy("is"), "one"), Operator("!=", lazy("is not"), "one"))
_IN: Final = (
    Operator("in", lazy("is one of"), "several"),
    Operator("not in", lazy("is none of"), "several"),
)
_DAYS: Final = (
    Operator("within", lazy("in the last"), "span"),
    Operator("in the next", lazy("in the next"), "span"),
    *_EQUAL,
    Operator("<", lazy("before"), "one"),
    Operator("<=", lazy("up to"), "one"),
    Operator(">", lazy("after"), "one"),
    Operator(">=", lazy("from"), "one"),
    *_EMPTY,
)
_OPERATORS: Final = {
    Kind.TEXT: (
        Operator("contains", lazy("contains"), "one"),
        Operator("starts with", lazy("starts with"), "one"),
        *_EQUAL,
        *_IN,
        *_EMPTY,
    ),
    Kind.NUMBER: (
        *_EQUAL,
        Operator("<", lazy("less than"), "one"),
        Operator("<=", lazy("at most"), "one"),
        Operator(">", lazy("more than"), "one"),
        Operator(">=", lazy("at least"), "one"),
        *_EMPTY,
    ),
    Kind.DATE: _DAYS,
    Kind.MOMENT: _DAYS,
    Kind.TRUTH: (*_EQUAL, *_EMPTY),
    Kind.USER: (*_EQUAL, *_IN, *_EMPTY),
    Kind.CHOICE: (*_EQUAL, *_IN, *_EMPTY),
    Kind.CHOICES: (
        Operator("has", lazy("has"), "one"),
        Operator("has any", lazy("has any of"), "several"),
        Operator("has all", lazy("has all of"), "several"),
        *_EMPTY,
    ),
}
