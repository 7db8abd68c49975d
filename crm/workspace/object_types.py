"""Sorts of records that a workspace keeps of its own: machines, contracts, sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base import ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.workspace import audit, keys, permissions
from crm.workspace.audit import Done
from crm.workspace.fields import Field, FieldType
from crm.workspace.models import AuditVerb, ObjectType
from crm.workspace.permissions import SUBJECTS, May

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: So many sorts a workspace has at most.
MOST = 20
#: Words that name other things than sorts of records.
_RESERVED = frozenset({*SUBJECTS, "ticket", "thread", "user", "role", "team", "field", "tag"})


def standard(subject: str) -> tuple[Field, ...]:
    """Return the fields that every record of a workspace's own sorts has."""
    return (
        Field(subject, "name", lazy("Name"), FieldType.TEXT, required=True),
        Field(subject, "owner", lazy("Owner"), FieldType.USER),
    )


def make(session: Session, one: str, many: str, *, by: User, at: datetime) -> ObjectType:
    """Add a sort of records, called so in the singular and in the plural.

    Raises InvalidError, or ConflictError where the name is taken.
    """
    permissions.check(by, May.MANAGE)
    one, many = _name(one), _name(many)
    known = session.scalars(
        select(ObjectType).where(ObjectType.workspace_id == by.workspace_id)
    ).all()
    if any(row.many.casefold() == many.casefold() and not row.archived_at for row in known):
        raise ConflictError(_("There are {name} already.").format(name=many))
    if len(known) >= MOST:
        problem = _("There are {most} kinds of records of your own already.")
        raise ConflictError(problem.format(most=MOST))
    row = ObjectType(
        workspace_id=by.workspace_id,
        id=ids.new(),
        key=keys.free(one, {row.key for row in known} | _RESERVED, otherwise="own"),
        one=one,
        many=many,
        made_at=at,
    )
    session.add(row)
    done = Done("object_type", row.id, AuditVerb.MADE, "many", "", many)
    audit.record(session, by.workspace_id, [done], by=by, at=at)
    return row


def everything(session: Session, workspace_id: UUID) -> list[ObjectType]:
    """List the sorts that are in use, by name."""
    return list(
        session.scalars(
            select(ObjectType)
            .where(ObjectType.workspace_id == workspace_id, ObjectType.archived_at.is_(None))
            .order_by(ObjectType.many, ObjectType.id)
        )
    )


def get(session: Session, workspace_id: UUID, key: str) -> ObjectType:
    """Return a sort that is in use, by its key. Raises NotFoundError."""
    row = session.scalar(
        select(ObjectType).where(
            ObjectType.workspace_id == workspace_id,
            ObjectType.key == key,
            ObjectType.archived_at.is_(None),
        )
    )
    if row is None:
        raise NotFoundError(_("There are no records of this kind."))
    return row


def rename(
    session: Session, row: ObjectType, one: str, many: str, *, by: User, at: datetime
) -> None:
    """Call a sort otherwise. Its key stays, by which filters and fields know it."""
    permissions.check(by, May.MANAGE)
    before, row.one, row.many = f"{row.one}/{row.many}", _name(one), _name(many)
    done = Done("object_type", row.id, AuditVerb.CHANGED, "name", before, f"{row.one}/{row.many}")
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def archive(session: Session, row: ObjectType, *, by: User, at: datetime) -> None:
    """Show a sort nowhere any more. Its records are kept, and come back with it."""
    permissions.check(by, May.MANAGE)
    row.archived_at = at
    done = Done("object_type", row.id, AuditVerb.DELETED, "many", row.many)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if not 1 <= len(name) <= 40:
        raise InvalidError(
            _("A kind of records has a name of 1 to 40 characters, in both numbers.")
        )
    return name
