"""Editing a contact: what it is called, where it is reached, and the mail that comes along."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from crm.base import bulk
from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError
from crm.filing import adding, editing
from crm.mail import visibility
from crm.people import companies, contacts
from crm.people.models import Contact
from crm.work import timeline
from crm.workspace import audit
from crm.workspace.changing import How
from crm.workspace.models import Workspace
from tests import make


class Room:
    """A mailbox, and whose mail is in it."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.ana = make.user(session, workspace)
        self.box = make.mailbox(session, self.ana, meets="written")

    def write(self, sender: str, subject: str = "Hello") -> None:
        """Let a letter come."""
        make.filed(self.session, self.box, make.raw(sender, subject=subject))

    def met(self, email: str, name: str = "") -> Contact:
        """Choose somebody for a contact."""
        return adding.add_contact(self.session, email, name=name, by=self.ana, at=make.NOW)

    def told(self, record_id: UUID) -> list[str]:
        """Return what stands on a timeline."""
        viewer = visibility.viewer(self.session, self.ana)
        return [e.summary for e in timeline.page(self.session, viewer, record_id).entries]


@pytest.fixture
def room(session: Session, workspace: Workspace) -> Room:
    return Room(session, workspace)


def links(session: Session, record_id: UUID) -> Sequence[tuple[object, ...]]:
    query = (
        "select audience, l.at, m.subject, rule from activity_link l"
        " join message m on m.workspace_id = l.workspace_id and m.id = l.activity_id"
        " where record_id = %s order by m.subject"
    )
    return bulk.run(session, query, (record_id,)).all()  # type: ignore[no-any-return]


def test_an_address_that_is_added_later_brings_the_mail_that_is_there(room: Room) -> None:
    room.write("Jana <jana@severka.test>", "One")
    room.write("Jana Home <jana.home@seznam.cz>", "Two")
    room.write("Jana Home <jana.home@seznam.cz>", "Three")
    jana = room.met("jana@severka.test")
    assert room.told(jana.id) == ["One"]

    count = editing.add_address(
        room.session, jana, " Jana.Home@seznam.cz", by=room.ana, at=make.NOW
    )

    assert count == 2
    assert sorted(room.told(jana.id)) == ["One", "Three", "Two"]
    assert [a.email for a in jana.addresses] == ["jana@severka.test", "jana.home@seznam.cz"]
    [entry, *_] = audit.of_record(room.session, room.workspace.id, jana.id).entries
    assert (entry.field, entry.after) == ("addresses", "jana.home@seznam.cz")


def test_the_timeline_is_that_of_somebody_who_was_there_first(
    session: Session, workspace: Workspace
) -> None:
    found = []
    for order in ("before", "after"):
        other = make.workspace(session, order)
        room = Room(session, other)
        jana = room.met("jana@severka.test", "Jana")
        if order == "before":
            editing.add_address(session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)
        for subject in ("One", "Two"):
            room.write("Jana <j@seznam.cz>", subject)
        if order == "after":
            editing.add_address(session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)
        session.expire_all()
        found.append((links(session, jana.id), jana.last_in_at, jana.name))

    assert found[0] == found[1]
    assert len(found[0][0]) == 2


def test_an_address_of_somebody_else_is_refused_by_name(room: Room) -> None:
    jana, adam = room.met("jana@severka.test"), room.met("adam@severka.test", "Adam")

    with pytest.raises(ConflictError, match=r"belongs to Adam\. Merge"):
        editing.add_address(room.session, jana, "adam@severka.test", by=room.ana, at=make.NOW)
    with pytest.raises(ConflictError, match="there already"):
        editing.add_address(room.session, jana, "jana@severka.test", by=room.ana, at=make.NOW)
    with pytest.raises(InvalidError, match="colleague"):
        editing.add_address(room.session, jana, "bo@halden.test", by=room.ana, at=make.NOW)
    with pytest.raises(InvalidError, match="not an address"):
        editing.add_address(room.session, jana, "nowhere", by=room.ana, at=make.NOW)
    assert [a.email for a in adam.addresses] == ["adam@severka.test"]


def test_there_are_so_many_addresses_and_no_more(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST", 1)
    jana = room.met("jana@severka.test")

    with pytest.raises(ConflictError, match="at most 1"):
        editing.add_address(room.session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)


def test_an_address_is_taken_away_and_what_it_brought_stays(room: Room) -> None:
    jana = room.met("jana@severka.test")
    editing.add_address(room.session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)
    room.write("Jana <j@seznam.cz>", "One")

    editing.remove_address(room.session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)
    room.write("Jana <j@seznam.cz>", "Two")

    assert room.told(jana.id) == ["One"]
    with pytest.raises(ConflictError, match="only address"):
        editing.remove_address(room.session, jana, "jana@severka.test", by=room.ana, at=make.NOW)
    editing.remove_address(room.session, jana, "unknown@x.test", by=room.ana, at=make.NOW)


def test_the_preferred_address_stands_first(room: Room) -> None:
    jana = room.met("jana@severka.test")
    editing.add_address(room.session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)

    editing.prefer_address(room.session, jana, "j@seznam.cz", by=room.ana, at=make.NOW)

    assert [a.email for a in jana.addresses] == ["j@seznam.cz", "jana@severka.test"]


def test_who_gets_a_company_brings_their_mail_into_it(room: Room) -> None:
    room.write("Jana <j@seznam.cz>", "One")
    jana = room.met("j@seznam.cz")
    steel = companies.make(room.session, "Steel", by=room.ana, at=make.NOW)
    wood = companies.make(room.session, "Wood", by=room.ana, at=make.NOW)

    for company in (steel, wood):
        typed = {"company": [str(company.id)]}
        editing.change_contact(room.session, jana, typed, How(room.ana, make.NOW))
    room.write("Jana <j@seznam.cz>", "Two")

    assert room.told(steel.id) == ["One"]
    assert room.told(wood.id) == ["Two"]
    assert sorted(room.told(jana.id)) == ["One", "Two"]


def test_who_may_not_edit_changes_nothing(room: Room) -> None:
    jana = room.met("jana@severka.test")
    reader = make.user(room.session, room.workspace, "reader@halden.test", role="reader")

    for verb in (
        lambda: editing.add_address(room.session, jana, "j@x.test", by=reader, at=make.NOW),
        lambda: editing.remove_address(room.session, jana, "j@x.test", by=reader, at=make.NOW),
        lambda: editing.prefer_address(room.session, jana, "j@x.test", by=reader, at=make.NOW),
        lambda: editing.change_contact(
            room.session, jana, {"title": ["Boss"]}, How(reader, make.NOW)
        ),
    ):
        with pytest.raises(ForbiddenError):
            verb()

    again = contacts.get(room.session, room.ana, jana.id)
    assert ([a.email for a in again.addresses], again.title) == (["jana@severka.test"], "")
