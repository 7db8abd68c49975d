"""Contacts of every sort, with what a list may ask of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.people import companies, standard
from crm.people.models import Contact, ContactAddress
from crm.segments import listing
from crm.segments.listing import Asked
from crm.segments.terms import Sort
from crm.workspace import changing, fields, tags
from crm.workspace.changing import How
from crm.workspace.fields import Draft, FieldType
from crm.workspace.models import User, Workspace
from tests import make

FIELDS = (
    Draft("Size", FieldType.NUMBER),
    Draft("Share", FieldType.PERCENT),
    Draft("Budget", FieldType.MONEY),
    Draft("Met on", FieldType.DATE),
    Draft("Lines", FieldType.CHOICES, ("Labels", "Scanners")),
    Draft("Shop", FieldType.CHOICE, ("Small", "Big")),
    Draft("Vip", FieldType.CHECKBOX),
    Draft("Guide", FieldType.USER),
    Draft("Story", FieldType.LONG_TEXT),
    Draft("Double", FieldType.FORMULA, formula="size * 2"),
    Draft("Twice double", FieldType.FORMULA, formula="double * 2"),
    Draft("Broken", FieldType.FORMULA, formula="gone + 1"),
)


class Room:
    """Somebody who looks, and whom there is to look at."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session, self.workspace = session, workspace
        self.ana = make.user(session, workspace, role="admin")
        self.bo = make.user(session, workspace, "bo@halden.test")
        for draft in FIELDS:
            fields.add(
                session, "contact", draft, standard=standard.CONTACT, by=self.ana, at=make.NOW
            )
        self.severka = companies.make(session, "Severka", by=self.ana, at=make.NOW)
        self.severka.industry = "Steel"

    def contact(self, name: str, **typed: str | list[str]) -> Contact:
        """Add a contact: `tags`, `address` and `company` beside what its fields say."""
        given = {key: one if isinstance(one, list) else [one] for key, one in typed.items()}
        borne, email = given.pop("tags", []), given.pop("address", [])
        if given.pop("company", None):
            given["company"] = [str(self.severka.id)]
        days = int(given.pop("known", ["0"])[0])
        contact = Contact(
            workspace_id=self.workspace.id,
            id=ids.new(),
            name=name,
            lifecycle=given.pop("lifecycle", ["lead"])[0],
            origin="mail",
            created_at=make.NOW - timedelta(days=days),
        )
        self.session.add(contact)
        self.session.flush()
        known = (*standard.CONTACT, *fields.custom(self.session, self.workspace.id, "contact"))
        changing.change(self.session, contact, known, given, How(self.ana, make.NOW))
        for tag in borne:
            tags.put(self.session, "contact", [contact.id], tag, by=self.ana, at=make.NOW)
        for position, one in enumerate(email):
            self.session.add(
                ContactAddress(
                    workspace_id=self.workspace.id,
                    email=one,
                    contact_id=contact.id,
                    position=position,
                )
            )
        self.session.flush()
        return contact

    def sort(self, user: User | None = None) -> Sort:
        """Return what lists of contacts may name."""
        return listing.sort_of(self.session, user or self.ana, "contact", at=make.NOW)

    def found(self, filter_: str, user: User | None = None) -> set[str]:
        """Return the names of whom a filter lets through; the count has to say the same."""
        user = user or self.ana
        sort = self.sort(user)
        asked = Asked(filter_, (), "name")
        rows = listing.page(self.session, user, sort, asked, size=100).rows
        names = {row.record.name for row in rows}
        assert len(rows) == listing.count(self.session, user, sort, filter_)
        return names


@pytest.fixture
def room(session: Session, workspace: Workspace) -> Room:
    return Room(session, workspace)
