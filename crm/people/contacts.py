"""Contacts: find, page through, change, say whose an address is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from crm.base import ids
from crm.base.db import among
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.people import standard
from crm.people.models import Company, Contact, ContactAddress
from crm.workspace import changing, fields, permissions, reaching
from crm.workspace.permissions import Deed, May

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.base.db import Session
    from crm.workspace.changing import Act, How
    from crm.workspace.fields import Field
    from crm.workspace.models import User

_WITH_PEOPLE = (selectinload(Contact.addresses), selectinload(Contact.company))
_ONE = (
    select(Contact)
    .where(Contact.workspace_id == bindparam("workspace_id"), Contact.id == bindparam("id"))
    .options(
        joinedload(Contact.addresses), joinedload(Contact.company), joinedload(Contact.details)
    )
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of contacts ends: a name and an id."""

    name: str
    id: UUID

    def __str__(self) -> str:
        return f"{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Contacts by name, and where the next page begins."""

    contacts: tuple[Contact, ...]
    next: Mark | None


def get(session: Session, user: User, contact_id: UUID) -> Contact:
    """Return a contact with its addresses, company and details. Raises NotFoundError."""
    permissions.check(user, May.SEE_RECORDS)
    asked = {"workspace_id": user.workspace_id, "id": contact_id}
    contact = session.scalars(_ONE, asked).unique().one_or_none()
    if contact is None or not reaching.reaches(session, user, "contact", contact.owner_id):
        raise NotFoundError(_("There is no such contact."))
    return contact


def get_named(session: Session, user: User, name: str) -> Contact:
    """Return a contact by id or address. Raises NotFoundError."""
    contact_id = ids.parse(name)
    if contact_id is None:
        found = find_by_email(session, user, name.strip().lower())
        if found is None:
            raise NotFoundError(_("There is no contact {name}.").format(name=name))
        contact_id = found.id
    return get(session, user, contact_id)


def find_by_email(session: Session, user: User, email: str) -> Contact | None:
    """Return whose an address is, or None."""
    reach = reaching.within(session, user, "contact", Contact.owner_id)
    return session.scalar(
        select(Contact)
        .join(
            ContactAddress,
            (ContactAddress.workspace_id == Contact.workspace_id)
            & (ContactAddress.contact_id == Contact.id),
        )
        .where(ContactAddress.workspace_id == user.workspace_id, ContactAddress.email == email)
        .where(reach)
        .options(*_WITH_PEOPLE)
    )


def is_written_to(session: Session, user: User, contact_id: UUID) -> bool:
    """Tell whether somebody of ours has ever written to a contact."""
    permissions.check(user, May.SEE_RECORDS)
    found = session.scalar(
        select(Contact.last_out_at).where(
            Contact.workspace_id == user.workspace_id, Contact.id == contact_id
        )
    )
    return found is not None


def page(session: Session, user: User, after: UUID | None = None, size: int = 50) -> Page:
    """Read contacts by name, starting behind one of them."""
    reach = reaching.within(session, user, "contact", Contact.owner_id)
    place = tuple_(Contact.name, Contact.id)
    query = select(Contact).where(Contact.workspace_id == user.workspace_id, reach)
    if after is not None:
        last = get(session, user, after)
        query = query.where(place > (last.name, last.id))
    query = query.order_by(Contact.name, Contact.id).limit(size + 1).options(*_WITH_PEOPLE)
    found = session.scalars(query).all()
    shown, more = found[:size], len(found) > size
    return Page(tuple(shown), Mark(shown[-1].name, shown[-1].id) if more else None)


def with_companies(
    session: Session, user: User, contact_ids: Sequence[UUID]
) -> dict[UUID, tuple[str, str]]:
    """Return the names of contacts, and of their companies where they have one."""
    reach = reaching.within(session, user, "contact", Contact.owner_id)
    rows = session.execute(
        select(Contact.id, Contact.name, Company.name)
        .outerjoin(
            Company,
            (Company.workspace_id == Contact.workspace_id) & (Company.id == Contact.company_id),
        )
        .where(Contact.workspace_id == user.workspace_id, among(Contact.id, contact_ids), reach)
    )
    return {contact_id: (name, company or "") for contact_id, name, company in rows}


def known_fields(session: Session, workspace_id: UUID) -> tuple[Field, ...]:
    """Return the fields of contacts: those that every workspace has, and those that were added."""
    return (*standard.CONTACT, *fields.custom(session, workspace_id, "contact"))


def change(
    session: Session,
    contact: Contact,
    typed: Mapping[str, Sequence[str]],
    how: How,
    *,
    was: Mapping[str, str] | None = None,
) -> Act:
    """Write what was typed into a contact's fields; see `changing.change`.

    `filing.editing.change_contact` brings its mail along where the company is another.
    """
    hold(session, contact)
    reaching.check(session, how.by, "contact", contact.owner_id, Deed.EDIT)
    known = known_fields(session, contact.workspace_id)
    act = changing.change(session, contact, known, typed, how, was=was)
    session.flush()
    return act


def hold(session: Session, contact: Contact) -> None:
    """Let whoever else changes a contact wait, and see what has become of it by now."""
    session.flush()
    mine = (Contact.workspace_id == contact.workspace_id) & (Contact.id == contact.id)
    session.execute(select(Contact.id).where(mine).with_for_update(key_share=True))
    for held in filter(None, (contact.company, *contact.details, contact)):
        session.expire(held)
