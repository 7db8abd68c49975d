"""Take off a record what is refused there, and put back what is refused no more, as it was.

A line that is taken off is kept for nobody to see, with its rule and since when, so that it comes
back byte for byte. A company's line "through its contact" goes and comes with the contact's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk, ids
from crm.filing.linking import audiences
from crm.mail.models import HELD
from crm.work.models import LinkRule, Record

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session

_REFUSED = """
exists (select from refusal r join message m on m.workspace_id = l.workspace_id
    and m.id = l.activity_id
  where r.workspace_id = l.workspace_id and r.record_id = l.record_id
    and r.what = any(array[m.id::text, m.from_email]))
"""

#: A deal has the messages of the threads that are linked to it, and no others.
_HAS_IT = """
(l.record <> %(deal)s or exists (select from message m
    join deal_thread d on d.workspace_id = m.workspace_id and d.thread_id = m.thread_id
  where m.workspace_id = l.workspace_id and m.id = l.activity_id and d.deal_id = l.record_id))
"""

_TO_NOBODY = """
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct on (t.record_id, t.at, t.activity_id)
  %(ws)s, t.record_id, %(nobody)s, t.at, t.activity_id, t.record, t.rule, t.since
from taken t order by t.record_id, t.at, t.activity_id, t.since
on conflict do nothing
"""

_TO_AUDIENCES = f"""
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct m.workspace_id, t.record_id, a.audience, t.at, t.activity_id, t.record, t.rule,
  t.since
from taken t
  join message m on m.workspace_id = %(ws)s and m.id = t.activity_id
  {audiences("t.rule")}
on conflict do nothing
"""

_COMPANYS = "l.record = %(company)s and l.rule = any(%(through)s::smallint[])"

#: Through a contact of the same company that stands on the message for somebody to see.
_THROUGH = """
exists (select from activity_link o
    join contact k on k.workspace_id = o.workspace_id and k.id = o.record_id
  where o.workspace_id = l.workspace_id and o.activity_id = l.activity_id
    and o.record = %(contact)s and o.audience <> %(nobody)s and k.company_id = l.record_id)
"""

_TAKEN_OFF = f"""
with taken as (
  delete from activity_link l
  where l.workspace_id = %(ws)s and l.record_id = %(record)s and l.audience <> %(nobody)s
    and {_REFUSED}
  returning record_id, at, activity_id, record, rule, since
), kept as ({_TO_NOBODY})
select distinct activity_id from taken
"""

_COMPANY_OFF = f"""
with taken as (
  delete from activity_link l
  where l.workspace_id = %(ws)s and l.activity_id = any(%(messages)s::uuid[])
    and l.audience <> %(nobody)s and {_COMPANYS} and not {_THROUGH}
  returning record_id, at, activity_id, record, rule, since
)
{_TO_NOBODY}
"""

_PUT_BACK = f"""
with taken as (
  delete from activity_link l
  where l.workspace_id = %(ws)s and l.record_id = %(record)s and l.audience = %(nobody)s
    and not {_REFUSED} and {_HAS_IT}
  returning record_id, at, activity_id, record, rule, since
), shown as ({_TO_AUDIENCES})
select distinct activity_id from taken
"""

_COMPANY_BACK = f"""
with taken as (
  delete from activity_link l
  where l.workspace_id = %(ws)s and l.activity_id = any(%(messages)s::uuid[])
    and l.audience = %(nobody)s and {_COMPANYS} and {_THROUGH} and not {_REFUSED}
  returning record_id, at, activity_id, record, rule, since
)
{_TO_AUDIENCES}
"""


def unlink(session: Session, workspace_id: UUID, record_id: UUID) -> list[UUID]:
    """Take off a record whatever is refused there; return the messages that left it."""
    return _both(session, workspace_id, record_id, _TAKEN_OFF, _COMPANY_OFF)


def relink(session: Session, workspace_id: UUID, record_id: UUID) -> list[UUID]:
    """Put back on a record what nothing keeps off it any more, by the rule and since of old.

    To a deal nothing comes while its thread is not linked to it. Return the messages that came.
    """
    return _both(session, workspace_id, record_id, _PUT_BACK, _COMPANY_BACK)


def _both(
    session: Session, workspace_id: UUID, record_id: UUID, own: str, companys: str
) -> list[UUID]:
    values = {
        "ws": workspace_id,
        "record": record_id,
        "nobody": ids.NOBODY,
        "everyone": ids.EVERYONE,
        "held": HELD,
        "contact": Record.CONTACT,
        "company": Record.COMPANY,
        "deal": Record.DEAL,
        "through": [LinkRule.COMPANY, LinkRule.BLIND],
        "blind": LinkRule.BLIND,
    }
    moved = [message_id for (message_id,) in bulk.run(session, own, values)]
    if moved:
        bulk.run(session, companys, {**values, "messages": moved})
    return moved
