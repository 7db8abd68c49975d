"""How a field stands in SQL, and what a condition asks of it: so that an index may answer.

A `Column` of a plain table answers by a comparison (`Plain`); one whose values are rows of another
table answers by `exists (select … where question.of(row.value))`. Questions are plain comparisons
with bound values: nothing is computed over the column but its lower case, and that only where it
does not stand in lower case already.

Texts are compared by `fold`: letter by letter in lower case, as the database does it. Signs that
become several letters, or differ by their place in a word, stay one; accents count.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    Uuid,
    any_,
    exists,
    func,
    literal,
    or_,
)

from crm.base.formulas.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement
    from sqlalchemy.types import TypeEngine

_TYPES: Final[tuple[tuple[type, TypeEngine[Any]], ...]] = (
    (bool, Boolean()),
    (str, Text()),
    (Decimal, Numeric()),
    (datetime, DateTime(timezone=True)),
    (date, Date()),
    (UUID, Uuid()),
)
_COMPARE: Final[dict[str, Callable[[Any, Any], ColumnElement[bool]]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Question(Protocol):
    """A condition on one value; an empty value does not fulfil it."""

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:
        """Ask it of a column, whose texts are folded already or not."""


class Column(Protocol):
    """How a field stands in SQL."""

    def value(self) -> ColumnElement[Any]:
        """Return its value; of several choices an array of texts."""

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Tell whether its value fulfils a condition; of several choices, whether one does."""

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether it has no value, or an empty text."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A field that is a column, or an expression. `folded` texts stand in lower case already."""

    element: ColumnElement[Any]
    kind: Kind
    folded: bool = False

    def value(self) -> ColumnElement[Any]:
        """Return the column."""
        return self.element

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Ask the column, or each of an array."""
        if self.kind is not Kind.CHOICES:
            return question.of(self.element, folded=self.folded)
        each = func.unnest(self.element, type_=Text()).column_valued()
        return exists().where(question.of(each))

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether the column is null, or holds an empty text or array."""
        if self.kind is Kind.CHOICES:
            return func.coalesce(func.cardinality(self.element), 0) == 0
        empty = self.element.is_(None)
        return or_(empty, self.element == "") if self.kind in _WORDS else empty


_WORDS: Final = (Kind.TEXT, Kind.CHOICE)


@dataclass(frozen=True, slots=True)
class Compared:
    """It is = < <= > >= a value; a text that is to `fold` equals others in any case."""

    operator: str
    value: str | Decimal | date | datetime | bool | UUID
    fold: bool = False

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:
        """Compare a column with the value."""
        if isinstance(self.value, str) and self.fold:
            return _lower(column, folded=folded) == bound(fold(self.value))
        return compare(self.operator, column, bound(*_as_stored(column, (self.value,))))


@dataclass(frozen=True, slots=True)
class Among:
    """It is one of several values."""

    values: tuple[str | Decimal | date | UUID, ...]
    fold: bool = False

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:
        """Tell whether the column's value is one of them, as `= any(array)`."""
        values = list(_as_stored(column, self.values))
        if self.fold:
            column = _lower(column, folded=folded)
            values = [fold(value) if isinstance(value, str) else value for value in values]
        kind = _type_of(values[0]) if values else column.type
        return column == any_(literal(values, ARRAY(kind)))


@dataclass(frozen=True, slots=True)
class Between:
    """It lies from the first value on, and before the other."""

    first: date | datetime
    before: date | datetime

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:  # noqa: ARG002 - days have no case
        """Tell whether the column's value lies there."""
        return (column >= bound(self.first)) & (column < bound(self.before))


@dataclass(frozen=True, slots=True)
class Contains:
    """It holds a text somewhere, in any case."""

    text: str

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:
        """Look for the text, letter by letter: no sign of it is a pattern's."""
        return func.strpos(_lower(column, folded=folded), bound(fold(self.text))) > 0


@dataclass(frozen=True, slots=True)
class Begins:
    """It begins with a text, in any case."""

    text: str

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:
        """Compare the beginning; `^@` is what an index of folded texts answers."""
        return _lower(column, folded=folded).bool_op("^@")(bound(fold(self.text)))


def compare(sign: str, left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[bool]:
    """Compare two values by = < <= > or >=."""
    return _COMPARE[sign](left, right)


def fold(text: str) -> str:
    """Return a text as it is compared: each letter in lower case, and never two for one."""
    if text.isascii():
        return text.lower()
    return "".join(_FOLDED.get(sign) or _folded(sign) for sign in text)


def bound(value: Any) -> ColumnElement[Any]:
    """Return a value as a bound parameter of its type."""
    return literal(value, _type_of(value))


#: The one letter that Unicode's full mapping makes two of, and its simple one does not.
_FOLDED: Final = {"İ": "i"}


def _folded(sign: str) -> str:
    lower = sign.lower()
    return lower if len(lower) == 1 else sign


def _lower(column: ColumnElement[Any], *, folded: bool) -> ColumnElement[Any]:
    return column if folded else func.lower(column, type_=Text())


def _type_of(value: Any) -> TypeEngine[Any]:
    if isinstance(value, int) and not isinstance(value, bool):
        return BigInteger()
    return next(found for kind, found in _TYPES if isinstance(value, kind))


def _as_stored(column: ColumnElement[Any], values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return whole numbers for a column of whole numbers: compared as numeric, no index answers."""
    whole = isinstance(column.type, Integer) and all(
        isinstance(value, Decimal) and value == int(value) for value in values
    )
    return tuple(int(value) for value in values) if whole else values
