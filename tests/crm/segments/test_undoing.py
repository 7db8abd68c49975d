"""What was done to fields and tags is taken back as one act, but not over what came later."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.errors import ConflictError, NotFoundError
from crm.filing import editing
from crm.people import companies, contacts
from crm.people.models import Contact
from crm.segments import undoing
from crm.segments.undoing import Undone
from crm.work import objects
from crm.workspace import changing, object_types, tags
from crm.workspace.changing import How
from tests import make
from tests.crm.segments.conftest import Room


def change(room: Room, contact: Contact, act: object = None, **typed: str) -> object:
    every = {key: [one] for key, one in typed.items()}
    how = How(room.ana, make.NOW, act_id=act)  # type: ignore[arg-type]
    return editing.change_contact(room.session, contact, every, how).id


def said(room: Room, contact: Contact) -> dict[str, str]:
    known = contacts.known_fields(room.session, room.workspace.id)
    return changing.current(room.session, contact, known)


def test_fields_and_tags_of_many_say_again_what_they_said(room: Room) -> None:
    every = [room.contact(name, size="1", tags=["Old"]) for name in ("Jana", "Adam")]
    before = [said(room, one) for one in every]
    act = ids.new()
    for one in every:
        change(room, one, act, size="2", title="Director", budget="1,000 EUR")
    record_ids = [one.id for one in every]
    tags.put(room.session, "contact", record_ids, "New", by=room.ana, at=make.NOW, act_id=act)
    old = tags.resolve(room.session, room.workspace.id, "old")
    tags.take_off(room.session, "contact", record_ids, old, by=room.ana, at=make.NOW, act_id=act)

    undone = undoing.undo(room.session, act, by=room.ana, at=make.NOW)

    assert undone == Undone(2, 0)
    assert [said(room, one) for one in every] == before
    borne = tags.of_records(room.session, room.workspace.id, record_ids)
    assert [[tag.name for tag in borne[one]] for one in record_ids] == [["Old"], ["Old"]]


def test_what_was_changed_since_then_stays(room: Room) -> None:
    jana, adam = room.contact("Jana", size="1"), room.contact("Adam", size="1")
    act = ids.new()
    for one in (jana, adam):
        change(room, one, act, size="2")
    change(room, jana, size="3")

    undone = undoing.undo(room.session, act, by=room.ana, at=make.NOW)

    assert undone == Undone(1, 1)
    assert (said(room, jana)["size"], said(room, adam)["size"]) == ("3", "1")


def test_where_nothing_can_be_taken_back_it_is_said(room: Room) -> None:
    jana = room.contact("Jana", size="1")
    act = change(room, jana, size="2")
    change(room, jana, size="3")

    with pytest.raises(ConflictError, match="Nothing was taken back"):
        undoing.undo(room.session, act, by=room.ana, at=make.NOW)  # type: ignore[arg-type]
    assert said(room, jana)["size"] == "3"


def test_nobody_takes_back_what_another_did(room: Room) -> None:
    jana = room.contact("Jana", size="1")
    act = change(room, jana, size="2")

    for stranger in (act, ids.new()):
        with pytest.raises(NotFoundError):
            undoing.undo(room.session, stranger, by=room.bo, at=make.NOW)  # type: ignore[arg-type]


def test_companies_and_a_workspaces_own_records_too(room: Room) -> None:
    machines = object_types.make(room.session, "Machine", "Machines", by=room.ana, at=make.NOW)
    press = objects.make(room.session, machines, "Press", by=room.ana, at=make.NOW)
    room.session.flush()
    how = How(room.ana, make.NOW, act_id=ids.new())
    companies.change(room.session, room.severka, {"industry": ["Wood"]}, how)
    objects.change(room.session, machines, press, {"name": ["Saw"]}, how)
    assert how.act_id is not None

    undone = undoing.undo(room.session, how.act_id, by=room.ana, at=make.NOW)

    assert undone.records == 2
    assert (room.severka.industry, press.name) == ("Steel", "Press")


def test_a_company_that_is_given_back_is_undone(room: Room) -> None:
    jana = room.contact("Jana")
    act = change(room, jana, company=str(room.severka.id))

    undoing.undo(room.session, act, by=room.ana, at=make.NOW)  # type: ignore[arg-type]

    assert jana.company_id is None
