"""A contact made by hand: the same as one that mail makes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.base.errors import ForbiddenError, InvalidError
from crm.filing import adding
from crm.mail import visibility
from crm.people.models import Company, Contact, Origin
from crm.work import timeline
from crm.workspace.models import User, Workspace
from tests import make


def test_a_contact_is_made_with_its_company_and_an_owner(session: Session, ana: User) -> None:
    jana = adding.add_contact(
        session, " Jana@Severka.test ", name="Jana", company="Severka a.s.", by=ana, at=make.NOW
    )

    assert (jana.name, jana.owner_id, jana.origin) == ("Jana", ana.id, "manual")
    assert [a.email for a in jana.addresses] == ["jana@severka.test"]
    assert jana.company is not None
    assert jana.company.name == "Severka a.s."


def test_an_address_that_is_somebodys_already_makes_no_second_contact(
    session: Session, ana: User
) -> None:
    jana = adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)

    again = adding.add_contact(session, "JANA@severka.test", name="Other", by=ana, at=make.NOW)

    assert again.id == jana.id
    assert len(session.scalars(select(Contact)).all()) == 1


def test_a_company_that_was_there_keeps_its_name(session: Session, ana: User) -> None:
    adding.add_contact(session, "jana@severka.test", company="Severka a.s.", by=ana, at=make.NOW)

    later = make.NOW + timedelta(hours=1)
    adding.add_contact(session, "bo@severka.test", company="Nonsense", by=ana, at=later)

    assert session.scalars(select(Company.name)).all() == ["Severka a.s."]


def test_a_contact_made_by_hand_pulls_in_its_stored_mail(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana, meets="nobody")
    make.filed(session, box, make.raw("jana@severka.test"))

    jana = adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)

    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert [entry.summary for entry in page.entries] == ["Hello"]
    assert jana.last_in_at == make.NOW


@pytest.mark.parametrize("email", ["", "jana", "jana@", "a b@c.test"])
def test_what_is_no_address_makes_no_contact(session: Session, ana: User, email: str) -> None:
    with pytest.raises(InvalidError):
        adding.add_contact(session, email, by=ana, at=make.NOW)

    assert session.scalars(select(Contact)).all() == []


def test_a_colleague_is_no_contact(session: Session, ana: User) -> None:
    with pytest.raises(InvalidError, match="colleague"):
        adding.add_contact(session, "bo@halden.test", by=ana, at=make.NOW)


def test_a_company_made_by_hand_says_so(session: Session, ana: User) -> None:
    made = adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)

    assert made.company is not None
    assert (made.origin, made.company.origin) == (Origin.MANUAL, Origin.MANUAL)


def test_a_reader_makes_no_contact(session: Session, workspace: Workspace, ana: User) -> None:
    reader = make.user(session, workspace, "r@halden.test", role="reader")

    with pytest.raises(ForbiddenError):
        adding.add_contact(session, "jana@severka.test", by=reader, at=make.NOW)

    assert session.scalars(select(Contact)).all() == []
