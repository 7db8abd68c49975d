"""On which records a message stands, and why; take it off, put it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from crm.base import bulk, ids
from crm.mail import visibility
from crm.mail.models import HELD
from crm.work import reasons
from crm.work.models import LinkRule, Record, Refusal
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Collection

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
    """One refusal: a message was taken off a record by hand, it alone, or all from an address."""

    record: Record
    id: UUID
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The records that a message stands on, and each refusal by which it was taken off one."""

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
  select record, record_id, null, at, case what when %(what)s then '' else what end
  from refusal
  where workspace_id = %(ws)s and what = any(array[%(what)s] || %(addresses)s::text[])
)
select record, record_id, coalesce(case record
  when 1 then (select name from contact where workspace_id = %(ws)s and id = record_id)
  when 2 then (select name from company where workspace_id = %(ws)s and id = record_id)
  when 3 then (select name from deal where workspace_id = %(ws)s and id = record_id)
  when 5 then (select name from object_record where workspace_id = %(ws)s and id = record_id)
  end, ''),
  rule, since, email
from l order by record, record_id, email
"""

#: A deal's refusal is told while the thread is linked to it, as nothing else brings mail there;
#: that of a line which the sender of a blind copy alone had, to the sender.
_TOLD = f"""
select r.id from unnest(%(ids)s::uuid[], %(records)s::smallint[]) r(id, record)
where (r.record <> %(deal)s or exists (
    select from message m
      join deal_thread d on d.workspace_id = m.workspace_id and d.thread_id = m.thread_id
    where m.workspace_id = %(ws)s and m.id = %(message)s and d.deal_id = r.id))
  and (not exists (
    select from activity_link l
    where l.workspace_id = %(ws)s and l.record_id = r.id and l.audience = %(nobody)s
      and l.activity_id = %(message)s and l.rule = %(blind)s)
  or exists (
    select from copy own
    where own.workspace_id = %(ws)s and own.message_id = %(message)s
      and own.state = any(%(held)s::smallint[]) and own.mailbox_id = any(%(mine)s::uuid[])
      and {visibility.SENT}))
"""


def beside(
    session: Session, viewer: Viewer, message_id: UUID, *, addresses: Collection[str] = ()
) -> Beside:
    """Find the records on which a viewer sees a message, and what keeps it off others by hand.

    `addresses` are those in the message of which refusals are told with it: the viewer sees them.
    """
    values = {
        "ws": viewer.workspace_id,
        "message": message_id,
        "audiences": viewer.audiences,
        "what": str(message_id),
        "addresses": list(addresses),
    }
    links, refused = [], []
    for record, record_id, name, rule, since, email in bulk.run(session, _BESIDE, values):
        if rule is None:
            refused.append(TakenOff(Record(record), record_id, name, email))
        else:
            links.append(Link(Record(record), record_id, name, rule, since))
    return Beside(tuple(links), _told(session, viewer, message_id, refused))


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
    """Forget that a message was taken off, or with `email` that all from there was: one of both.

    `filing.by_hand` puts it back.
    """
    _check(by, record)
    bulk.run(
        session,
        "delete from refusal where workspace_id = %s and record_id = %s and what = %s",
        (by.workspace_id, record_id, email or str(message_id)),
    )


def find(
    session: Session,
    viewer: Viewer,
    message_id: UUID,
    record: Record,
    record_id: UUID,
    *,
    all_from: str = "",
) -> Link | TakenOff | None:
    """Find how a message stands on a record, or was taken off it by hand; None where neither.

    With `all_from`, find that all from this address was.
    """
    found = beside(session, viewer, message_id, addresses=[all_from] if all_from else [])
    refused = (one for one in found.taken_off if one.email == all_from)
    both: tuple[Link | TakenOff, ...] = (*refused, *(() if all_from else found.links))
    return next((one for one in both if (one.record, one.id) == (record, record_id)), None)


def _told(
    session: Session, viewer: Viewer, message_id: UUID, refused: list[TakenOff]
) -> tuple[TakenOff, ...]:
    """Keep of refusals those that a viewer is told of; most messages have none to ask about."""
    if not refused:
        return ()
    values = {
        "ws": viewer.workspace_id,
        "message": message_id,
        "ids": [one.id for one in refused],
        "records": [one.record for one in refused],
        "mine": list(viewer.mailboxes),
        "deal": Record.DEAL,
        "nobody": ids.NOBODY,
        "blind": LinkRule.BLIND,
        "held": HELD,
    }
    told = {record_id for (record_id,) in bulk.run(session, _TOLD, values)}
    return tuple(one for one in refused if one.id in told)


def _check(by: User, record: Record) -> None:
    """Who may not link mail to a deal does not take it off one."""
    permissions.check(by, May.EDIT_RECORDS)
    if record is Record.DEAL:
        permissions.check(by, May.EDIT_DEALS)
