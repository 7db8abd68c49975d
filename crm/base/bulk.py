"""Rows by the hundred: one statement a table a batch, by `insert … select from unnest`.

`COPY` is refused under row-level security, and a long `values` list is slower to plan. The text
of a statement depends on its columns alone, so that it is prepared once a connection.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Table

    from crm.base.db import Session

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert(
    session: Session,
    table: Table,
    workspace_id: UUID,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
) -> None:
    """Insert rows of a workspace. `on_conflict` is what follows these words in the statement."""
    if not rows:
        return
    statement = _statement(table, tuple(columns), on_conflict)
    arrays = [list(column) for column in zip(*rows, strict=True)]
    session.connection().exec_driver_sql(statement, (workspace_id, *arrays))


def run(session: Session, statement: str, values: Mapping[str, Any] | Sequence[Any]) -> Any:
    """Run one statement as it stands, with psycopg's own placeholders: %s or %(name)s."""
    parameters: Any = values if hasattr(values, "keys") else tuple(values)
    return session.connection().exec_driver_sql(statement, parameters)


@cache
def _statement(table: Table, columns: tuple[str, ...], on_conflict: str) -> str:
    types = [table.c[name].type.compile(dialect=_DIALECT) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    # In binary: psycopg would escape every text of an array in Python.
    arrays = ", ".join(f"%b::{_element(kind)}[]" for kind in types)
    values = ", ".join(_value(name, kind) for name, kind in zip(columns, types, strict=True))
    tail = f" on conflict {on_conflict}" if on_conflict else ""
    return (
        f'insert into "{table.name}" (workspace_id, {names})'
        f" select %s::uuid, {values} from unnest({arrays}) as v({names}){tail}"
    )


def _element(kind: str) -> str:
    """Return the type in which a column travels: a text to be indexed travels as text."""
    return "text" if kind == "TSVECTOR" else kind


def _value(name: str, kind: str) -> str:
    return f"to_tsvector('public.inlay', v.\"{name}\")" if kind == "TSVECTOR" else f'v."{name}"'
