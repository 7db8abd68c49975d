"""Records that have to do with each other: related once, and shown from both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from crm.base import bulk
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.work.models import Record, Relation
from crm.workspace import audit, permissions, reaching
from crm.workspace.audit import Done
from crm.workspace.permissions import Deed, Scope

if TYPE_CHECKING:
    from datetime import datetime

    from crm.base.db import Session
    from crm.workspace.models import User

#: So many related records are shown.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Related:
    """A record that has to do with another one, and what it is to it."""

    record: Record
    id: UUID
    name: str
    subject: str  # contact, company, deal, or the key of a workspace's own sort
    role: str
    outward: bool  # the role is this one's; else it is that of the record that was asked about


#: Each record that may stand here, with what its reach is judged by.
_NAMED = """
(select 1 as record, id, name, owner_id, 'contact' as subject from contact
  where workspace_id = %(ws)s and id = any(%(ids)s::uuid[])
union all select 2, id, name, owner_id, 'company' from company
  where workspace_id = %(ws)s and id = any(%(ids)s::uuid[])
union all select 3, id, name, owner_id, 'deal' from deal
  where workspace_id = %(ws)s and id = any(%(ids)s::uuid[])
union all select 5, o.id, o.name, o.owner_id, t.key from object_record o
  join object_type t on t.workspace_id = o.workspace_id and t.id = o.type_id
  where o.workspace_id = %(ws)s and o.id = any(%(ids)s::uuid[]) and o.gone_at is null
    and t.archived_at is null)
"""


def of_record(session: Session, user: User, record_id: UUID) -> list[Related]:
    """List what a record has to do with, as far as somebody's role reaches, by name."""
    rows = bulk.run(
        session,
        "select to_id, role, true from relation where workspace_id = %(ws)s and from_id = %(id)s"
        " union all"
        " select from_id, role, false from relation where workspace_id = %(ws)s and to_id = %(id)s"
        " limit %(most)s",
        {"ws": user.workspace_id, "id": record_id, "most": _SHOWN},
    ).all()
    found = {other: (role, outward) for other, role, outward in rows}
    named = _named(session, user, list(found))
    related = [
        Related(record, other, name, subject, *found[other])
        for other, (record, name, subject) in named.items()
    ]
    return sorted(related, key=lambda one: (one.record, one.name, one.id))


def relate(
    session: Session,
    record_id: UUID,
    other_id: UUID,
    role: str = "",
    *,
    by: User,
    at: datetime,
) -> None:
    """Say that two records have to do with each other; `role` is what the second is to the first.

    Saying it again changes the role. Raises NotFoundError and InvalidError.
    """
    if record_id == other_id:
        raise InvalidError(_("A record has nothing to do with itself. Choose another one."))
    named = _named(session, by, [record_id, other_id], Deed.EDIT)
    if len(named) < 2:
        raise NotFoundError(_("There is no such record. Nothing was saved."))
    unrelate(session, other_id, record_id, by=by, at=at)
    (first, _first, subject), (second, _second, _subject) = named[record_id], named[other_id]
    values = {
        "workspace_id": by.workspace_id,
        "from_id": record_id,
        "to_id": other_id,
        "from_record": first,
        "to_record": second,
        "role": " ".join(role.replace("\x00", "").split())[:60],
        "since": at,
    }
    statement = insert(Relation).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "from_id", "to_id"],
            set_={"role": statement.excluded.role},
        )
    )
    done = Done(subject, record_id, field="related", after=f"{other_id} {values['role']}".strip())
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def unrelate(session: Session, record_id: UUID, other_id: UUID, *, by: User, at: datetime) -> None:
    """Say that two records have nothing to do with each other, whoever was named first."""
    named = _named(session, by, [record_id, other_id], Deed.EDIT)
    if len(named) < 2:
        raise NotFoundError(_("There is no such record. Nothing was saved."))
    for one, other in ((record_id, other_id), (other_id, record_id)):
        gone = (
            delete(Relation)
            .where(
                Relation.workspace_id == by.workspace_id,
                Relation.from_id == one,
                Relation.to_id == other,
            )
            .returning(Relation.role)
        )
        role = session.scalar(gone)
        if role is not None:
            before = f"{other} {role}".strip()
            done = Done(named[one][2], one, field="related", before=before)
            audit.record(session, by.workspace_id, [done], by=by, at=at)


def _named(
    session: Session, user: User, ids: list[UUID], deed: Deed = Deed.SEE
) -> dict[UUID, tuple[Record, str, str]]:
    """Return records within somebody's reach, with their names and sorts."""
    rows = bulk.run(session, _NAMED, {"ws": user.workspace_id, "ids": ids})
    whose: dict[str, list[UUID] | None] = {}
    found = {}
    for record, id_, name, owner_id, subject in rows:
        if subject not in whose:
            far = permissions.scope(user, subject, deed)
            nothing: list[UUID] = []
            whose[subject] = (
                nothing if far is Scope.NONE else reaching.owners(session, user, subject, deed)
            )
        owners = whose[subject]
        nobodys = owner_id is None and owners != []
        if owners is None or nobodys or owner_id in owners:
            found[id_] = (Record(record), name, subject)
    return found
