"""Tags: words that people put on records. They are made by being put on something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from crm.base import ids
from crm.base.db import among
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.workspace import audit, permissions
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, RecordTag, Tag
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: So many different tags a workspace has at most: more are no help to anybody.
MOST = 1000


def resolve(session: Session, workspace_id: UUID, name: str) -> Tag:
    """Return the tag of a name, whatever its case; make it where there is none."""
    name = _name(name)
    found = _find(session, workspace_id, name)
    if found is not None:
        return found
    count = session.scalar(select(func.count()).where(Tag.workspace_id == workspace_id)) or 0
    if count >= MOST:
        problem = _("There are {most} tags already. Use one of them, or delete one.")
        raise ConflictError(problem.format(most=MOST))
    made = {"workspace_id": workspace_id, "id": ids.new(), "name": name, "key": name.casefold()}
    session.execute(insert(Tag).values(made).on_conflict_do_nothing())
    tag = _find(session, workspace_id, name)
    assert tag is not None
    return tag


def get(session: Session, workspace_id: UUID, tag_id: UUID) -> Tag:
    """Return a tag. Raises NotFoundError."""
    tag = session.scalar(select(Tag).where(Tag.workspace_id == workspace_id, Tag.id == tag_id))
    if tag is None:
        raise NotFoundError(_("There is no such tag."))
    return tag


def everything(session: Session, workspace_id: UUID) -> list[Tag]:
    """List all tags by name."""
    return list(
        session.scalars(select(Tag).where(Tag.workspace_id == workspace_id).order_by(Tag.key))
    )


def of_records(
    session: Session, workspace_id: UUID, record_ids: Sequence[UUID]
) -> dict[UUID, list[Tag]]:
    """Return the tags of records, each by name; who bears none is left out."""
    rows = session.execute(
        select(RecordTag.record_id, Tag)
        .join(Tag, (Tag.workspace_id == RecordTag.workspace_id) & (Tag.id == RecordTag.tag_id))
        .where(RecordTag.workspace_id == workspace_id, among(RecordTag.record_id, record_ids))
        .order_by(Tag.key)
    )
    found: dict[UUID, list[Tag]] = {}
    for record_id, tag in rows:
        found.setdefault(record_id, []).append(tag)
    return found


def put(
    session: Session,
    subject: str,
    record_ids: Sequence[UUID],
    name: str,
    *,
    by: User,
    at: datetime,
    act_id: UUID | None = None,
) -> UUID:
    """Put a tag on records that the caller may edit; return the act. Doing it twice is once."""
    tag = resolve(session, by.workspace_id, name)
    rows = [
        {
            "workspace_id": by.workspace_id,
            "record_id": record_id,
            "tag_id": tag.id,
            "subject": subject,
            "at": at,
        }
        for record_id in record_ids
    ]
    statement = insert(RecordTag).values(rows).on_conflict_do_nothing()
    fresh = session.scalars(statement.returning(RecordTag.record_id)).all() if rows else ()
    done = [Done(subject, one, field="tags", after=tag.name) for one in fresh]
    return audit.record(session, by.workspace_id, done, by=by, at=at, act_id=act_id)


def take_off(
    session: Session,
    subject: str,
    record_ids: Sequence[UUID],
    tag: Tag,
    *,
    by: User,
    at: datetime,
    act_id: UUID | None = None,
) -> UUID:
    """Take a tag off records that the caller may edit; return the act."""
    gone = session.scalars(
        delete(RecordTag)
        .where(
            RecordTag.workspace_id == by.workspace_id,
            RecordTag.tag_id == tag.id,
            RecordTag.subject == subject,
            among(RecordTag.record_id, record_ids),
        )
        .returning(RecordTag.record_id)
    ).all()
    done = [Done(subject, one, field="tags", before=tag.name) for one in gone]
    return audit.record(session, by.workspace_id, done, by=by, at=at, act_id=act_id)


def rename(session: Session, tag: Tag, name: str, *, by: User, at: datetime) -> None:
    """Call a tag otherwise, wherever it stands. Raises ConflictError where there is such a tag."""
    permissions.check(by, May.MANAGE)
    name = _name(name)
    other = _find(session, by.workspace_id, name)
    if other is not None and other.id != tag.id:
        raise ConflictError(_("There is a tag “{name}” already.").format(name=other.name))
    before, tag.name, tag.key = tag.name, name, name.casefold()
    done = Done("tag", tag.id, AuditVerb.CHANGED, "name", before, name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def remove(session: Session, tag: Tag, *, by: User, at: datetime) -> None:
    """Delete a tag, and take it off everything that bears it."""
    permissions.check(by, May.MANAGE)
    bears = (RecordTag.workspace_id == by.workspace_id, RecordTag.tag_id == tag.id)
    borne = session.execute(select(RecordTag.subject, RecordTag.record_id).where(*bears)).all()
    done = [Done(subject, one, field="tags", before=tag.name) for subject, one in borne]
    done.append(Done("tag", tag.id, AuditVerb.DELETED, "name", tag.name))
    session.delete(tag)
    audit.record(session, by.workspace_id, done, by=by, at=at)


def _find(session: Session, workspace_id: UUID, name: str) -> Tag | None:
    return session.scalar(
        select(Tag).where(Tag.workspace_id == workspace_id, Tag.key == name.casefold())
    )


def _name(name: str) -> str:
    tidy = " ".join(name.replace("\x00", "").replace(",", " ").split())
    if not 1 <= len(tidy) <= 50:
        raise InvalidError(_("A tag has between 1 and 50 characters."))
    return tidy
