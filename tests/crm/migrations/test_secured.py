"""A table that is made secure shows the program its own workspace, and lets it do what is granted.

What every table of the product has is compared in test_versions.py; here a new one is made.
"""

from __future__ import annotations

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from crm.base.db import normal_url
from crm.base.settings import Settings
from crm.migrations import secured


def test_a_secured_table_is_for_its_workspace_and_for_what_is_granted(house: Settings) -> None:
    owner = create_engine(normal_url(house.database_owner_url or ""), poolclass=NullPool)
    here, there = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
    with owner.begin() as connection:
        connection.execute(text("create table made_up (workspace_id uuid not null, name text)"))
        for place in (here, there):
            row = {"place": place}
            connection.execute(text("insert into made_up values (:place, 'x')"), row)
        with Operations.context(MigrationContext.configure(connection)):
            secured.secure("made_up", "select, insert")
    try:
        with psycopg.connect(house.database_url) as program:
            assert program.execute("select count(*) from made_up").fetchone() == (0,)
            program.execute("select set_config('inlay.workspace', %s, true)", (here,))
            assert program.execute("select workspace_id::text from made_up").fetchall() == [(here,)]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                program.execute("delete from made_up")
    finally:
        with owner.begin() as connection:
            connection.execute(text("drop table made_up"))


def test_keys_stay_in_the_workspace_and_are_checked_at_commit() -> None:
    key = secured.key("made_up", "user_id", "user", "CASCADE")

    assert key.column_keys == ["workspace_id", "user_id"]
    assert [element.target_fullname for element in key.elements] == ["user.workspace_id", "user.id"]
    assert (key.name, key.ondelete) == ("made_up_workspace_id_user_id_fk", "CASCADE")
    assert key.deferrable
    assert secured.of_workspace("made_up").name == "made_up_workspace_id_fk"
