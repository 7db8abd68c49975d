"""The database: a transaction stands in one workspace, or in none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from crm.base import bulk, db, ids
from crm.base.settings import Settings
from crm.mail.letter import Role
from crm.people.models import Contact
from crm.workspace.models import User, Workspace
from tests import make


def where(session: db.Session) -> str:
    place: str = bulk.run(
        session, "select current_setting('inlay.workspace', true)", ()
    ).scalar_one()
    return place


def workspaces_seen(session: db.Session) -> list[str]:
    return list(session.scalars(select(Workspace.name)))


def add_a_user_and_stop(workspace_id: UUID) -> None:
    with db.transaction(workspace_id) as session:
        make.user(session, session.get_one(Workspace, workspace_id))
        raise KeyboardInterrupt


def test_a_transaction_commits_at_its_end_and_rolls_back_on_an_error(house: Settings) -> None:
    with db.transaction() as session:
        kept = make.workspace(session).id
    with pytest.raises(KeyboardInterrupt):
        add_a_user_and_stop(kept)

    with db.transaction(kept) as session:
        assert workspaces_seen(session) == ["Halden"]
        assert session.scalars(select(User)).all() == []


def test_a_transaction_for_nobody_sees_nothing_on_a_connection_that_was_somewhere(
    house: Settings,
) -> None:
    with db.transaction() as session:
        halden = make.workspace(session).id
    with db.transaction(halden) as session:
        assert workspaces_seen(session) == ["Halden"]

    for _ in range(2):  # The second one on a pooled connection is the one that used to fail.
        with db.transaction() as session:
            assert (where(session), workspaces_seen(session)) == ("", [])


def test_a_session_stays_in_its_workspace_after_commit_rollback_and_savepoints(
    house: Settings,
) -> None:
    with db.transaction() as session:
        halden = make.workspace(session).id

    with db.transaction(halden) as session:
        session.commit()
        assert where(session) == str(halden)
        session.rollback()
        assert where(session) == str(halden)
        with session.begin_nested() as savepoint:
            savepoint.rollback()
        assert where(session) == str(halden)


def test_what_enters_a_workspace_in_the_middle_stays_there(
    session: db.Session, workspace: Workspace
) -> None:
    other = make.workspace(session, "Other").id
    assert workspaces_seen(session) == ["Other"]

    db.enter(session, workspace.id)

    assert workspaces_seen(session) == ["Halden"]
    assert other != workspace.id


def test_any_server_notices_soon_that_we_were_killed(session: db.Session) -> None:
    assert bulk.run(session, "show client_connection_check_interval", ()).scalar_one() == "1s"


def test_a_statement_that_takes_too_long_ends(house: Settings) -> None:
    engine = db.open_engine(house.database_url, pool_size=1, statement_timeout=1)
    db.bind(engine)

    with pytest.raises(OperationalError, match="statement timeout"), db.transaction() as session:
        bulk.run(session, "select pg_sleep(10)", ())

    engine.dispose()


def test_the_time_zone_of_a_connection_is_utc(session: db.Session) -> None:
    assert bulk.run(session, "show timezone", ()).scalar_one() == "UTC"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_is_found_however_people_write_its_address(scheme: str) -> None:
    assert db.normal_url(f"{scheme}://x:y@h/inlay?a=b") == "postgresql+psycopg://x:y@h/inlay?a=b"


def test_a_table_is_that_of_its_model() -> None:
    assert db.table(Contact).name == "contact"


def test_a_key_points_into_the_same_workspace_and_is_checked_at_commit() -> None:
    key = db.belongs_to("company", on_delete="set null")
    plain = db.belongs_to("user", "owner_id")
    here = db.belongs_to_workspace()

    assert [e.target_fullname for e in key.elements] == ["company.workspace_id", "company.id"]
    assert key.ondelete == "SET NULL (company_id)"  # never workspace_id with it
    assert (plain.column_keys, plain.ondelete) == (["workspace_id", "owner_id"], None)
    assert [e.target_fullname for e in here.elements] == ["workspace.id"]
    assert {(k.deferrable, k.initially) for k in (key, plain, here)} == {(True, "DEFERRED")}


def test_an_id_is_made_by_the_program_before_the_row_is_written(
    session: db.Session, workspace: Workspace
) -> None:
    contact = Contact(
        workspace_id=workspace.id, name="Jana", lifecycle="lead", origin="mail", created_at=make.NOW
    )
    session.add(contact)
    session.flush()

    assert contact.id.version == 7
    assert contact.id != ids.EVERYONE


def test_a_value_is_among_others_by_one_statement_whatever_their_number(
    session: db.Session, workspace: Workspace
) -> None:
    other = make.workspace(session, "Other")
    here = db.among(Workspace.id, [other.id, ids.new()])

    assert session.scalars(select(Workspace.name).where(here)).all() == ["Other"]
    assert session.scalars(select(Workspace.name).where(db.among(Workspace.id, []))).all() == []
    one, many = (
        str(select(Workspace.id).where(db.among(Workspace.id, ids.many(n)))) for n in (1, 9)
    )
    assert one == many


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("text", [], []),
        ("text", ["a", None, "", 'q"{,}\\', "null"], ["a", None, "", 'q"{,}\\', "null"]),
        ("text", ["a\x00b", "a\ud800b"], ["a\ufffdb", "a\ufffdb"]),
        ("uuid", [ids.EVERYONE, ids.NOBODY], [ids.EVERYONE, ids.NOBODY]),
        ("smallint", [Role.TO, Role.BCC], [int(Role.TO), int(Role.BCC)]),
        ("bigint", [1, 2**40], [1, 2**40]),
    ],
)
def test_a_list_arrives_as_it_was_said(
    session: db.Session, kind: str, said: list[Any], kept: list[Any]
) -> None:
    row = bulk.run(session, f"select %(said)s::{kind}[]", {"said": said})

    assert row.scalar_one() == kept
