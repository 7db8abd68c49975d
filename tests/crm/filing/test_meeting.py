"""Meeting strangers: the best name seen, one company a domain, and when they last wrote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.addresses import Address
from crm.base.db import Session
from crm.filing import meeting
from crm.filing.meeting import Stranger
from crm.mail.models import Mailbox
from crm.people.models import Company, Contact, ContactAddress, LifecycleStep, Origin
from crm.workspace.models import User, Workspace
from tests import make

HOUR = timedelta(hours=1)


def stranger(email: str, name: str = "", hours: int = 0) -> Stranger:
    return Stranger(Address(email, name), make.NOW + hours * HOUR)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Contact.name).order_by(Contact.name)))


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        ([("Jana", 0)], "Jana"),
        ([("", 0), ("Jana", 1)], "Jana"),
        ([("Jana", 0), ("", 1)], "Jana"),
        ([("Jana Stará", 0), ("Jana Nová", 1)], "Jana Nová"),
        ([("Jana Nová", 1), ("Jana Stará", 0)], "Jana Nová"),
        ([("", 0)], "Jana Dvorakova"),
        ([("Sam Okafor <sam@halden.test>", 0)], "Jana Dvorakova"),
    ],
)
def test_a_stranger_takes_the_newest_name_that_was_seen(
    session: Session, workspace: Workspace, seen: list[tuple[str, int]], name: str
) -> None:
    many = [stranger("jana.dvorakova@severka.test", *one) for one in seen]

    found = meeting.meet(session, workspace.id, many)

    assert names(session) == [name]
    assert len(found) == 1
    assert session.scalars(select(ContactAddress.email)).all() == ["jana.dvorakova@severka.test"]
    assert session.scalars(select(LifecycleStep.lifecycle)).all() == ["lead"]


def test_people_of_one_domain_belong_to_one_company_that_is_made_once(
    session: Session, workspace: Workspace
) -> None:
    first = [stranger("jana@severka.test", hours=2), stranger("bo@mail.severka.test", hours=1)]

    one = meeting.meet(session, workspace.id, first)
    two = meeting.meet(session, workspace.id, [stranger("eva@severka.test")])

    company = session.scalars(select(Company)).one()
    assert (company.name, company.domain) == ("Severka", "severka.test")
    assert company.created_at == make.NOW + HOUR
    assert {person.company_id for person in (one | two).values()} == {company.id}


def test_free_mail_and_bare_hosts_belong_to_no_company(
    session: Session, workspace: Workspace
) -> None:
    emails = ["jana@gmail.com", "bo@[192.0.2.1]", "eva@localhost"]

    found = meeting.meet(session, workspace.id, map(stranger, emails))

    assert {person.company_id for person in found.values()} == {None}
    assert session.scalars(select(Company)).all() == []


def test_who_is_met_by_hand_says_so_and_has_an_owner(
    session: Session, workspace: Workspace, ana: User
) -> None:
    meeting.meet(
        session, workspace.id, [stranger("jana@x.test")], origin=Origin.MANUAL, owner_id=ana.id
    )

    jana = session.scalars(select(Contact)).one()
    assert (jana.origin, jana.owner_id, jana.lifecycle) == ("manual", ana.id, "lead")


def test_meeting_nobody_writes_nothing(session: Session, workspace: Workspace) -> None:
    assert meeting.meet(session, workspace.id, []) == {}


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("jana.dvorakova@severka.cz", "Jana Dvorakova"),
        ("jana_dvořáková+shop@severka.cz", "Jana Dvořáková"),
        ("mary-ann.lee@x.test", "Mary Ann Lee"),
        ("jana@severka.cz", "jana"),
        ("jd42@severka.cz", "jd42"),
        ("jana.2@severka.cz", "jana.2"),
        ("+@severka.cz", "+@severka.cz"),
    ],
)
def test_a_name_is_guessed_from_an_address_that_looks_like_one(email: str, name: str) -> None:
    assert meeting.name_of(email) == name


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def last(session: Session, email: str = "jana@severka.test") -> tuple[object, object]:
    session.expire_all()
    row = session.execute(
        select(Contact.last_in_at, Contact.last_out_at)
        .join(ContactAddress, ContactAddress.contact_id == Contact.id)
        .where(ContactAddress.email == email)
    ).one()
    return row[0], row[1]


def test_contacts_know_when_they_last_wrote_and_were_last_written_to(
    session: Session, box: Mailbox
) -> None:
    for hours in (2, 1, 3, 0):
        make.filed(session, box, make.raw("jana@severka.test", at=make.NOW + hours * HOUR))
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test", at=make.NOW - HOUR))

    assert last(session) == (make.NOW + 3 * HOUR, make.NOW - HOUR)


def test_who_only_stood_in_copy_has_not_written(session: Session, box: Mailbox) -> None:
    make.filed(session, box, make.raw("jana@severka.test"))

    later = make.NOW + HOUR
    make.filed(session, box, make.raw("bo@severka.test", Cc="jana@severka.test", at=later))

    assert last(session) == (make.NOW, None)
    assert last(session, "bo@severka.test") == (later, None)


def test_a_machine_writing_for_somebody_is_not_them_writing(session: Session, box: Mailbox) -> None:
    make.filed(session, box, make.raw("jana@severka.test"))

    away = make.raw("jana@severka.test", at=make.NOW + HOUR, Auto_Submitted="auto-replied")
    make.filed(session, box, away)

    assert last(session) == (make.NOW, None)


def test_what_colleagues_write_to_each_other_counts_for_nobody(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    make.filed(session, box, make.raw("jana@severka.test"))

    make.filed(session, box, make.raw("ana@halden.test", "bo@halden.test", at=make.NOW + HOUR))

    assert last(session) == (make.NOW, None)


def test_who_was_met_without_a_name_takes_the_first_that_comes(
    session: Session, box: Mailbox
) -> None:
    """In any of the usual orders: we write to a bare address, and the answer is signed."""
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test"))
    assert names(session) == ["jana"]

    for hours, name in ((1, "Jana Dvořáková"), (2, "Jana z práce")):
        sender = f"{name} <jana@severka.test>"
        make.filed(session, box, make.raw(sender, at=make.NOW + hours * HOUR))

    session.expire_all()
    assert names(session) == ["Jana Dvořáková"]


@pytest.mark.parametrize(("name", "origin"), [("Janička", Origin.MAIL), ("jana", Origin.MANUAL)])
def test_a_name_that_somebody_gave_stays(
    session: Session, box: Mailbox, name: str, origin: Origin
) -> None:
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test"))
    contact = session.scalars(select(Contact)).one()
    contact.name, contact.origin = name, origin
    session.flush()

    make.filed(session, box, make.raw("Jana Dvořáková <jana@severka.test>", at=make.NOW + HOUR))

    session.expire_all()
    assert names(session) == [name]


def test_an_impostor_s_name_names_no_contact_whatever_comes_behind_it(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    posing = '"Sam Okafor <sam@halden.test>" <x.y@evil.test>'

    make.filed(session, box, make.raw("Ana <ana@halden.test>", posing))
    make.filed(session, box, make.raw(posing), make.raw(posing, subject="Again"))
    make.filed(session, box, make.raw(posing, subject="And again"))
    session.expire_all()

    assert names(session) == ["X Y"]
