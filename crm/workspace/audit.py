"""The audit log: what was done, by whom, when, and what stood there before. It only grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from crm.base import bulk, ids
from crm.base.db import among, table
from crm.workspace import permissions
from crm.workspace.models import AuditEntry, AuditVerb, Source
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from crm.base.db import Session
    from crm.workspace.models import User


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done: to which field of which record, and what stood there before."""

    subject: str
    record_id: UUID
    verb: AuditVerb = AuditVerb.CHANGED
    field: str = ""
    before: str = ""
    after: str = ""
    source: Source = Source.MANUAL
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and the id behind which older ones begin."""

    entries: tuple[AuditEntry, ...]
    older: UUID | None


_COLUMNS = (
    "id",
    "act_id",
    "at",
    "user_id",
    "verb",
    "subject",
    "record_id",
    "field",
    "before",
    "after",
    "source",
    "message_id",
)


def record(
    session: Session,
    workspace_id: UUID,
    done: Iterable[Done],
    *,
    by: User | None,
    at: datetime,
    act_id: UUID | None = None,
) -> UUID:
    """Write down what was done, as one act; return the act's id."""
    act = act_id or ids.new()
    all_done = list(done)
    rows = [
        (
            entry_id,
            act,
            at,
            by.id if by is not None else None,
            one.verb,
            one.subject,
            one.record_id,
            one.field,
            one.before,
            one.after,
            one.source,
            one.message_id,
        )
        for entry_id, one in zip(ids.many(len(all_done)), all_done, strict=True)
    ]
    session.flush()
    bulk.insert(session, table(AuditEntry), workspace_id, _COLUMNS, rows)
    return act


def of_record(
    session: Session,
    workspace_id: UUID,
    record_id: UUID,
    before: UUID | None = None,
    size: int = 50,
) -> Page:
    """Read what was done to a record that the reader may see, newest first."""
    query = select(AuditEntry).where(
        AuditEntry.workspace_id == workspace_id, AuditEntry.record_id == record_id
    )
    return _page(session, query, workspace_id, before, size)


def of_workspace(session: Session, by: User, before: UUID | None = None, size: int = 50) -> Page:
    """Read what was done in the whole workspace, newest first. For those who manage it."""
    permissions.check(by, May.MANAGE)
    query = select(AuditEntry).where(AuditEntry.workspace_id == by.workspace_id)
    return _page(session, query, by.workspace_id, before, size)


def of_act(session: Session, workspace_id: UUID, act_id: UUID) -> list[AuditEntry]:
    """List what one act did, in its order."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.workspace_id == workspace_id, AuditEntry.act_id == act_id)
            .order_by(AuditEntry.id)
        )
    )


def newest_of_fields(
    session: Session, workspace_id: UUID, record_ids: Sequence[UUID]
) -> Mapping[tuple[UUID, str], AuditEntry]:
    """Return for each field of records the entry that set it last: where its value comes from."""
    found = session.scalars(
        select(AuditEntry)
        .ext(distinct_on(AuditEntry.record_id, AuditEntry.field))
        .where(
            AuditEntry.workspace_id == workspace_id,
            among(AuditEntry.record_id, record_ids),
            AuditEntry.field != "",
        )
        .order_by(
            AuditEntry.record_id, AuditEntry.field, AuditEntry.at.desc(), AuditEntry.id.desc()
        )
    )
    return {(entry.record_id, entry.field): entry for entry in found}


def _page(
    session: Session, query: Select[AuditEntry], workspace_id: UUID, before: UUID | None, size: int
) -> Page:
    place = tuple_(AuditEntry.at, AuditEntry.id)
    if before is not None:
        last = aliased(AuditEntry)
        mark = select(last.at, last.id).where(last.workspace_id == workspace_id, last.id == before)
        query = query.where(place < mark.scalar_subquery())
    found = session.scalars(
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(size + 1)
    ).all()
    shown = tuple(found[:size])
    return Page(shown, shown[-1].id if len(found) > size else None)
