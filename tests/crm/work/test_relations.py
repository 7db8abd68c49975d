"""Related records: said once, shown from both sides, as far as a role reaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import InvalidError, NotFoundError
from crm.base.money import Money
from crm.people import companies
from crm.people.models import Company
from crm.sales import deals
from crm.work import objects, relations
from crm.work.models import Record
from crm.workspace import audit, object_types, roles
from crm.workspace.models import User, Workspace
from crm.workspace.permissions import Deed, Scope
from tests import make


class Room:
    """A company, a branch of it, a deal and a machine."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.ana = make.user(session, workspace, role="admin")
        self.severka = companies.make(session, "Severka", by=self.ana, at=make.NOW)
        self.branch = companies.make(session, "Ostrava", by=self.ana, at=make.NOW)
        self.deal = deals.make(session, "Rollout", Money(1, "EUR"), by=self.ana, at=make.NOW)
        machines = object_types.make(session, "Machine", "Machines", by=self.ana, at=make.NOW)
        self.machines = machines
        self.press = objects.make(session, machines, "Press", by=self.ana, at=make.NOW)
        session.flush()

    def relate(self, one: Company, other: object, role: str = "") -> None:
        """Say that two of them have to do with each other."""
        other_id = other.id  # type: ignore[attr-defined]
        relations.relate(self.session, one.id, other_id, role, by=self.ana, at=make.NOW)

    def seen(self, record: object, by: User | None = None) -> list[tuple[str, str, bool]]:
        """Return what a record has to do with."""
        id_ = record.id  # type: ignore[attr-defined]
        found = relations.of_record(self.session, by or self.ana, id_)
        return [(one.name, one.role, one.outward) for one in found]


@pytest.fixture
def room(session: Session, workspace: Workspace) -> Room:
    return Room(session, workspace)


def test_a_relation_is_seen_from_both_sides(room: Room) -> None:
    room.relate(room.severka, room.branch, " branch ")
    room.relate(room.severka, room.deal)
    room.relate(room.severka, room.press, "bought")

    assert room.seen(room.severka) == [
        ("Ostrava", "branch", True),
        ("Rollout", "", True),
        ("Press", "bought", True),
    ]
    assert room.seen(room.branch) == [("Severka", "branch", False)]
    [back] = relations.of_record(room.session, room.ana, room.press.id)
    assert (back.record, back.subject, back.outward) == (Record.COMPANY, "company", False)


def test_two_records_are_related_once_however_it_is_said(room: Room) -> None:
    room.relate(room.severka, room.branch, "branch")
    room.relate(room.severka, room.branch, "subsidiary")
    room.relate(room.branch, room.severka, "owner")

    assert room.seen(room.severka) == [("Ostrava", "owner", False)]
    told = audit.of_record(room.session, room.workspace.id, room.severka.id).entries
    assert [entry.field for entry in told][:1] == ["related"]


def test_what_is_unrelated_is_so_from_both_sides(room: Room) -> None:
    room.relate(room.severka, room.branch, "branch")

    relations.unrelate(room.session, room.branch.id, room.severka.id, by=room.ana, at=make.NOW)

    assert room.seen(room.severka) == room.seen(room.branch) == []


def test_nothing_is_related_to_itself_or_to_what_is_not_there(room: Room) -> None:
    with pytest.raises(InvalidError):
        room.relate(room.severka, room.severka)
    with pytest.raises(NotFoundError):
        relations.relate(room.session, room.severka.id, ids.new(), by=room.ana, at=make.NOW)
    assert room.seen(room.severka) == []


def test_what_a_role_does_not_reach_is_not_told_of(room: Room) -> None:
    rep = make.user(room.session, room.workspace, "rep@halden.test")
    role = roles.get(room.session, room.workspace.id, "rep")
    scopes = {**role.rights.scopes, ("deal", Deed.SEE): Scope.OWN, ("object", Deed.SEE): Scope.NONE}
    rights = replace(role.rights, scopes=scopes)
    roles.change(room.session, role, rights, by=room.ana, at=make.NOW)
    for other in (room.branch, room.deal, room.press):
        room.relate(room.severka, other)

    assert room.seen(room.severka, rep) == [("Ostrava", "", True)]
    with pytest.raises(NotFoundError):
        relations.relate(room.session, room.severka.id, room.deal.id, "theirs", by=rep, at=make.NOW)
    with pytest.raises(NotFoundError):
        relations.unrelate(room.session, room.severka.id, room.deal.id, by=rep, at=make.NOW)
    assert len(room.seen(room.severka)) == 3


def test_a_deleted_record_is_not_told_of(room: Room) -> None:
    room.relate(room.severka, room.press)

    objects.delete(room.session, room.machines, room.press, by=room.ana, at=make.NOW)
    room.session.flush()

    assert room.seen(room.severka) == []
