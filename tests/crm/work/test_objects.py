"""Records of a workspace's own sorts: made, paged, changed, deleted and brought back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.db import Session
from crm.base.errors import ForbiddenError, InvalidError, NotFoundError
from crm.mail import visibility
from crm.work import notes, objects, timeline
from crm.work.models import Record
from crm.workspace import audit, fields, object_types, roles
from crm.workspace.changing import How
from crm.workspace.fields import Draft, FieldType
from crm.workspace.models import ObjectType, User, Workspace
from crm.workspace.permissions import Deed, Scope
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


@pytest.fixture
def machines(session: Session, ana: User) -> ObjectType:
    return object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)


def test_records_are_paged_by_name(session: Session, ana: User, machines: ObjectType) -> None:
    for name in ("Press", "Lathe", "Saw"):
        objects.make(session, machines, name, by=ana, at=make.NOW)

    first = objects.page(session, ana, machines, size=2)
    second = objects.page(session, ana, machines, after=first.next, size=2)

    assert [r.name for r in (*first.records, *second.records)] == ["Lathe", "Press", "Saw"]
    assert second.next is None


def test_a_record_has_custom_fields(session: Session, ana: User, machines: ObjectType) -> None:
    draft = Draft("Serial number", FieldType.TEXT)
    standard = object_types.standard("machine")
    fields.add(session, "machine", draft, standard=standard, by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)

    typed = {"serial_number": ["A 12"], "name": ["Big press"]}
    act = objects.change(session, machines, press, typed, How(ana, make.NOW))

    assert press.name == "Big press"
    assert {change.field.key for change in act.changes} == {"serial_number", "name"}
    told = audit.of_record(session, ana.workspace_id, press.id).entries
    assert {entry.subject for entry in told} == {"machine"}


def test_a_record_has_a_timeline(session: Session, ana: User, machines: ObjectType) -> None:
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)

    notes.write(session, "Repaired", by=ana, at=make.NOW, on=[(Record.OBJECT, press.id)])

    page = timeline.page(session, visibility.viewer(session, ana), press.id)
    assert [entry.summary for entry in page.entries] == ["Repaired"]


def test_a_deleted_record_is_not_there_until_it_is_brought_back(
    session: Session, ana: User, machines: ObjectType
) -> None:
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)
    objects.delete(session, machines, press, by=ana, at=make.NOW)

    assert objects.page(session, ana, machines).records == ()
    with pytest.raises(NotFoundError):
        objects.get(session, ana, machines, press.id)
    for _twice in range(2):
        objects.bring_back(session, machines, press.id, by=ana, at=make.NOW)
    assert objects.get(session, ana, machines, press.id).name == "Press"


def test_a_record_of_one_sort_is_none_of_another(
    session: Session, ana: User, machines: ObjectType
) -> None:
    sites = object_types.make(session, "Site", "Sites", by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)

    with pytest.raises(NotFoundError):
        objects.get(session, ana, sites, press.id)
    objects.delete(session, machines, press, by=ana, at=make.NOW)
    objects.bring_back(session, sites, press.id, by=ana, at=make.NOW)
    assert press.gone_at is not None


def test_roles_reach_all_sorts_alike(
    session: Session, workspace: Workspace, ana: User, machines: ObjectType
) -> None:
    rep = make.user(session, workspace, "rep@halden.test")
    role = roles.get(session, workspace.id, "rep")
    scopes = {**role.rights.scopes, ("object", Deed.SEE): Scope.OWN}
    roles.change(session, role, replace(role.rights, scopes=scopes), by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)
    saw = objects.make(session, machines, "Saw", by=rep, at=make.NOW)

    assert [r.id for r in objects.page(session, rep, machines).records] == [saw.id]
    with pytest.raises(NotFoundError):
        objects.get(session, rep, machines, press.id)
    with pytest.raises(ForbiddenError):
        objects.change(session, machines, press, {"name": ["Mine"]}, How(rep, make.NOW))
    with pytest.raises(ForbiddenError):
        objects.delete(session, machines, press, by=rep, at=make.NOW)
    assert press.name == "Press"


@pytest.mark.parametrize("name", ["", "\x00", "x" * 201])
def test_a_name_has_a_length(session: Session, ana: User, machines: ObjectType, name: str) -> None:
    with pytest.raises(InvalidError, match="between 1 and 200"):
        objects.make(session, machines, name, by=ana, at=make.NOW)
