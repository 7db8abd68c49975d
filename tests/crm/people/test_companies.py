"""Companies: paged by name, made by hand, changed."""

from __future__ import annotations

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.people import companies, contacts
from crm.workspace import audit
from crm.workspace.changing import How
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace)


def test_a_company_is_made_once_a_domain(session: Session, ana: User) -> None:
    made = companies.make(
        session, " Severka  a.s. ", domain="https://www.Severka.test/kontakt", by=ana, at=make.NOW
    )

    assert (made.name, made.domain, made.owner_id) == ("Severka a.s.", "severka.test", ana.id)
    with pytest.raises(ConflictError, match=r"severka.test belongs to Severka a.s."):
        companies.make(session, "Other", domain="severka.test", by=ana, at=make.NOW)
    with pytest.raises(InvalidError, match="anybody may have mail there"):
        companies.make(session, "Free", domain="gmail.com", by=ana, at=make.NOW)
    with pytest.raises(InvalidError, match="between 1 and 200"):
        companies.make(session, " ", by=ana, at=make.NOW)


def test_companies_are_paged_by_name(session: Session, ana: User) -> None:
    for name in ("Ostrava", "Brno", "Praha", "Brno"):
        companies.make(session, name, by=ana, at=make.NOW)

    first = companies.page(session, ana, size=3)
    second = companies.page(session, ana, after=first.next, size=3)

    names = [company.name for company in (*first.companies, *second.companies)]
    assert names == ["Brno", "Brno", "Ostrava", "Praha"]
    assert second.next is None


def test_a_company_lists_its_people(session: Session, workspace: Workspace, ana: User) -> None:
    box = make.mailbox(session, ana)
    for who in ("Jana", "Adam"):
        make.filed(session, box, make.raw(f"{who} <{who.lower()}@severka.test>"))
    jana = contacts.get_named(session, ana, "jana@severka.test")
    assert jana.company is not None

    people = companies.contacts_of(session, ana, jana.company)

    assert [person.name for person in people] == ["Adam", "Jana"]


def test_a_name_is_one_company(session: Session, ana: User) -> None:
    one = companies.resolve(session, "Severka", by=ana, at=make.NOW)

    assert companies.resolve(session, " Severka ", by=ana, at=make.NOW).id == one.id


def test_a_company_is_changed_and_it_is_told(session: Session, ana: User) -> None:
    one = companies.make(session, "Severka", by=ana, at=make.NOW)

    act = companies.change(
        session,
        one,
        {"employees": ["1,200"], "site": ["severka.test"], "industry": ["Steel"]},
        How(ana, make.NOW),
    )

    assert (one.employees, one.site, one.industry) == (1200, "https://severka.test", "Steel")
    assert act.id is not None
    assert len(audit.of_act(session, ana.workspace_id, act.id)) == 3


def test_who_may_not_edit_changes_nothing(
    session: Session, workspace: Workspace, ana: User
) -> None:
    one = companies.make(session, "Severka", by=ana, at=make.NOW)
    reader = make.user(session, workspace, "reader@halden.test", role="reader")

    with pytest.raises(ForbiddenError):
        companies.change(session, one, {"industry": ["Steel"]}, How(reader, make.NOW))
    with pytest.raises(ForbiddenError):
        companies.make(session, "Other", by=reader, at=make.NOW)
    assert one.industry == ""


def test_an_unknown_company_is_not_there(session: Session, ana: User) -> None:
    with pytest.raises(NotFoundError):
        companies.get(session, ana, ids.new())
