"""Make a contact by hand: the same as one that mail makes, and it pulls in its stored mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base import addresses
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.filing import doubting, known, meeting, pulling
from crm.people import contacts
from crm.people.models import Company, Origin
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from datetime import datetime

    from crm.base.db import Session
    from crm.people.models import Contact
    from crm.workspace.models import User


def add_contact(
    session: Session, email: str, *, name: str = "", company: str = "", by: User, at: datetime
) -> Contact:
    """Make a contact of an address, or return whose it is already. Raises InvalidError.

    `company` names the company, where the address's domain stands for one that is new.
    """
    permissions.check(by, May.EDIT_RECORDS)
    address = addresses.parse(email, name)
    if address is None:
        raise InvalidError(_("“{text}” is not an address.").format(text=email[:100]))
    known.lock(session, by.workspace_id)
    doubting.trust(session, by.workspace_id, address.email)
    found = contacts.find_by_email(session, by, address.email)
    if found is not None:
        return found
    if known.our_circle(session, by.workspace_id).holds(address.email):
        problem = _("{email} is a colleague’s address. Contacts are people outside.")
        raise InvalidError(problem.format(email=address.email))
    strangers = [meeting.Stranger(address, at)]
    met = meeting.meet(session, by.workspace_id, strangers, origin=Origin.MANUAL, owner_id=by.id)
    person = met[address.email]
    if company.strip() and person.company_id is not None:
        _name(session, by, person.company_id, company, at)
    pulling.pull_in(session, by.workspace_id, {address.email: person.contact_id}, since=at)
    return contacts.get(session, by, person.contact_id)


def _name(session: Session, by: User, company_id: object, name: str, at: datetime) -> None:
    """Give a company that was made just now the name that somebody wrote."""
    company = session.scalar(
        select(Company).where(
            Company.workspace_id == by.workspace_id,
            Company.id == company_id,
            Company.created_at == at,
        )
    )
    if company is not None:
        company.name = addresses.clean_name(name) or company.name
        session.flush()
