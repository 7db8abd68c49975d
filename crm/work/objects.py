"""Records of the sorts that a workspace keeps of its own: make, find, page, change, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, tuple_

from crm.base import ids
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.work.models import ObjectRecord
from crm.workspace import audit, changing, fields, object_types, reaching
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, ObjectType
from crm.workspace.permissions import Deed, check_reach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.workspace.changing import Act, How
    from crm.workspace.fields import Field
    from crm.workspace.models import User


@dataclass(frozen=True, slots=True)
class Page:
    """Records by name, and behind which of them the next page begins."""

    records: tuple[ObjectRecord, ...]
    next: UUID | None


def make(session: Session, kind: ObjectType, name: str, *, by: User, at: datetime) -> ObjectRecord:
    """Make a record of a sort. Raises InvalidError."""
    check_reach(by, kind.key, Deed.EDIT)
    tidy = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(tidy) <= 200:
        raise InvalidError(_("A name has between 1 and 200 characters."))
    record = ObjectRecord(
        workspace_id=by.workspace_id,
        id=ids.new(),
        type_id=kind.id,
        name=tidy,
        owner_id=by.id,
        made_at=at,
    )
    session.add(record)
    done = Done(kind.key, record.id, AuditVerb.MADE, "name", "", tidy)
    audit.record(session, by.workspace_id, [done], by=by, at=at)
    return record


def get(session: Session, user: User, kind: ObjectType, record_id: UUID) -> ObjectRecord:
    """Return a record of a sort within somebody's reach. Raises NotFoundError."""
    check_reach(user, kind.key, Deed.SEE)
    record = session.scalar(
        select(ObjectRecord).where(
            ObjectRecord.workspace_id == user.workspace_id,
            ObjectRecord.id == record_id,
            ObjectRecord.type_id == kind.id,
            ObjectRecord.gone_at.is_(None),
        )
    )
    if record is None or not reaching.reaches(session, user, kind.key, record.owner_id):
        raise NotFoundError(_("There is no such record."))
    return record


def page(
    session: Session, user: User, kind: ObjectType, after: UUID | None = None, size: int = 50
) -> Page:
    """Read the records of a sort by name, starting behind one of them."""
    reach = reaching.within(session, user, kind.key, ObjectRecord.owner_id)
    place = tuple_(ObjectRecord.name, ObjectRecord.id)
    query = select(ObjectRecord).where(
        ObjectRecord.workspace_id == user.workspace_id,
        ObjectRecord.type_id == kind.id,
        ObjectRecord.gone_at.is_(None),
        reach,
    )
    if after is not None:
        last = get(session, user, kind, after)
        query = query.where(place > (last.name, last.id))
    ordered = query.order_by(ObjectRecord.name, ObjectRecord.id)
    found = session.scalars(ordered.limit(size + 1)).all()
    shown = tuple(found[:size])
    return Page(shown, shown[-1].id if len(found) > size else None)


def known_fields(session: Session, workspace_id: UUID, subject: str) -> tuple[Field, ...]:
    """Return the fields of a sort: what each has, and what was added."""
    return (*object_types.standard(subject), *fields.custom(session, workspace_id, subject))


def change(
    session: Session,
    kind: ObjectType,
    record: ObjectRecord,
    typed: Mapping[str, Sequence[str]],
    how: How,
    *,
    was: Mapping[str, str] | None = None,
) -> Act:
    """Write what was typed into a record's fields; see `changing.change`."""
    session.flush()
    session.refresh(record, with_for_update={"key_share": True})
    reaching.check(session, how.by, kind.key, record.owner_id, Deed.EDIT)
    known = known_fields(session, record.workspace_id, kind.key)
    act = changing.change(session, record, known, typed, how, was=was)
    session.flush()
    return act


def delete(
    session: Session, kind: ObjectType, record: ObjectRecord, *, by: User, at: datetime
) -> None:
    """Delete a record: it is shown nowhere, and `bring_back` takes it back."""
    reaching.check(session, by, kind.key, record.owner_id, Deed.DELETE)
    record.gone_at = at
    done = Done(kind.key, record.id, AuditVerb.DELETED, "name", record.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def bring_back(
    session: Session, kind: ObjectType, record_id: UUID, *, by: User, at: datetime
) -> None:
    """Take back that a record was deleted. What was not is left as it is."""
    record = session.get(ObjectRecord, (by.workspace_id, record_id))
    if record is None or record.type_id != kind.id or record.gone_at is None:
        return
    reaching.check(session, by, kind.key, record.owner_id, Deed.DELETE)
    record.gone_at = None
    done = Done(kind.key, record.id, AuditVerb.UNDONE, "name", "", record.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)
