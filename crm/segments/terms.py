"""What lists may name: every field of a sort of record, how it stands in SQL, how it is shown.

The fields that every workspace has, those that an admin added, and what is worked out of them are
terms alike. A field that is kept from a role is no term for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crm.base import formulas
from crm.base.errors import InvalidError
from crm.base.formulas import FormulaError, Kind, Plain
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.people import standard
from crm.people.models import Company, Contact, ContactAddress, Lifecycle, Origin
from crm.sales.models import Deal, Pipeline, Stage
from crm.segments.columns import Beside, Rows, Stored, Tags
from crm.work.models import ObjectRecord
from crm.workspace import fields, object_types, permissions, tags, values
from crm.workspace.fields import Field, FieldType
from crm.workspace.permissions import Deed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement

    from crm.base.db import Session
    from crm.base.formulas import Column, Setting
    from crm.workspace.models import User

#: As what formulas know the types of fields.
KINDS = {
    FieldType.TEXT: Kind.TEXT,
    FieldType.LONG_TEXT: Kind.TEXT,
    FieldType.CHOICE: Kind.CHOICE,
    FieldType.CHOICES: Kind.CHOICES,
    FieldType.EMAIL: Kind.TEXT,
    FieldType.PHONE: Kind.TEXT,
    FieldType.URL: Kind.TEXT,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.PERCENT: Kind.NUMBER,
    FieldType.MONEY: Kind.NUMBER,
    FieldType.DATE: Kind.DATE,
    FieldType.CHECKBOX: Kind.TRUTH,
    FieldType.USER: Kind.USER,
    FieldType.LINK: Kind.TEXT,
    FieldType.COUNTRY: Kind.CHOICE,
}
#: A formula field may use formula fields; so deep, and no deeper.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A field as lists name it: how it stands in SQL, and by what it is sorted, where it can be."""

    field: Field
    kind: Kind
    column: Column
    sort: ColumnElement[Any] | None = None  # never null
    options: tuple[str, ...] = ()

    @property
    def known(self) -> formulas.Field:
        """Return what a formula has to know of it."""
        return formulas.Field(self.kind, self.options)


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of record that is listed: its model, whose rows count, and its terms by their keys."""

    subject: str
    model: Any
    here: ColumnElement[bool]  # that a row is of this sort, and not deleted
    terms: Mapping[str, Term]
    setting: Setting

    @property
    def known(self) -> dict[str, formulas.Field]:
        """Return what formulas have to know."""
        return {key: term.known for key, term in self.terms.items()}

    @property
    def columns(self) -> dict[str, Column]:
        """Return how the fields stand in SQL."""
        return {key: term.column for key, term in self.terms.items()}

    def term(self, key: str) -> Term:
        """Return a term. Raises InvalidError."""
        if key not in self.terms:
            problem = _("There is no field “{key}” here. It may have been archived.")
            raise InvalidError(problem.format(key=key[:60]))
        return self.terms[key]


def of(session: Session, user: User, subject: str, setting: Setting) -> Sort:
    """Return a sort of record with everything that lists of it may name to somebody.

    A formula that cannot be worked out any more is no term: `problem_of` says why. Raises
    NotFoundError for a sort that there is not, and ForbiddenError.
    """
    permissions.check_reach(user, subject, Deed.SEE)
    model, here, own = _own(session, user, subject)
    found = {term.field.key: term for term in own}
    found["tags"] = _tags(session, user, model, subject)
    added = fields.custom(session, user.workspace_id, subject)
    for field in added:
        if field.type in KINDS:
            found[field.key] = _stored(field, model)
    readable = {k: t for k, t in found.items() if permissions.may_read(user, subject, k)}
    formula = [field for field in added if field.type is FieldType.FORMULA]
    allowed = [field for field in formula if permissions.may_read(user, subject, field.key)]
    return Sort(subject, model, here, readable | _computed(allowed, readable, setting), setting)


def problem_of(formula: str, sort: Sort) -> FormulaError | None:
    """Return what is wrong with a formula among the fields of a sort, or None."""
    try:
        formulas.check(formulas.parse(formula), sort.known)
    except FormulaError as error:
        return error
    return None


def _computed(
    wanted: Iterable[Field], known: Mapping[str, Term], setting: Setting
) -> dict[str, Term]:
    """Give the terms of formula fields, first of those that need no other of them."""
    found: dict[str, Term] = {}
    left = list(wanted)
    for _depth in range(_DEEPEST):
        every = {**known, **found}
        fields_known = {key: term.known for key, term in every.items()}
        columns = {key: term.column for key, term in every.items()}
        for field in list(left):
            try:
                checked = formulas.check(formulas.parse(field.formula), fields_known)
            except FormulaError:
                continue  # It may need one that is worked out in the next turn.
            element = formulas.value(checked, columns, setting)
            shown = replace(field, type=_SHOWN_AS.get(checked.kind, FieldType.TEXT))
            found[field.key] = Term(shown, checked.kind, Plain(element, checked.kind))
            left.remove(field)
    return found


#: As what the result of a formula is shown.
_SHOWN_AS = {
    Kind.NUMBER: FieldType.NUMBER,
    Kind.DATE: FieldType.DATE,
    Kind.MOMENT: FieldType.DATE,
    Kind.TRUTH: FieldType.CHECKBOX,
    Kind.USER: FieldType.USER,
}


def _own(session: Session, user: User, subject: str) -> tuple[Any, ColumnElement[bool], list[Term]]:
    """Return the model of a sort, what is of it, and the terms that every workspace has."""
    workspace = user.workspace_id
    match subject:
        case "contact":
            return Contact, Contact.workspace_id == workspace, _contact()
        case "company":
            return Company, Company.workspace_id == workspace, _company()
        case "deal":
            return Deal, Deal.workspace_id == workspace, _deal()
        case _:
            kind = object_types.get(session, workspace, subject)
            here = (ObjectRecord.workspace_id == workspace) & (ObjectRecord.type_id == kind.id)
            return ObjectRecord, here & ObjectRecord.gone_at.is_(None), _object(subject)


def _plain(field: Field, element: Any, kind: Kind | None = None, *, sorts: bool = True) -> Term:
    """Give the term of a field that is a column."""
    known = kind or KINDS[field.type]
    options = _options(field)
    sort = element if sorts and not element.nullable else None
    return Term(field, known, Plain(element, known), sort, options)


_LIFECYCLE = tuple(
    zip(
        (step.value for step in Lifecycle),
        (
            lazy("Lead"),
            lazy("Marketing qualified"),
            lazy("Sales qualified"),
            lazy("Opportunity"),
            lazy("Customer"),
            lazy("Former customer"),
        ),
        strict=True,
    )
)
_ORIGIN = tuple(
    zip(
        (origin.value for origin in Origin),
        (lazy("Mail"), lazy("Made by hand"), lazy("Import")),
        strict=True,
    )
)


def _contact() -> list[Term]:
    name, title, company, owner, rating, persona, country = standard.CONTACT
    addresses = (ContactAddress.workspace_id == Contact.workspace_id) & (
        ContactAddress.contact_id == Contact.id
    )
    at_company = Beside(Contact.workspace_id, Contact.company_id, Company, Company.name)
    lifecycle = Field("contact", "lifecycle", lazy("Lifecycle"), FieldType.CHOICE, _LIFECYCLE)
    address = Field("contact", "address", lazy("Address"), FieldType.EMAIL)
    phone = Field("contact", "phone", lazy("Phone"), FieldType.PHONE)
    found = [
        _plain(name, Contact.name),
        _plain(title, Contact.title, sorts=False),
        Term(company, Kind.TEXT, at_company),
        _plain(owner, Contact.owner_id),
        _plain(lifecycle, Contact.lifecycle, sorts=False),
        _plain(rating, Contact.rating, sorts=False),
        _plain(persona, Contact.persona, sorts=False),
        _plain(country, Contact.country, sorts=False),
        Term(address, Kind.TEXT, Rows(ContactAddress.email, addresses, ContactAddress.position)),
        _plain(phone, Contact.phone, sorts=False),
        *_origins("contact", Contact),
    ]
    for field in standard.COMPANY:
        if field.key in ("industry", "country", "employees"):
            element = getattr(Company, field.key)
            column = Beside(Contact.workspace_id, Contact.company_id, Company, element)
            beside = Field("contact", f"company.{field.key}", field.label, field.type)
            found.append(Term(beside, KINDS[field.type], column, None, _options(field)))
    return found


def _company() -> list[Term]:
    found = [
        _plain(
            field,
            getattr(Company, f"{field.key}_id" if field.type is FieldType.USER else field.key),
            sorts=field.key == "name",
        )
        for field in standard.COMPANY
    ]
    domain = Field("company", "domain", lazy("Domain"), FieldType.TEXT)
    found.append(_plain(domain, Company.domain, sorts=False))
    return [*found, *_origins("company", Company)]


def _deal() -> list[Term]:
    stage = Beside(Deal.workspace_id, Deal.stage_id, Stage, Stage.name)
    pipeline = Beside(Deal.workspace_id, Deal.pipeline_id, Pipeline, Pipeline.name)
    company = Beside(Deal.workspace_id, Deal.company_id, Company, Company.name)
    return [
        _plain(Field("deal", "name", lazy("Name"), FieldType.TEXT), Deal.name),
        _plain(Field("deal", "owner", lazy("Owner"), FieldType.USER), Deal.owner_id, sorts=False),
        Term(Field("deal", "company", lazy("Company"), FieldType.LINK), Kind.TEXT, company),
        Term(Field("deal", "stage", lazy("Stage"), FieldType.TEXT), Kind.TEXT, stage),
        Term(Field("deal", "pipeline", lazy("Pipeline"), FieldType.TEXT), Kind.TEXT, pipeline),
        _plain(Field("deal", "closes_on", lazy("Closes"), FieldType.DATE), Deal.closes_on),
    ]


def _object(subject: str) -> list[Term]:
    name, owner = object_types.standard(subject)
    return [_plain(name, ObjectRecord.name), _plain(owner, ObjectRecord.owner_id)]


def _origins(subject: str, model: Any) -> list[Term]:
    origin = Field(subject, "origin", lazy("Came by"), FieldType.CHOICE, _ORIGIN)
    created = Field(subject, "created", lazy("Known since"), FieldType.DATE)
    return [
        _plain(origin, model.origin, sorts=False),
        _plain(created, model.created_at, Kind.MOMENT, sorts=False),
    ]


def _tags(session: Session, user: User, model: Any, subject: str) -> Term:
    known = tags.everything(session, user.workspace_id)
    options = tuple((tag.key, tag.name) for tag in known)
    field = Field(subject, "tags", lazy("Tags"), FieldType.CHOICES, options)
    return Term(field, Kind.CHOICES, Tags(model.workspace_id, model.id))


def _stored(field: Field, model: Any) -> Term:
    options = _options(field)
    column = Stored(field, model.workspace_id, model.id)
    return Term(field, KINDS[field.type], column, None, options)


def _options(field: Field) -> tuple[str, ...]:
    """Return the keys that a field may have, where there are only so many."""
    if field.type is FieldType.COUNTRY:
        return tuple(values.countries())
    return tuple(key for key, _label in field.options)
