"""Reach: one's own, one's teams', or all; and what nobody owns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ForbiddenError, NotFoundError
from crm.people import companies, contacts
from crm.people.models import Contact
from crm.workspace import permissions, reaching, roles, teams
from crm.workspace.models import User, UserRole, Workspace
from crm.workspace.permissions import ROLES, Deed, Scope
from tests import make


class Room:
    """Four colleagues, of whom two are in a team, and a contact of each and of nobody."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session = session
        self.admin = make.user(session, workspace, "admin@halden.test", role="admin")
        self.users = {
            name: make.user(session, workspace, f"{name}@halden.test")
            for name in ("ana", "bo", "cy")
        }
        team = teams.make(session, "North", by=self.admin, at=make.NOW)
        for name in ("ana", "bo"):
            teams.add(session, team, self.users[name].id, by=self.admin, at=make.NOW)
        for name in ("ana", "bo", "cy", "nobody"):
            owner = self.users.get(name)
            session.add(
                Contact(
                    workspace_id=workspace.id,
                    id=ids.new(),
                    name=name,
                    lifecycle="lead",
                    origin="mail",
                    created_at=make.NOW,
                    owner_id=owner.id if owner else None,
                )
            )
        session.flush()

    def let_reps(self, deed: Deed, scope: Scope) -> None:
        """Let reps reach so far."""
        role = roles.get(self.session, self.admin.workspace_id, "rep")
        scopes = {**role.rights.scopes, ("contact", deed): scope}
        rights = replace(role.rights, scopes=scopes)
        roles.change(self.session, role, rights, by=self.admin, at=make.NOW)


@pytest.fixture
def room(session: Session, workspace: Workspace) -> Room:
    return Room(session, workspace)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope.OWN, {"ana", "nobody"}),
        (Scope.TEAM, {"ana", "bo", "nobody"}),
        (Scope.ALL, {"ana", "bo", "cy", "nobody"}),
    ],
)
def test_a_role_reaches_as_far_as_it_says(room: Room, scope: Scope, seen: set[str]) -> None:
    room.let_reps(Deed.SEE, scope)
    ana = room.users["ana"]

    listed = {contact.name for contact in contacts.page(room.session, ana).contacts}

    assert listed == seen
    for contact in room.session.scalars(select(Contact)).all():
        owner, name = contact.owner_id, contact.name
        assert reaching.reaches(room.session, ana, "contact", owner) is (name in seen)
        if name in seen:
            assert contacts.get(room.session, ana, contact.id).name == name
        else:
            with pytest.raises(NotFoundError):
                contacts.get(room.session, ana, contact.id)


def test_a_role_that_reaches_nothing_is_refused(room: Room) -> None:
    room.let_reps(Deed.SEE, Scope.NONE)

    with pytest.raises(ForbiddenError, match="Rep"):
        contacts.page(room.session, room.users["ana"])
    assert not reaching.reaches(room.session, room.users["ana"], "contact", None)


def test_nobody_edits_further_than_they_see(room: Room) -> None:
    room.let_reps(Deed.SEE, Scope.OWN)
    ana = room.users["ana"]

    assert permissions.scope(ana, "contact", Deed.EDIT) is Scope.OWN
    assert permissions.scope(ana, "company", Deed.EDIT) is Scope.ALL
    assert companies.page(room.session, ana).companies == ()


def test_who_is_in_no_team_reaches_their_own(room: Room) -> None:
    room.let_reps(Deed.SEE, Scope.TEAM)

    listed = contacts.page(room.session, room.users["cy"]).contacts

    assert {contact.name for contact in listed} == {"cy", "nobody"}
    assert reaching.colleagues(room.session, room.users["cy"]) == [room.users["cy"].id]


def test_who_leaves_a_team_loses_its_reach_at_once(room: Room) -> None:
    room.let_reps(Deed.SEE, Scope.TEAM)
    [(team, _users)] = teams.everything(room.session, room.admin.workspace_id)
    ana = room.users["ana"]

    teams.remove(room.session, team, ana.id, by=room.admin, at=make.NOW)

    assert {c.name for c in contacts.page(room.session, ana).contacts} == {"ana", "nobody"}


def test_a_deed_beyond_the_reach_is_refused(room: Room) -> None:
    room.let_reps(Deed.EDIT, Scope.OWN)
    ana, cy = room.users["ana"], room.users["cy"]

    reaching.check(room.session, ana, "contact", ana.id, Deed.EDIT)
    with pytest.raises(ForbiddenError, match="Nothing was changed"):
        reaching.check(room.session, ana, "contact", cy.id, Deed.EDIT)


def test_who_was_removed_reaches_nothing(room: Room) -> None:
    gone = User(workspace_id=ids.new(), id=ids.new(), role=UserRole.ADMIN, active=False)

    assert not reaching.reaches(room.session, gone, "contact", None)
    assert ROLES[UserRole.ADMIN].scope("contact", Deed.SEE) is Scope.ALL
