"""Teams: made, filled, renamed and dissolved by those who manage."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.workspace import audit, teams
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


def test_a_team_lists_who_is_in_it(session: Session, ana: User) -> None:
    bo = make.user(session, session.get_one(Workspace, ana.workspace_id), "bo@halden.test")
    north = teams.make(session, "  North   team ", by=ana, at=make.NOW)
    teams.make(session, "East", by=ana, at=make.NOW)
    for user in (ana, bo, bo):
        teams.add(session, north, user.id, by=ana, at=make.NOW)

    listed = teams.everything(session, ana.workspace_id)
    bo.active = False
    session.flush()

    assert [(t.name, [u.email for u in users]) for t, users in listed] == [
        ("East", []),
        ("North team", ["ana@halden.test", "bo@halden.test"]),
    ]
    [_east, (_north, still)] = teams.everything(session, ana.workspace_id)
    assert [user.email for user in still] == ["ana@halden.test"]


def test_a_name_is_taken_once(session: Session, ana: User) -> None:
    north = teams.make(session, "North", by=ana, at=make.NOW)

    with pytest.raises(ConflictError, match="North"):
        teams.make(session, "North", by=ana, at=make.NOW)
    with pytest.raises(InvalidError, match="60"):
        teams.rename(session, north, "", by=ana, at=make.NOW)
    teams.rename(session, north, "North", by=ana, at=make.NOW)
    assert teams.get(session, ana.workspace_id, north.id).name == "North"


def test_a_dissolved_team_is_gone_and_told_of(session: Session, ana: User) -> None:
    north = teams.make(session, "North", by=ana, at=make.NOW)
    teams.add(session, north, ana.id, by=ana, at=make.NOW)

    teams.dissolve(session, north, by=ana, at=make.NOW)

    with pytest.raises(NotFoundError):
        teams.get(session, ana.workspace_id, north.id)
    told = audit.of_record(session, ana.workspace_id, north.id).entries
    assert [(e.verb, e.field) for e in told] == [(3, "name"), (2, "users"), (1, "name")]


def test_only_those_who_manage_change_teams(session: Session, ana: User) -> None:
    north = teams.make(session, "North", by=ana, at=make.NOW)
    workspace = session.get_one(Workspace, ana.workspace_id)
    sam = make.user(session, workspace, "sam@halden.test", role="manager")

    for verb in (
        lambda: teams.make(session, "South", by=sam, at=make.NOW),
        lambda: teams.add(session, north, sam.id, by=sam, at=make.NOW),
        lambda: teams.remove(session, north, sam.id, by=sam, at=make.NOW),
        lambda: teams.rename(session, north, "Mine", by=sam, at=make.NOW),
        lambda: teams.dissolve(session, north, by=sam, at=make.NOW),
    ):
        with pytest.raises(ForbiddenError):
            verb()


def test_nobody_unknown_comes_into_a_team(session: Session, ana: User) -> None:
    north = teams.make(session, "North", by=ana, at=make.NOW)

    with pytest.raises(NotFoundError):
        teams.add(session, north, ids.new(), by=ana, at=make.NOW)
