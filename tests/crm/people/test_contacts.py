"""Contacts: found by address or id, paged by name without a gap or a repeat."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.base import bulk, db, ids
from crm.base.db import Session, table
from crm.base.errors import NotFoundError
from crm.people import contacts
from crm.people.models import Company, Contact, ContactAddress
from crm.workspace.models import User, Workspace
from tests import make


def add(session: Session, workspace: Workspace, *names: str) -> list[UUID]:
    """Add contacts with one address each; those of Severka belong to it."""
    company = Company(
        workspace_id=workspace.id,
        id=ids.new(),
        name="Severka",
        domain=f"{ids.new()}.test",
        origin="mail",
        created_at=make.NOW,
    )
    session.add(company)
    session.flush()
    made = ids.many(len(names))
    rows = [
        (i, n, "lead", "mail", "", "", company.id, make.NOW)
        for i, n in zip(made, names, strict=True)
    ]
    columns = ("id", "name", "lifecycle", "origin", "title", "phone", "company_id", "created_at")
    bulk.insert(session, table(Contact), workspace.id, columns, rows)
    addresses = [(f"{id_}@severka.test", id_, 0) for id_ in made]
    columns = ("email", "contact_id", "position")
    bulk.insert(session, table(ContactAddress), workspace.id, columns, addresses)
    return made


def test_a_contact_comes_with_its_addresses_and_company(
    session: Session, workspace: Workspace, ana: User
) -> None:
    [jana] = add(session, workspace, "Jana")
    bulk.insert(
        session,
        table(ContactAddress),
        workspace.id,
        ("email", "contact_id", "position"),
        [("jana@home.test", jana, 1)],
    )

    found = contacts.get(session, ana, jana)

    assert [a.email for a in found.addresses] == [f"{jana}@severka.test", "jana@home.test"]
    assert found.company is not None
    assert found.company.name == "Severka"
    assert contacts.find_by_email(session, ana, "jana@home.test") is found
    assert contacts.get_named(session, ana, " Jana@Home.test ") is found
    assert contacts.get_named(session, ana, str(jana)) is found


def test_what_nobody_has_is_not_found(session: Session, workspace: Workspace, ana: User) -> None:
    assert contacts.find_by_email(session, ana, "nobody@severka.test") is None
    for name in ("nobody@severka.test", str(ids.new()), "", "%"):
        with pytest.raises(NotFoundError):
            contacts.get_named(session, ana, name)
    with pytest.raises(NotFoundError):
        contacts.get(session, ana, ids.new())


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.sampled_from(["Jana", "jana", "Žofie", "Ján", "", "Иван", "علی"]), max_size=25),
    st.integers(1, 9),
)
def test_pages_join_to_everyone_by_name_without_gap_or_repeat(
    session: Session, names: list[str], size: int
) -> None:
    workspace = make.workspace(session)  # another one for each example
    ana = make.user(session, workspace, "ana@halden.test")
    made = add(session, workspace, *names)

    pages = [contacts.page(session, ana, size=size)]
    while (mark := pages[-1].next) is not None:
        pages.append(contacts.page(session, ana, after=mark.id, size=size))

    seen = [contact.id for page in pages for contact in page.contacts]
    assert len(seen) == len(made)
    assert set(seen) == set(made)
    assert all(len(page.contacts) == size for page in pages[:-1])
    whole = contacts.page(session, ana, size=1000)
    assert seen == [contact.id for contact in whole.contacts]
    assert str(whole.next) == "None"


def test_a_mark_is_written_as_the_id_behind_which_to_go_on(
    session: Session, workspace: Workspace, ana: User
) -> None:
    add(session, workspace, "Jana", "Jana", "Jana")
    first = contacts.page(session, ana, size=2)

    assert first.next is not None
    rest = contacts.page(session, ana, after=UUID(str(first.next)), size=2)

    assert len(rest.contacts) == 1
    assert rest.contacts[0] not in first.contacts


def test_a_mark_of_another_workspace_is_not_found(
    session: Session, workspace: Workspace, ana: User
) -> None:
    other = make.workspace(session, "Other")
    [theirs] = add(session, other, "Jana")
    db.enter(session, workspace.id)

    with pytest.raises(NotFoundError):
        contacts.page(session, ana, after=theirs)


def test_names_are_told_for_those_that_exist(
    session: Session, workspace: Workspace, ana: User
) -> None:
    jana, bo = add(session, workspace, "Jana", "Bo")
    session.get_one(Contact, (workspace.id, bo)).company_id = None
    session.flush()

    names = contacts.with_companies(session, ana, [jana, bo, ids.new()])

    assert names == {jana: ("Jana", "Severka"), bo: ("Bo", "")}
    assert contacts.with_companies(session, ana, []) == {}
