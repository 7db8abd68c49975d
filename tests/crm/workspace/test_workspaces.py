"""Workspaces: founded by name, seen from inside alone."""

from __future__ import annotations

import pytest

from crm.base import bulk, db
from crm.base.db import Session
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.settings import Settings
from crm.workspace import workspaces
from crm.workspace.models import Workspace
from tests import make


def test_whoever_founds_a_workspace_goes_on_inside_it(connection: object) -> None:
    with db.transaction() as session:
        made = workspaces.found(session, "  Halden\n  Ltd ", at=make.NOW)

        assert made.name == "Halden Ltd"
        assert workspaces.get(session, made.id) is made
        place = bulk.run(session, "select current_setting('inlay.workspace')", ()).scalar_one()
        assert place == str(made.id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_is_neither_empty_nor_endless(connection: object, name: str) -> None:
    with db.transaction() as session, pytest.raises(InvalidError):
        workspaces.found(session, name, at=make.NOW)


def test_another_workspace_is_not_found(session: Session, workspace: Workspace) -> None:
    other = make.workspace(session, "Other")
    db.enter(session, workspace.id)

    assert workspaces.get(session, workspace.id).name == "Halden"
    with pytest.raises(NotFoundError):
        workspaces.get(session, other.id)


def test_only_the_scheduler_sees_all_of_them(house: Settings) -> None:
    for name in ("One", "Two"):
        with db.transaction() as session:
            make.workspace(session, name)
    with db.transaction() as session:
        assert workspaces.everywhere(session) == []

    scheduler = db.open_engine(house.database_scheduler_url, pool_size=1)
    with db.sessions(bind=scheduler) as session:
        assert [w.name for w in workspaces.everywhere(session)] == ["One", "Two"]
    scheduler.dispose()


def test_a_name_that_is_taken_is_refused_in_whatever_case(house: Settings) -> None:
    with db.transaction() as session:
        make.workspace(session, "Severka Ltd")

    scheduler = db.open_engine(house.database_scheduler_url, pool_size=1)
    with db.sessions(bind=scheduler) as session:
        workspaces.refuse_taken(session, "Severka")
        with pytest.raises(ConflictError, match="Severka Ltd"):
            workspaces.refuse_taken(session, " SEVERKA  ltd")
    scheduler.dispose()
