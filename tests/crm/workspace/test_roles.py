"""Roles of a workspace: new ones, and those that came with it doing otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError
from crm.workspace import permissions, roles
from crm.workspace.models import User, UserRole, Workspace
from crm.workspace.permissions import POWERS, ROLES, SUBJECTS, Deed, May, Rights, Scope
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


def test_every_workspace_has_five(session: Session, ana: User) -> None:
    listed = roles.of_workspace(session, ana.workspace_id)

    assert [role.key for role in listed] == ["admin", "manager", "rep", "support", "reader"]
    assert all(role.built_in and not role.changed for role in listed)


def test_a_new_role_does_what_it_says_and_nothing_else(session: Session, ana: User) -> None:
    rights = Rights(frozenset({May.WRITE}), {("contact", Deed.SEE): Scope.ALL})
    guest = roles.make(session, "Guest", rights, by=ana, at=make.NOW)
    workspace = session.get_one(Workspace, ana.workspace_id)
    gus = make.user(session, workspace, "gus@halden.test")
    gus.role = guest.key
    session.flush()
    session.expire_all()

    assert permissions.allowed(gus, May.WRITE)
    assert permissions.allowed(gus, May.SEE_RECORDS)
    refused = set(May) - {May.WRITE, May.SEE_RECORDS}
    assert not any(permissions.allowed(gus, what) for what in refused)
    assert permissions.role_of(gus) == "Guest"


def test_a_role_that_came_with_it_does_otherwise_from_now_on(session: Session, ana: User) -> None:
    workspace = session.get_one(Workspace, ana.workspace_id)
    rep = make.user(session, workspace, "rep@halden.test")
    role = roles.get(session, ana.workspace_id, "rep")
    less = replace(role.rights, powers=role.rights.powers - {May.SEND})

    roles.change(session, role, less, by=ana, at=make.NOW)
    assert not permissions.allowed(rep, May.SEND)
    assert permissions.role_of(rep) == "Rep"

    roles.remove(session, roles.get(session, ana.workspace_id, "rep"), by=ana, at=make.NOW)
    assert permissions.allowed(rep, May.SEND)


def test_admins_cannot_be_made_less(session: Session, ana: User) -> None:
    role = roles.get(session, ana.workspace_id, "admin")

    with pytest.raises(ConflictError, match="somebody can"):
        roles.change(session, role, ROLES[UserRole.READER], by=ana, at=make.NOW)


def test_a_role_that_somebody_has_stays(session: Session, ana: User) -> None:
    guest = roles.make(session, "Guest", ROLES[UserRole.READER], by=ana, at=make.NOW)
    workspace = session.get_one(Workspace, ana.workspace_id)
    gus = make.user(session, workspace, "gus@halden.test")
    gus.role = guest.key
    session.flush()

    with pytest.raises(ConflictError, match="Guest"):
        roles.remove(session, guest, by=ana, at=make.NOW)
    gus.role = "rep"
    session.flush()
    roles.remove(session, guest, by=ana, at=make.NOW)
    assert len(roles.of_workspace(session, ana.workspace_id)) == 5


def test_a_key_that_no_role_has_may_do_nothing() -> None:
    stranger = User(role="own_gone", active=True)

    assert not any(permissions.allowed(stranger, what) for what in May)


def test_names_are_taken_once(session: Session, ana: User) -> None:
    reader = ROLES[UserRole.READER]
    roles.make(session, "Гость", reader, by=ana, at=make.NOW)
    roles.make(session, "Гость 2", reader, by=ana, at=make.NOW)

    for name, error in (("rep", ConflictError), ("гость", ConflictError), (" ", InvalidError)):
        with pytest.raises(error):
            roles.make(session, name, reader, by=ana, at=make.NOW)


def test_a_name_that_is_keyed_alike_touches_no_other_role(session: Session, ana: User) -> None:
    names = ("Field sales", "Field-sales", "Гость", "Друг", "x" * 39 + "1", "x" * 39 + "2")
    for name in names:
        kind = UserRole.ADMIN if names.index(name) % 2 else UserRole.READER
        roles.make(session, name, ROLES[kind], by=ana, at=make.NOW)

    own = [role for role in roles.of_workspace(session, ana.workspace_id) if not role.built_in]

    assert sorted(role.name for role in own) == sorted(names)
    assert len({role.key for role in own}) == len(names)
    for role in own:
        manages = May.MANAGE in role.rights.powers
        assert manages is bool(names.index(role.name) % 2)


def test_only_those_who_manage_change_roles(session: Session, ana: User) -> None:
    workspace = session.get_one(Workspace, ana.workspace_id)
    sam = make.user(session, workspace, "sam@halden.test", role="manager")
    role = roles.get(session, ana.workspace_id, "manager")

    with pytest.raises(ForbiddenError):
        roles.change(session, role, ROLES[UserRole.ADMIN], by=sam, at=make.NOW)
    with pytest.raises(ForbiddenError):
        roles.make(session, "Boss", ROLES[UserRole.ADMIN], by=sam, at=make.NOW)
    with pytest.raises(ForbiddenError):
        roles.remove(session, role, by=sam, at=make.NOW)


_SCOPES = st.dictionaries(
    st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(Deed)), st.sampled_from(Scope)
)
_KEPT = st.dictionaries(st.sampled_from(SUBJECTS), st.frozensets(st.sampled_from("abc")))


@given(st.frozensets(st.sampled_from(POWERS)), _SCOPES, _KEPT, _KEPT)
def test_rights_are_read_as_they_were_written(powers, scopes, hidden, fixed) -> None:
    rights = Rights(powers, scopes, hidden, fixed)

    again = permissions.read(permissions.write(rights))

    assert again.powers == rights.powers
    assert (again.hidden, again.fixed) == (rights.hidden, rights.fixed)
    for subject in SUBJECTS:
        for deed in Deed:
            assert again.scope(subject, deed) == rights.scope(subject, deed)


def test_what_is_not_understood_is_not_given() -> None:
    rights = permissions.read({"may": ["fly"], "reach": {"contact": {"see": 9}, "moon": {}}})

    assert rights.powers == frozenset()
    assert rights.scope("contact", Deed.SEE) is Scope.NONE
