"""On which records a message stands, and why; take it off, put it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from crm.base import bulk
from crm.work import reasons
from crm.work.models import Record, Refusal
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.mail.visibility import Viewer
    from crm.workspace.models import User


@dataclass(frozen=True, slots=True)
class Link:
    """A record that a message stands on, by which rule, since when."""

    record: Record
    id: UUID
    name: str
    rule: int
    since: datetime

    @property
    def reason(self) -> str:
        """Say why, in the language spoken here."""
        return reasons.of_link(self.rule)


_OF = """
select distinct on (l.record, l.record_id) l.record, l.record_id,
  coalesce(c.name, k.name, d.name, ''), l.rule, l.since
from activity_link l
  left join contact c on l.record = 1 and c.workspace_id = l.workspace_id and c.id = l.record_id
  left join company k on l.record = 2 and k.workspace_id = l.workspace_id and k.id = l.record_id
  left join deal d on l.record = 3 and d.workspace_id = l.workspace_id and d.id = l.record_id
where l.workspace_id = %s and l.activity_id = %s and l.audience = any(%s::uuid[])
order by l.record, l.record_id, l.since
"""


def of_message(session: Session, viewer: Viewer, message_id: UUID) -> list[Link]:
    """List the records on which a viewer sees a message."""
    rows = bulk.run(session, _OF, (viewer.workspace_id, message_id, viewer.audiences))
    return [Link(Record(record), *rest) for record, *rest in rows]


def take_off(
    session: Session,
    message_id: UUID,
    record: Record,
    record_id: UUID,
    *,
    by: User,
    at: datetime,
    email: str = "",
) -> None:
    """Refuse a message on a record: this one alone, or with `email` all from it for ever.

    `filing.linking.unlink` then takes the lines off; `put_back` and `relink` are the way back.
    """
    permissions.check(by, May.EDIT_RECORDS)
    for what in (str(message_id), *([email] if email else [])):
        session.merge(
            Refusal(
                workspace_id=by.workspace_id,
                record_id=record_id,
                what=what,
                record=record,
                user_id=by.id,
                at=at,
            )
        )
    session.flush()


def put_back(
    session: Session, message_id: UUID, record_id: UUID, *, by: User, email: str = ""
) -> None:
    """Forget that a message, or an address, was taken off; `relink` then puts it back."""
    permissions.check(by, May.EDIT_RECORDS)
    bulk.run(
        session,
        "delete from refusal where workspace_id = %s and record_id = %s and what = any(%s::text[])",
        (by.workspace_id, record_id, [str(message_id), *([email] if email else [])]),
    )


def stands(
    session: Session, viewer: Viewer, message_id: UUID, record: Record, record_id: UUID
) -> bool:
    """Tell whether a message stands on a record, or was taken off it by hand."""
    known = {(link.record, link.id) for link in of_message(session, viewer, message_id)}
    known |= {(r, id_) for r, id_, _name in refused(session, viewer.user, message_id)}
    return (record, record_id) in known


def refused(session: Session, user: User, message_id: UUID) -> list[tuple[Record, UUID, str]]:
    """List the records that a message was taken off by hand, with their names."""
    rows = bulk.run(
        session,
        "select r.record, r.record_id, coalesce(c.name, k.name, d.name, '') from refusal r"
        " left join contact c on r.record = 1 and c.workspace_id = r.workspace_id"
        "   and c.id = r.record_id"
        " left join company k on r.record = 2 and k.workspace_id = r.workspace_id"
        "   and k.id = r.record_id"
        " left join deal d on r.record = 3 and d.workspace_id = r.workspace_id"
        "   and d.id = r.record_id"
        " where r.workspace_id = %s and r.what = %s order by r.record, r.record_id",
        (user.workspace_id, str(message_id)),
    )
    return [(Record(record), record_id, name) for record, record_id, name in rows]
