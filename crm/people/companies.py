"""Companies: find, page through, make by hand, change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_

from crm.base import addresses, ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.people import standard
from crm.people.domains import company_domain
from crm.people.models import Company, Contact, Origin
from crm.workspace import audit, changing, fields, permissions, reaching
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb
from crm.workspace.permissions import Deed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.workspace.changing import Act, How
    from crm.workspace.fields import Field
    from crm.workspace.models import User

_ONE = select(Company).where(
    Company.workspace_id == bindparam("workspace_id"), Company.id == bindparam("id")
)
#: So many people of a company its page shows.
_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Companies by name, and behind which of them the next page begins."""

    companies: tuple[Company, ...]
    next: UUID | None


def get(session: Session, user: User, company_id: UUID) -> Company:
    """Return a company within somebody's reach. Raises NotFoundError."""
    permissions.check_reach(user, "company", Deed.SEE)
    asked = {"workspace_id": user.workspace_id, "id": company_id}
    company = session.scalar(_ONE, asked)
    if company is None or not reaching.reaches(session, user, "company", company.owner_id):
        raise NotFoundError(_("There is no such company."))
    return company


def page(session: Session, user: User, after: UUID | None = None, size: int = 50) -> Page:
    """Read companies by name, starting behind one of them."""
    reach = reaching.within(session, user, "company", Company.owner_id)
    place = tuple_(Company.name, Company.id)
    query = select(Company).where(Company.workspace_id == user.workspace_id, reach)
    if after is not None:
        last = get(session, user, after)
        query = query.where(place > (last.name, last.id))
    found = session.scalars(query.order_by(Company.name, Company.id).limit(size + 1)).all()
    shown = tuple(found[:size])
    return Page(shown, shown[-1].id if len(found) > size else None)


def contacts_of(session: Session, user: User, company: Company) -> list[Contact]:
    """List the people of a company by name, as far as they are within somebody's reach."""
    reach = reaching.within(session, user, "contact", Contact.owner_id)
    return list(
        session.scalars(
            select(Contact)
            .where(
                Contact.workspace_id == user.workspace_id, Contact.company_id == company.id, reach
            )
            .order_by(Contact.name, Contact.id)
            .limit(_PEOPLE)
        )
    )


def make(
    session: Session,
    name: str,
    *,
    domain: str = "",
    by: User,
    at: datetime,
    act_id: UUID | None = None,
) -> Company:
    """Make a company by hand. Raises InvalidError, or ConflictError where the domain is known."""
    permissions.check_reach(by, "company", Deed.EDIT)
    tidy = addresses.clean_name(name)
    if not tidy:
        raise InvalidError(_("A company's name has between 1 and 200 characters."))
    known = _domain(domain) if domain.strip() else None
    if known is not None:
        same = (Company.workspace_id == by.workspace_id, Company.domain == known)
        other = session.scalar(select(Company).where(*same))
        if other is not None:
            problem = _("{domain} belongs to {name} already. Nothing was saved.")
            raise ConflictError(problem.format(domain=known, name=other.name))
    company = Company(
        workspace_id=by.workspace_id,
        id=ids.new(),
        name=tidy,
        domain=known,
        origin=Origin.MANUAL,
        created_at=at,
        owner_id=by.id,
    )
    session.add(company)
    done = Done("company", company.id, AuditVerb.MADE, "name", "", tidy)
    audit.record(session, by.workspace_id, [done], by=by, at=at, act_id=act_id)
    return company


def resolve(session: Session, name: str, *, by: User, at: datetime) -> Company:
    """Return the company of a name, whatever its case; make it where there is none."""
    tidy = addresses.clean_name(name)
    reach = reaching.within(session, by, "company", Company.owner_id)
    here = (Company.workspace_id == by.workspace_id, Company.name == tidy, reach)
    found = session.scalar(select(Company).where(*here).order_by(Company.id).limit(1))
    return found or make(session, tidy, by=by, at=at)


def known_fields(session: Session, workspace_id: UUID) -> tuple[Field, ...]:
    """Return the fields of companies: those that every workspace has, and those that were added."""
    return (*standard.COMPANY, *fields.custom(session, workspace_id, "company"))


def change(
    session: Session,
    company: Company,
    typed: Mapping[str, Sequence[str]],
    how: How,
    *,
    was: Mapping[str, str] | None = None,
) -> Act:
    """Write what was typed into a company's fields; see `changing.change`."""
    session.flush()
    session.refresh(company, with_for_update={"key_share": True})
    reaching.check(session, how.by, "company", company.owner_id, Deed.EDIT)
    known = known_fields(session, company.workspace_id)
    act = changing.change(session, company, known, typed, how, was=was)
    session.flush()
    return act


def _domain(text: str) -> str:
    """Read a company's domain, as mail knows it. Raises InvalidError for one of free mail."""
    plain = text.strip().lower().removeprefix("https://").removeprefix("http://")
    plain = plain.removeprefix("www.").partition("/")[0]
    found = company_domain(plain)
    if found is None:
        problem = _(
            "“{text}” is no company's domain, like severka.cz: anybody may have mail there."
        )
        raise InvalidError(problem.format(text=text[:60]))
    return found
