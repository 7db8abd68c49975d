"""Changing a record: checked field by field, told of, and never over what is unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ForbiddenError
from crm.people import contacts, standard
from crm.people.models import Contact
from crm.workspace import audit, changing, fields, roles
from crm.workspace.changing import ClashError, How, RefusedError
from crm.workspace.fields import Draft, FieldType
from crm.workspace.models import FieldValue, Source, User, Workspace
from tests import make
from tests.statements import counted

LATER = make.NOW + timedelta(hours=1)


class Room:
    """A contact with fields of their own, and two who change it."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session = session
        self.ana = make.user(session, workspace, role="admin")
        self.bo = make.user(session, workspace, "bo@halden.test")
        for label, kind, options in (
            ("Size", FieldType.NUMBER, ()),
            ("Lines", FieldType.CHOICES, ("Labels", "Scanners", "Printers")),
            ("Budget", FieldType.MONEY, ()),
            ("Met on", FieldType.DATE, ()),
        ):
            draft = Draft(label, kind, options)
            fields.add(
                session, "contact", draft, standard=standard.CONTACT, by=self.ana, at=make.NOW
            )
        self.jana = Contact(
            workspace_id=workspace.id,
            id=ids.new(),
            name="Jana",
            lifecycle="lead",
            origin="mail",
            created_at=make.NOW,
        )
        session.add(self.jana)
        session.flush()

    def change(self, by: User, was: dict[str, str] | None = None, **typed: str | list[str]):
        """Change Jana's fields."""
        every = {k: v if isinstance(v, list) else [v] for k, v in typed.items()}
        return contacts.change(self.session, self.jana, every, How(by, LATER), was=was)

    def now(self) -> dict[str, str]:
        """Return what every field says."""
        known = contacts.known_fields(self.session, self.jana.workspace_id)
        return changing.current(self.session, self.jana, known)


@pytest.fixture
def room(session: Session, workspace: Workspace) -> Room:
    return Room(session, workspace)


def test_every_field_is_written_and_told_of_with_what_stood_there(room: Room) -> None:
    act = room.change(
        room.ana,
        title="Director",
        owner=str(room.bo.id),
        country="cz",
        size="12.5",
        lines=["Printers", "labels"],
        budget="48,000 EUR",
        met_on="2026-11-24",
    )

    now = room.now()
    assert (now["title"], now["owner"], now["country"]) == ("Director", str(room.bo.id), "CZ")
    assert now["size"] == "12.5"
    assert now["lines"] == "labels\nprinters"
    assert (now["budget"], now["met_on"]) == ("48000.00 EUR", "2026-11-24")
    assert act.id is not None
    told = audit.of_act(room.session, room.ana.workspace_id, act.id)
    assert {(e.field, e.before, e.after) for e in told} == {
        (change.field.key, change.before, change.after) for change in act.changes
    }
    assert len(told) == 7
    assert {e.user_id for e in told} == {room.ana.id}


def test_what_says_so_already_is_no_change(room: Room) -> None:
    room.change(room.ana, title="Director", size="12.50")

    act = room.change(room.bo, title=" Director ", size="12.5", persona="")

    assert act.id is None
    assert act.changes == ()


def test_a_field_is_emptied(room: Room) -> None:
    room.change(room.ana, size="3", lines=["labels"], title="Director", owner=str(room.bo.id))

    room.change(room.ana, size="", lines=[], title="", owner="")

    assert {key: room.now()[key] for key in ("size", "lines", "title", "owner")} == {
        "size": "", "lines": "", "title": "", "owner": ""
    }  # fmt: skip
    assert room.session.scalars(select(FieldValue)).all() == []


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(room: Room) -> None:
    before = room.now()

    with pytest.raises(RefusedError) as refused:
        room.change(room.ana, name=" ", size="big", lines=["Nails"], title="Director", moon="1")

    assert set(refused.value.problems) == {"name", "size", "lines", "moon"}
    assert "“big”" in refused.value.problems["size"]
    assert room.now() == before


def test_two_who_change_one_field_are_told_of_each_other(room: Room) -> None:
    opened = room.now()
    room.change(room.bo, opened, title="Buyer")

    with pytest.raises(ClashError) as clashed:
        room.change(room.ana, opened, title="Director", country="CZ")

    [clash] = clashed.value.clashes
    assert (clash.now, clash.typed, clash.user_id) == ("Buyer", "Director", room.bo.id)
    assert clash.at == LATER
    assert room.now()["title"] == "Buyer"
    assert room.now()["country"] == ""


def test_two_who_change_two_fields_do_not_meet(room: Room) -> None:
    opened = room.now()
    room.change(room.bo, opened, title="Buyer", size="5")

    room.change(room.ana, opened, country="CZ", title="", size="")

    now = room.now()
    assert (now["title"], now["country"], now["size"]) == ("Buyer", "CZ", "5")


def test_two_who_say_the_same_do_not_clash(room: Room) -> None:
    opened = room.now()
    room.change(room.bo, opened, title="Buyer")

    assert room.change(room.ana, opened, title="Buyer").changes == ()


def test_who_has_seen_the_clash_goes_on_from_there(room: Room) -> None:
    room.change(room.bo, room.now(), title="Buyer")

    room.change(room.ana, {"title": "Buyer"}, title="Director")

    assert room.now()["title"] == "Director"


def test_where_a_value_comes_from_is_told_too(room: Room) -> None:
    how = How(room.ana, LATER, Source.SIGNATURE, ids.new())
    contacts.change(room.session, room.jana, {"title": ["Director"]}, how)

    newest = audit.newest_of_fields(room.session, room.jana.workspace_id, [room.jana.id])

    entry = newest[room.jana.id, "title"]
    assert (entry.source, entry.message_id) == (Source.SIGNATURE, how.message_id)


def test_a_colleague_who_left_owns_nothing_new(room: Room) -> None:
    room.bo.active = False
    room.session.flush()

    with pytest.raises(RefusedError, match="does not work here"):
        room.change(room.ana, owner=str(room.bo.id))
    with pytest.raises(RefusedError):
        room.change(room.ana, owner="bo")


def test_a_field_that_is_kept_from_a_role_is_not_changed_by_it(room: Room) -> None:
    rep = roles.get(room.session, room.ana.workspace_id, "rep")
    rights = replace(
        rep.rights,
        hidden={"contact": frozenset({"size"})},
        fixed={"contact": frozenset({"title"})},
    )
    roles.change(room.session, rep, rights, by=room.ana, at=make.NOW)

    for key in ("size", "title"):
        with pytest.raises(ForbiddenError, match="Nothing was changed"):
            room.change(room.bo, **{key: "1"})
    room.change(room.bo, persona="Buyer")

    assert room.now()["persona"] == "Buyer"


def test_custom_values_of_many_records_are_read_at_once(room: Room, connection: Connection) -> None:
    room.change(room.ana, size="3", lines=["labels", "printers"])
    room.session.flush()

    with counted(connection.engine) as asked:
        told = changing.stored(room.session, room.jana.workspace_id, [room.jana.id, ids.new()])

    assert sorted(told.values()) == ["3", "labels\nprinters"]
    assert len(asked) == 1


def test_numbers_are_kept_so_that_lists_can_sort_by_them(room: Room) -> None:
    room.change(room.ana, size="-2.5", budget="10 JPY")

    rows = room.session.execute(select(FieldValue.key, FieldValue.number)).all()

    assert set(rows) == {("-2.5", -2_500_000), ("JPY", 10)}
