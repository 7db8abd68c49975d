"""Fields of records: those that every workspace has, and those that an admin adds.

A field is looked at by its key, whoever made it: forms, lists, filters, formulas and cards know no
difference. What a custom field says of a record stands in rows of `field_value`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from crm.base import ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.workspace import audit, keys, permissions
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, CustomField
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: So many fields may be added to one sort of record, and so many choices to one field.
MOST, MOST_OPTIONS = 200, 200


class FieldType(StrEnum):
    """What a field may say."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    CHECKBOX = "checkbox"
    USER = "user"
    LINK = "link"  # to another record
    COUNTRY = "country"  # ISO 3166
    FORMULA = "formula"
    STATISTIC = "statistic"


#: What is worked out, and never typed.
COMPUTED = frozenset({FieldType.FORMULA, FieldType.STATISTIC})
TYPES = {
    FieldType.TEXT: lazy("Single line"),
    FieldType.LONG_TEXT: lazy("Several lines"),
    FieldType.CHOICE: lazy("Choice"),
    FieldType.CHOICES: lazy("Several choices"),
    FieldType.EMAIL: lazy("E-mail address"),
    FieldType.PHONE: lazy("Phone"),
    FieldType.URL: lazy("Web address"),
    FieldType.NUMBER: lazy("Number"),
    FieldType.PERCENT: lazy("Percent"),
    FieldType.MONEY: lazy("Amount of money"),
    FieldType.DATE: lazy("Date"),
    FieldType.CHECKBOX: lazy("Check box"),
    FieldType.USER: lazy("Colleague"),
    FieldType.LINK: lazy("Record"),
    FieldType.COUNTRY: lazy("Country"),
    FieldType.FORMULA: lazy("Formula"),
    FieldType.STATISTIC: lazy("Statistic"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a sort of record. A standard one names the attribute where it stands."""

    subject: str
    key: str
    label: str  # translated where it is shown; an admin's own is in no catalogue
    type: FieldType
    options: tuple[tuple[str, str], ...] = ()  # key and label of each
    required: bool = False
    id: UUID | None = None  # of a custom field
    formula: str = ""
    statistic: str = ""
    on_card: bool = False
    longest: int = 200

    @property
    def name(self) -> str:
        """Return its label in the language spoken here."""
        return self.label if self.id is not None else _(self.label)

    @property
    def computed(self) -> bool:
        """Tell whether nobody types it."""
        return self.type in COMPUTED

    def option(self, key: str) -> str:
        """Return the label of one of its choices, or the key itself where it is none any more."""
        label = dict(self.options).get(key, key)
        return label if self.id is not None else _(label)


_CUSTOM = (
    select(CustomField)
    .where(
        CustomField.workspace_id == bindparam("workspace_id"),
        CustomField.subject == bindparam("subject"),
        CustomField.archived_at.is_(None),
    )
    .order_by(CustomField.position, CustomField.id)
)


def custom(session: Session, workspace_id: UUID, subject: str) -> tuple[Field, ...]:
    """Return the fields that were added to a sort of record, in their order."""
    rows = session.scalars(_CUSTOM, {"workspace_id": workspace_id, "subject": subject})
    return tuple(of_row(row) for row in rows)


def of_row(row: CustomField) -> Field:
    """Read a custom field."""
    kind = FieldType(row.type)
    return Field(
        row.subject,
        row.key,
        row.label,
        kind,
        tuple((key, label) for key, label in row.options),
        row.required,
        row.id,
        row.formula,
        row.statistic,
        row.on_card,
        longest=10_000 if kind is FieldType.LONG_TEXT else 500,
    )


def get_row(session: Session, workspace_id: UUID, field_id: UUID) -> CustomField:
    """Return a custom field, archived or not. Raises NotFoundError."""
    row = session.scalar(
        select(CustomField).where(
            CustomField.workspace_id == workspace_id, CustomField.id == field_id
        )
    )
    if row is None:
        raise NotFoundError(_("There is no such field."))
    return row


@dataclass(frozen=True, slots=True)
class Draft:
    """A field as an admin describes it."""

    label: str
    type: FieldType
    options: tuple[str, ...] = ()
    formula: str = ""
    statistic: str = ""
    required: bool = False
    on_card: bool = False
    key: str = ""


def add(
    session: Session,
    subject: str,
    draft: Draft,
    *,
    standard: Sequence[Field],
    by: User,
    at: datetime,
) -> CustomField:
    """Add a field to a sort of record: it is there at once. Raises InvalidError, ConflictError.

    Whether a formula can be worked out is checked by whoever knows all fields.
    """
    permissions.check(by, May.MANAGE)
    label = _label(draft.label)
    taken = _taken(session, by.workspace_id, subject) | {field.key for field in standard}
    if len(taken) > MOST:
        problem = _("There are {most} fields already. Archive one that is not needed.")
        raise ConflictError(problem.format(most=MOST))
    key = keys.free(draft.key or label, taken | _RESERVED, otherwise="field")
    row = CustomField(
        workspace_id=by.workspace_id,
        id=ids.new(),
        subject=subject,
        key=key,
        label=label,
        type=draft.type,
        options=_options(draft, ()),
        formula=draft.formula.strip() if draft.type is FieldType.FORMULA else "",
        statistic=draft.statistic if draft.type is FieldType.STATISTIC else "",
        required=draft.required and draft.type not in COMPUTED,
        on_card=draft.on_card,
        position=_next_position(session, by.workspace_id, subject),
        made_at=at,
    )
    session.add(row)
    done = Done("field", row.id, AuditVerb.MADE, "label", "", f"{subject}: {label}")
    audit.record(session, by.workspace_id, [done], by=by, at=at)
    return row


def change(session: Session, row: CustomField, draft: Draft, *, by: User, at: datetime) -> None:
    """Name a field otherwise, or let it offer other choices. What it is and its key stay."""
    permissions.check(by, May.MANAGE)
    before = (row.label, row.options, row.formula, row.required, row.on_card)
    row.label = _label(draft.label)
    row.options = _options(draft, [(key, label) for key, label in row.options])
    if row.type == FieldType.FORMULA:
        row.formula = draft.formula.strip()
    row.required = draft.required and row.type not in COMPUTED
    row.on_card = draft.on_card
    names = ("label", "options", "formula", "required", "on_card")
    after = (row.label, row.options, row.formula, row.required, row.on_card)
    done = [
        Done("field", row.id, AuditVerb.CHANGED, name, str(old), str(new))
        for name, old, new in zip(names, before, after, strict=True)
        if old != new
    ]
    audit.record(session, by.workspace_id, done, by=by, at=at)


def archive(session: Session, row: CustomField, *, by: User, at: datetime) -> None:
    """Show a field nowhere any more. What it says is kept, and comes back with it."""
    permissions.check(by, May.MANAGE)
    if row.archived_at is None:
        row.archived_at = at
        done = Done("field", row.id, AuditVerb.DELETED, "label", row.label)
        audit.record(session, by.workspace_id, [done], by=by, at=at)


def bring_back(session: Session, row: CustomField, *, by: User, at: datetime) -> None:
    """Show an archived field again, with what it said."""
    permissions.check(by, May.MANAGE)
    if row.archived_at is not None:
        row.archived_at = None
        done = Done("field", row.id, AuditVerb.UNDONE, "label", "", row.label)
        audit.record(session, by.workspace_id, [done], by=by, at=at)


def _label(text: str) -> str:
    label = " ".join(text.replace("\x00", "").split())
    if not 1 <= len(label) <= 60:
        raise InvalidError(_("A field's name has between 1 and 60 characters."))
    return label


#: Words of the language in which filters are written.
_RESERVED = frozenset(
    "and or not in is empty contains starts with has any all within the next me my_team nobody"
    " today now true false if field".split()
)


def _options(draft: Draft, before: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Read the choices of a field; one that keeps its name keeps its key."""
    if draft.type not in (FieldType.CHOICE, FieldType.CHOICES):
        return []
    labels = list(dict.fromkeys(" ".join(one.split())[:100] for one in draft.options))
    labels = [label for label in labels if label]
    if not labels:
        raise InvalidError(_("A field with choices offers at least one: write each on its line."))
    if len(labels) > MOST_OPTIONS:
        problem = _("A field offers at most {most} choices. You wrote {n}.")
        raise InvalidError(problem.format(most=MOST_OPTIONS, n=len(labels)))
    known = {label: key for key, label in before}
    taken = set(known.values())
    found = []
    for label in labels:
        key = known.get(label) or keys.free(label, taken | _RESERVED, otherwise="field")
        taken.add(key)
        found.append([key, label])
    return found


def _taken(session: Session, workspace_id: UUID, subject: str) -> set[str]:
    found = session.scalars(
        select(CustomField.key).where(
            CustomField.workspace_id == workspace_id, CustomField.subject == subject
        )
    )
    return set(found)


def _next_position(session: Session, workspace_id: UUID, subject: str) -> int:
    last = session.scalar(
        select(func.max(CustomField.position)).where(
            CustomField.workspace_id == workspace_id, CustomField.subject == subject
        )
    )
    return 0 if last is None else last + 1
