"""Sorts of records of a workspace's own: made, renamed, archived."""

from __future__ import annotations

import pytest

from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.workspace import object_types
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


@pytest.mark.parametrize(
    ("one", "key"),
    [("Machine", "machine"), ("Deal", "deal_2"), ("Станок", "own"), ("2nd site", "own_2nd_site")],
)
def test_a_sort_has_a_key_that_nothing_else_has(
    session: Session, ana: User, one: str, key: str
) -> None:
    assert object_types.make(session, one, f"{one}s", by=ana, at=make.NOW).key == key


def test_sorts_are_listed_by_name_and_archived_ones_are_not(session: Session, ana: User) -> None:
    sites = object_types.make(session, "Site", "Sites", by=ana, at=make.NOW)
    object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)
    object_types.rename(session, sites, "Place", "Places", by=ana, at=make.NOW)

    listed = [row.many for row in object_types.everything(session, ana.workspace_id)]
    object_types.archive(session, sites, by=ana, at=make.NOW)

    assert listed == ["Machines", "Places"]
    assert [r.many for r in object_types.everything(session, ana.workspace_id)] == ["Machines"]
    with pytest.raises(NotFoundError):
        object_types.get(session, ana.workspace_id, "site")


def test_names_are_taken_once_and_have_a_length(session: Session, ana: User) -> None:
    object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)

    with pytest.raises(ConflictError, match="machines"):
        object_types.make(session, "Other", "machines", by=ana, at=make.NOW)
    for one, many in (("", "Sites"), ("Site", " "), ("x" * 41, "Sites")):
        with pytest.raises(InvalidError, match="1 to 40"):
            object_types.make(session, one, many, by=ana, at=make.NOW)


def test_there_are_so_many_sorts_and_no_more(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_types, "MOST", 1)
    object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)

    with pytest.raises(ConflictError):
        object_types.make(session, "Site", "Sites", by=ana, at=make.NOW)


def test_only_those_who_manage_make_sorts(session: Session, workspace: Workspace) -> None:
    rep = make.user(session, workspace)

    with pytest.raises(ForbiddenError):
        object_types.make(session, "Machine", "Machines", by=rep, at=make.NOW)
