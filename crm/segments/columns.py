"""How fields stand in SQL where they are no plain column: rows of another table, or one beside.

Each answers a question by an `exists` over its own rows, which an index serves, and gives its value
by a look-up for one record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Numeric,
    Text,
    Uuid,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.orm import aliased

from crm.base.db import table
from crm.base.formulas import Question
from crm.base.formulas.questions import Among, Begins, Between, Compared
from crm.workspace.fields import Field, FieldType
from crm.workspace.models import FieldValue, RecordTag, Tag

if TYPE_CHECKING:
    from crm.base.db import Base

#: Numbers of custom fields are kept in millionths.
_SCALE = 10**6
#: So much of a text stands in its key.
_KEY = 100


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in a row of another table to which the record points, as a company's name."""

    workspace_id: Any  # of the record
    pointer: Any  # the record's column with the other one's id
    model: type[Base]
    element: Any  # the other one's column

    def value(self) -> ColumnElement[Any]:
        """Return what stands there."""
        return select(self.element).where(self._there()).scalar_subquery()

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Ask the other row."""
        model: Any = self.model
        found = select(model.id).where(
            model.workspace_id == self.workspace_id, question.of(self.element)
        )
        return self.pointer.in_(found.correlate(self.pointer.class_))  # type: ignore[no-any-return]

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether there is no such row, or nothing in it."""
        words = isinstance(self.element.type, Text)
        filled = self.element != "" if words else self.element.is_not(None)
        return not_(exists().where(self._there(), filled))

    def _there(self) -> ColumnElement[bool]:
        model: Any = self.model
        return and_(model.workspace_id == self.workspace_id, model.id == self.pointer)


@dataclass(frozen=True, slots=True)
class Rows:
    """Several texts that stand in rows of another table, as a contact's addresses."""

    element: Any
    mine: ColumnElement[bool]  # the rows of the record
    order: Any
    folded: bool = True

    def value(self) -> ColumnElement[Any]:
        """Return the first of them."""
        query = select(self.element).where(self.mine).order_by(self.order).limit(1)
        return query.scalar_subquery()

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Tell whether one of them fulfils a condition."""
        return exists().where(self.mine, question.of(self.element, folded=self.folded))

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether there is none."""
        return not_(exists().where(self.mine))


_KEYS: ColumnElement[Any] = table(Tag).c.key


class Tags:
    """The tags of a record, by their keys."""

    def __init__(self, workspace_id: Any, record_id: Any) -> None:
        self._mine = and_(RecordTag.workspace_id == workspace_id, RecordTag.record_id == record_id)
        self._tag = and_(Tag.workspace_id == RecordTag.workspace_id, Tag.id == RecordTag.tag_id)

    def value(self) -> ColumnElement[Any]:
        """Return them as an array of texts."""
        query = (
            select(func.array_agg(Tag.key, type_=ARRAY(Text())))
            .join(RecordTag, self._tag)
            .where(self._mine)
        )
        return query.scalar_subquery()

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Tell whether one of them fulfils a condition."""
        return exists().where(self._mine, self._tag, question.of(_KEYS, folded=True))

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether the record bears none."""
        return not_(exists().where(self._mine))


class Stored:
    """A custom field: its values are rows of `field_value`."""

    def __init__(self, field: Field, workspace_id: Any, record_id: Any) -> None:
        row = aliased(FieldValue)
        self._field, self._row = field, row
        self._mine = and_(
            row.workspace_id == workspace_id,
            row.field_id == literal(field.id, Uuid()),
            row.record_id == record_id,
        )

    def value(self) -> ColumnElement[Any]:
        """Return its value, of the kind that formulas have for its type."""
        if self._field.type is FieldType.CHECKBOX:
            return exists().where(self._mine)
        chosen = self._field.type is FieldType.CHOICES
        keys = func.array_agg(self._row.key, type_=ARRAY(Text()))
        shown = keys if chosen else _typed(self._field.type, self._row)
        return select(shown).where(self._mine).scalar_subquery()

    def answers(self, question: Question) -> ColumnElement[bool]:
        """Tell whether one of its values fulfils a condition."""
        if self._field.type is FieldType.CHECKBOX:
            wanted = isinstance(question, Compared) and bool(question.value)
            return exists().where(self._mine) if wanted else not_(exists().where(self._mine))
        return exists().where(self._mine, _asked(self._field.type, self._row, question))

    def is_empty(self) -> ColumnElement[bool]:
        """Tell whether the field says nothing."""
        return not_(exists().where(self._mine))


def _typed(kind: FieldType, row: Any) -> ColumnElement[Any]:
    match kind:
        case FieldType.NUMBER | FieldType.PERCENT:
            return cast(row.number, Numeric()) / _SCALE
        case FieldType.MONEY:
            return cast(func.split_part(row.value, " ", 1), Numeric())
        case FieldType.DATE:
            return cast(row.key, Date())
        case FieldType.USER:
            return cast(row.key, Uuid())
        case _:
            return row.value  # type: ignore[no-any-return]


def _asked(kind: FieldType, row: Any, question: Question) -> ColumnElement[bool]:
    """Ask by the column that an index has: the key of texts and days, the number of numbers."""
    match kind:
        case FieldType.NUMBER | FieldType.PERCENT:
            return _millionths(question).of(row.number)
        case FieldType.DATE | FieldType.USER:
            return _as_text(question).of(row.key)
        case FieldType.MONEY:
            return question.of(_typed(kind, row))
        case FieldType.CHOICE | FieldType.CHOICES | FieldType.COUNTRY:
            return question.of(row.key)
        case _ if _fits_key(question):
            return question.of(row.key, folded=True)
        case _:
            return question.of(row.value)


def _fits_key(question: Question) -> bool:
    """Tell whether a question about a text may be answered by the beginning of it."""
    match question:
        case Compared(value=str(text)):
            return len(text) < _KEY
        case Among(values=values):
            return all(len(str(value)) < _KEY for value in values)
        case Begins(text):
            return len(text) < _KEY
        case _:
            return False


def _millionths(question: Question) -> Question:
    match question:
        case Compared(value=Decimal() as value):
            return replace(question, value=value * _SCALE)
        case Among(values=values):
            return replace(question, values=tuple(Decimal(str(v)) * _SCALE for v in values))
        case _:
            return question


def _as_text(question: Question) -> Question:
    """Ask about days and colleagues as their texts: ISO 8601 sorts as days do."""
    match question:
        case Compared(value=date() | UUID() as value):
            return replace(question, value=str(value))
        case Among(values=values):
            return replace(question, values=tuple(str(value) for value in values))
        case Between(first, before):
            return _TextBetween(str(first), str(before))
        case _:
            return question


@dataclass(frozen=True, slots=True)
class _TextBetween:
    first: str
    before: str

    def of(self, column: ColumnElement[Any], *, folded: bool = False) -> ColumnElement[bool]:  # noqa: ARG002 - days have no case
        return (column >= literal(self.first)) & (column < literal(self.before))
