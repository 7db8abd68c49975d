"""Rows by the hundred: one statement, every type that a table of ours has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from crm.base import bulk, ids
from crm.base.db import Session, table
from crm.people.models import Contact
from crm.workspace.models import User, Workspace
from tests import make


def contact_rows(count: int) -> list[tuple[object, ...]]:
    return [
        (id_, f"Jana {i}", "lead", "mail", "", "", make.NOW, None)
        for i, id_ in enumerate(ids.many(count))
    ]


COLUMNS = ("id", "name", "lifecycle", "origin", "title", "phone", "created_at", "last_in_at")


def test_many_rows_go_in_by_one_statement(session: Session, workspace: Workspace) -> None:
    said: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append(args[2]))

    bulk.insert(session, table(Contact), workspace.id, COLUMNS, contact_rows(300))

    assert len(said) == 1
    assert len(session.scalars(select(Contact)).all()) == 300


def test_the_statement_is_the_same_for_one_row_and_for_many(
    session: Session, workspace: Workspace
) -> None:
    said: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append(args[2]))

    bulk.insert(session, table(Contact), workspace.id, COLUMNS, contact_rows(1))
    bulk.insert(session, table(Contact), workspace.id, COLUMNS, contact_rows(7))

    assert len(set(said)) == 1


def test_no_rows_ask_nothing_of_the_database(session: Session, workspace: Workspace) -> None:
    said: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append(args[2]))

    bulk.insert(session, table(Contact), workspace.id, COLUMNS, [])

    assert said == []


def test_what_went_in_comes_out_as_it_was(session: Session, workspace: Workspace) -> None:
    moment = make.NOW + timedelta(microseconds=123456)
    odd = "Ž' ; drop table \\ {NULL} \" %s \n 💩"
    columns = (*COLUMNS[:-2], "created_at", "last_in_at", "company_id")
    row = (ids.new(), odd, "lead", "mail", "", "", moment, moment, None)

    bulk.insert(session, table(Contact), workspace.id, columns, [row])

    made = session.scalars(select(Contact)).one()
    assert (made.name, made.created_at, made.last_in_at, made.company_id) == (
        odd,
        moment,
        moment,
        None,
    )


def test_a_row_that_is_too_short_is_refused_before_anything_is_written(
    session: Session, workspace: Workspace
) -> None:
    rows = [*contact_rows(1), (ids.new(), "Jana")]

    with pytest.raises(ValueError, match="zip"):
        bulk.insert(session, table(Contact), workspace.id, COLUMNS, rows)

    assert session.scalars(select(Contact)).all() == []


def test_a_conflict_goes_as_it_was_told(session: Session, workspace: Workspace, ana: User) -> None:
    first = contact_rows(1)
    bulk.insert(session, table(Contact), workspace.id, COLUMNS, first)

    bulk.insert(
        session,
        table(Contact),
        workspace.id,
        COLUMNS,
        [(*first[0][:1], "Somebody else", *first[0][2:]), *contact_rows(1)],
        on_conflict="do nothing",
    )

    assert sorted(session.scalars(select(Contact.name))) == ["Jana 0", "Jana 0"]


def test_a_statement_runs_with_named_and_with_numbered_values(session: Session) -> None:
    assert bulk.run(session, "select %s::int + %s::int", (1, 2)).scalar_one() == 3
    assert bulk.run(session, "select %(a)s::int", {"a": 4}).scalar_one() == 4
