"""Change the fields of a record: checked, told of in the audit log, and never over what is unseen.

A form says what it was opened with. Where somebody has changed the same field since then, nothing
is written, and whoever sent it is told who it was; another field of the same record is no clash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, select

from crm.base import bulk
from crm.base.db import Owned, table
from crm.base.errors import ConflictError, InvalidError
from crm.base.i18n import gettext as _
from crm.base.money import Money
from crm.workspace import audit, permissions, users, values
from crm.workspace.audit import Done
from crm.workspace.fields import Field, FieldType
from crm.workspace.models import AuditVerb, FieldValue, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.base.db import Session
    from crm.workspace.models import User
    from crm.workspace.values import Value


class RefusedError(InvalidError):
    """Some fields cannot say what was typed: each with its sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else has changed meanwhile: what it says now, by whom and when."""

    field: Field
    now: str
    typed: str
    user_id: UUID | None
    at: datetime | None


class ClashError(ConflictError):
    """Somebody else has changed the same fields since the form was opened. Nothing was saved."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        names = ", ".join(clash.field.name for clash in clashes)
        problem = _("Somebody changed this meanwhile: {fields}. Nothing of yours was saved.")
        super().__init__(problem.format(fields=names))
        self.clashes = tuple(clashes)


@dataclass(frozen=True, slots=True)
class Change:
    """A field, what it said, and what it says."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """What was changed at once, by the id under which it can be undone."""

    id: UUID | None  # none where nothing was changed
    changes: tuple[Change, ...]

    def of(self, key: str) -> Change | None:
        """Return the change of one field, or None."""
        return next((change for change in self.changes if change.field.key == key), None)


@dataclass(frozen=True, slots=True)
class How:
    """By whom something is changed, when, and how it became known."""

    by: User
    at: datetime
    source: Source = Source.MANUAL
    message_id: UUID | None = None
    act_id: UUID | None = None


def change(
    session: Session,
    record: Owned,
    fields: Iterable[Field],
    typed: Mapping[str, Sequence[str]],
    how: How,
    *,
    was: Mapping[str, str] | None = None,
) -> Act:
    """Write what was typed into the fields of a record that the caller holds.

    Whether the record is within reach is the caller's to check. Raises RefusedError, ClashError,
    and ForbiddenError where a field is not for this role to change.
    """
    known = {field.key: field for field in fields}
    wanted = _read(session, record, known, typed, how)
    return _apply(session, record, known, wanted, how, was)


def restore(
    session: Session,
    record: Owned,
    fields: Iterable[Field],
    texts: Mapping[str, str],
    how: How,
    *,
    was: Mapping[str, str],
) -> Act:
    """Write canonical texts that stood there before, where what came after them still stands.

    What is not a field any more is left out. Raises ClashError and ForbiddenError.
    """
    known = {field.key: field for field in fields}
    for key in texts:
        if key in known and not permissions.may_change(how.by, known[key].subject, key):
            raise permissions.refusal(how.by)
    wanted = {key: values.parse(known[key], text) for key, text in texts.items() if key in known}
    return _apply(session, record, known, wanted, how, was)


def _apply(
    session: Session,
    record: Owned,
    known: Mapping[str, Field],
    wanted: Mapping[str, tuple[Value, ...]],
    how: How,
    was: Mapping[str, str] | None,
) -> Act:
    now = current(session, record, [known[key] for key in wanted])
    clashes, changes, rows = [], [], []
    for key, found in wanted.items():
        field, text = known[key], values.joined(found)
        opened = was.get(key, now[key]) if was is not None else now[key]
        if text in (opened, now[key]):
            continue  # It was not touched, or says so already.
        if opened != now[key]:
            clashes.append(_clash(session, record, field, now[key], text))
        changes.append(Change(field, now[key], text))
        rows.append((field, found))
    if clashes:
        raise ClashError(clashes)
    for field, found in rows:
        _write(session, record, field, found)
    return Act(_record(session, record, changes, how), tuple(changes))


def current(session: Session, record: Owned, fields: Sequence[Field]) -> dict[str, str]:
    """Return what fields of a record say, as canonical texts; "" where they say nothing."""
    found = {field.key: _attribute(record, field) for field in fields if field.id is None}
    added = {field.id: field for field in fields if field.id is not None and not field.computed}
    if added:
        told = stored(session, record.workspace_id, [record.id])
        for field_id, field in added.items():
            found[field.key] = told.get((record.id, field_id), "")
    return found


_STORED = (
    select(FieldValue.record_id, FieldValue.field_id, FieldValue.value)
    .where(
        FieldValue.workspace_id == bindparam("workspace_id"),
        FieldValue.record_id == any_(bindparam("records", type_=ARRAY(Uuid()))),
    )
    .order_by(FieldValue.record_id, FieldValue.field_id, FieldValue.key)
)


def stored(
    session: Session, workspace_id: UUID, record_ids: Sequence[UUID]
) -> dict[tuple[UUID, UUID], str]:
    """Return what custom fields say of records, by record and field, as canonical texts."""
    found: dict[tuple[UUID, UUID], str] = {}
    asked = {"workspace_id": workspace_id, "records": list(record_ids)}
    for record_id, field_id, value in session.execute(_STORED, asked):
        before = found.get((record_id, field_id))
        found[record_id, field_id] = value if before is None else f"{before}\n{value}"
    return found


def _read(
    session: Session,
    record: Owned,
    known: Mapping[str, Field],
    typed: Mapping[str, Sequence[str]],
    how: How,
) -> dict[str, tuple[Value, ...]]:
    """Read every field that was typed; what cannot be read is told of at once."""
    found: dict[str, tuple[Value, ...]] = {}
    problems: dict[str, str] = {}
    currency = getattr(record, "currency", None) or "EUR"
    for key, texts in typed.items():
        field = known.get(key)
        if field is None:
            problems[key] = _("There is no field “{key}”.").format(key=key[:40])
            continue
        if not permissions.may_change(how.by, field.subject, key):
            raise permissions.refusal(how.by)
        try:
            found[key] = values.read(field, texts, currency=currency)
            _check_user(session, field, found[key], how.by)
        except InvalidError as error:
            problems[key] = str(error)
    if problems:
        raise RefusedError(problems)
    return found


def _check_user(session: Session, field: Field, found: Sequence[Value], by: User) -> None:
    if field.type is not FieldType.USER or not found:
        return
    if not users.get(session, by.workspace_id, UUID(found[0].text)).active:
        problem = _("{field}: this colleague does not work here any more.")
        raise InvalidError(problem.format(field=field.name))


def _attribute(record: Owned, field: Field) -> str:
    value: Any = getattr(record, _column(field))
    if field.type is FieldType.MONEY:
        return values.written(Money(value, record.currency))  # type: ignore[attr-defined]
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _column(field: Field) -> str:
    return f"{field.key}_id" if field.type in (FieldType.USER, FieldType.LINK) else field.key


def _write(session: Session, record: Owned, field: Field, found: Sequence[Value]) -> None:
    if field.id is None:
        _set(record, field, found[0] if found else None)
        return
    session.flush()
    mine = (
        FieldValue.workspace_id == record.workspace_id,
        FieldValue.record_id == record.id,
        FieldValue.field_id == field.id,
    )
    session.execute(delete(FieldValue).where(*mine))
    columns = ("record_id", "field_id", "key", "value", "number")
    rows = [(record.id, field.id, value.key, value.text, value.number) for value in found]
    bulk.insert(session, table(FieldValue), record.workspace_id, columns, rows)


def _set(record: Owned, field: Field, value: Value | None) -> None:
    text = value.text if value is not None else ""
    match field.type:
        case FieldType.MONEY:
            amount = values.amount(text) if text else Money(0, record.currency)  # type: ignore[attr-defined]
            record.amount, record.currency = amount.minor, amount.currency  # type: ignore[attr-defined]
        case FieldType.DATE:
            setattr(record, _column(field), date.fromisoformat(text) if text else None)
        case FieldType.USER | FieldType.LINK:
            setattr(record, _column(field), UUID(text) if text else None)
        case FieldType.NUMBER | FieldType.PERCENT:
            setattr(record, _column(field), int(float(text)) if text else None)
        case FieldType.CHECKBOX:
            setattr(record, _column(field), bool(text))
        case _:
            setattr(record, _column(field), text)


def _clash(session: Session, record: Owned, field: Field, now: str, typed: str) -> Clash:
    entries = audit.newest_of_fields(session, record.workspace_id, [record.id])
    entry = entries.get((record.id, field.key))
    if entry is None:
        return Clash(field, now, typed, None, None)
    return Clash(field, now, typed, entry.user_id, entry.at)


def _record(session: Session, record: Owned, changes: Sequence[Change], how: How) -> UUID | None:
    if not changes:
        return None
    done = [
        Done(
            changed.field.subject,
            record.id,
            AuditVerb.CHANGED,
            changed.field.key,
            changed.before,
            changed.after,
            how.source,
            how.message_id,
        )
        for changed in changes
    ]
    workspace_id = record.workspace_id
    return audit.record(session, workspace_id, done, by=how.by, at=how.at, act_id=how.act_id)
