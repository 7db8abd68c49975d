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


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A record that a message was taken off by hand: it alone, or all from an address."""

    record: Record
    id: UUID
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The records that a message stands on, and those that it was taken off by hand."""

    links: tuple[Link, ...]
    taken_off: tuple[TakenOff, ...]


_BESIDE = """
with l as (
  (select distinct on (record, record_id) record, record_id, rule, since, '' as email
  from activity_link
  where workspace_id = %(ws)s and activity_id = %(message)s
    and audience = any(%(audiences)s::uuid[])
  order by record, record_id, since)
  union all
  select record, record_id, null, min(at), coalesce(min(what) filter (where what <> %(what)s), '')
  from refusal where workspace_id = %(ws)s
    and what = any(array[%(what)s, (select from_email from message
      where workspace_id = %(ws)s and id = %(message)s)])
  group by record, record_id
)
select record, record_id, coalesce(case record
  when 1 then (select name from contact where workspace_id = %(ws)s and id = record_id)
  when 2 then (select name from company where workspace_id = %(ws)s and id = record_id)
  when 3 then (select name from deal where workspace_id = %(ws)s and id = record_id) end, ''),
  rule, since, email
from l order by record, record_id
"""


def beside(session: Session, viewer: Viewer, message_id: UUID) -> Beside:
    """Find the records on which a viewer sees a message, and those it was taken off."""
    values = {
        "ws": viewer.workspace_id,
        "message": message_id,
        "audiences": viewer.audiences,
        "what": str(message_id),
    }
    links, taken_off = [], []
    for record, record_id, name, rule, since, email in bulk.run(session, _BESIDE, values):
        if rule is None:
            taken_off.append(TakenOff(Record(record), record_id, name, email))
        else:
            links.append(Link(Record(record), record_id, name, rule, since))
    return Beside(tuple(links), tuple(taken_off))


def of_message(session: Session, viewer: Viewer, message_id: UUID) -> list[Link]:
    """List the records on which a viewer sees a message."""
    return list(beside(session, viewer, message_id).links)


def take_off(
    session: Session,
    message_id: UUID | None,
    record: Record,
    record_id: UUID,
    *,
    by: User,
    at: datetime,
    email: str = "",
) -> None:
    """Refuse a message on a record, all from an address for ever, or both.

    `filing.by_hand.take_off` takes the lines off with it; `put_back` is the way back.
    """
    _check(by, record)
    for what in filter(None, (message_id and str(message_id), email)):
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
    session: Session,
    message_id: UUID,
    record: Record,
    record_id: UUID,
    *,
    by: User,
    email: str = "",
) -> None:
    """Forget that a message, or an address, was taken off; `filing.by_hand` puts it back."""
    _check(by, record)
    bulk.run(
        session,
        "delete from refusal where workspace_id = %s and record_id = %s and what = any(%s::text[])",
        (by.workspace_id, record_id, [str(message_id), *([email] if email else [])]),
    )


def stands(
    session: Session, viewer: Viewer, message_id: UUID, record: Record, record_id: UUID
) -> bool:
    """Tell whether a message stands on a record, or was taken off it by hand."""
    found = beside(session, viewer, message_id)
    known = {(link.record, link.id) for link in found.links}
    known |= {(gone.record, gone.id) for gone in found.taken_off}
    return (record, record_id) in known


def _check(by: User, record: Record) -> None:
    """Who may not link mail to a deal does not take it off one."""
    permissions.check(by, May.EDIT_RECORDS)
    if record is Record.DEAL:
        permissions.check(by, May.EDIT_DEALS)
