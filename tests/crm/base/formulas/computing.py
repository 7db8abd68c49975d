"""Formulas over rows on PostgreSQL: a table of values for the length of one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Numeric,
    Subquery,
    Text,
    Uuid,
    cast,
    column,
    literal,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import psycopg

from crm.base import formulas
from crm.base.formulas import Checked, Kind, Plain, Setting
from tests.crm.base.formulas.growing import FIELDS, FOLDED, SETTING

TYPES: dict[Kind, Any] = {
    Kind.TEXT: Text(),
    Kind.NUMBER: Numeric(),
    Kind.DATE: Date(),
    Kind.MOMENT: DateTime(timezone=True),
    Kind.TRUTH: Boolean(),
    Kind.USER: Uuid(),
    Kind.CHOICE: Text(),
    Kind.CHOICES: ARRAY(Text()),
}
NOTHING: dict[str, Any] = dict.fromkeys(FIELDS)


def computed(
    connection: Connection,
    text: str | Checked,
    among: Sequence[Mapping[str, Any]],
    setting: Setting = SETTING,
) -> list[Any]:
    """Compute a formula for rows; a condition has to say by `where` what it says as a value."""
    checked = formulas.check(formulas.parse(text), FIELDS) if isinstance(text, str) else text
    rows = _rows(among)
    columns = {
        name: Plain(rows.c[name], field.kind, folded=name in FOLDED)
        for name, field in FIELDS.items()
    }
    value = formulas.value(checked, columns, setting)
    with connection.begin_nested():
        listed = select(value).select_from(rows).order_by(rows.c.number)
        found = connection.execute(listed).scalars().all()
        if checked.kind is Kind.TRUTH:
            condition = formulas.compile(checked, columns, setting)
            kept = connection.execute(select(rows.c.number).where(condition)).scalars().all()
            assert sorted(kept) == [n for n, truth in enumerate(found) if truth is True]
    return [_read(value) for value in found]


def sql(text: str | Checked, folded: Sequence[str] = ()) -> str:
    """Write a formula as SQL over a table `t`, whose values are left out."""
    checked = formulas.check(formulas.parse(text), FIELDS) if isinstance(text, str) else text
    there = table("t", *(column(name, _type(name)) for name in FIELDS))
    columns = {
        name: Plain(there.c[name], field.kind, folded=name in folded)
        for name, field in FIELDS.items()
    }
    made = formulas.compile(checked, columns, SETTING)
    return str(made.compile(dialect=psycopg.dialect()))  # type: ignore[no-untyped-call]


def _rows(among: Sequence[Mapping[str, Any]]) -> Subquery:
    return union_all(*(select(*_cells(n, row)) for n, row in enumerate(among))).subquery()


def _cells(number: int, row: Mapping[str, Any]) -> list[Any]:
    values = NOTHING | dict(row)
    cells: list[Any] = [literal(number).label("number")]
    for name in FIELDS:
        kind = _type(name)
        cells.append(cast(literal(_stored(values[name]), kind), kind).label(name))
    return cells


def _type(name: str) -> Any:
    return BigInteger() if name == "seats" else TYPES[FIELDS[name].kind]


def _stored(value: Any) -> Any:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return list(value) if isinstance(value, tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, Decimal):
        return Fraction(value)
    return tuple(value) if isinstance(value, list) else value
