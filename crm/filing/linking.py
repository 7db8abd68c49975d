"""Put messages on timelines, with the rule for every link.

One set of statements serves a new batch, a contact that is met later and pulls in its stored
mail, and a change of who may see what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk, ids
from crm.filing import meeting_rows
from crm.filing.who import unfiled_because
from crm.mail import visibility
from crm.mail.letter import Kind, Role
from crm.mail.models import HELD, Direction
from crm.work.models import LinkRule, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session


_ROLES = {
    "author": Role.FROM,
    "told_of": [Role.ORIGINAL, Role.INTRODUCED],
    "returned": Role.RETURNED,
}


def audiences(rule: str) -> str:
    """Give the SQL for whom a line of message `m` is: everyone, or owners of mailboxes with it.

    `rule` is the column of the line's rule: by a blind copy it is the sender's alone.
    """
    return f"""
  cross join lateral (
    select %(everyone)s::uuid as audience where m.shares > 0 and {rule} <> %(blind)s
    union all
    select distinct own.mailbox_id from copy own
    where (m.shares = 0 or {rule} = %(blind)s) and own.workspace_id = m.workspace_id
      and own.message_id = m.id and own.state = any(%(held)s::smallint[])
      and ({rule} <> %(blind)s or {visibility.SENT})
  ) a
"""


def _unless_refused(record_id: str) -> str:
    """Give the SQL of the audience that a line is for: nobody, where the message is refused."""
    return f"""case when exists (
    select from refusal r where r.workspace_id = m.workspace_id and r.record_id = {record_id}
      and r.what = any(array[m.id::text, m.from_email])
  ) then %(nobody)s::uuid else a.audience end"""


#: An automatic message counts for its author alone: a newsletter links nobody it was sent to. But
#: a bounce of ours does whom it is about; and who wrote what is passed on, or whose calling card it
#: brings, took no part at all.
_COUNTS = """(m.kind = any(%(personal)s::smallint[]) and p.role <> all(%(told_of)s::smallint[])
      or p.role in (%(author)s, %(returned)s))"""

_CONTACTS = f"""
with told as (
  select p.message_id, p.contact_id,
    min(case p.role when %(bcc)s then %(blind)s when %(returned)s then %(by_bounce)s
      else %(by_address)s end::smallint) as rule
  from message m
    join participant p on p.workspace_id = m.workspace_id and p.message_id = m.id
      and p.contact_id is not null
  where m.workspace_id = %(ws)s and m.id = any(%(messages)s::uuid[])
    and {_COUNTS}
  group by p.message_id, p.contact_id
)
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select m.workspace_id, t.contact_id, a.audience, m.at, m.id, %(contact)s::smallint, t.rule,
  %(since)s::timestamptz
from told t
  join message m on m.workspace_id = %(ws)s and m.id = t.message_id
  {audiences("t.rule")}
where not exists (
    select from refusal r where r.workspace_id = m.workspace_id and r.record_id = t.contact_id
      and r.what = any(array[m.id::text, m.from_email]))
on conflict do nothing
"""

_COMPANIES = f"""
with through as (
  select l.activity_id, k.company_id,
    min(case l.rule when %(blind)s then %(blind)s else %(by_company)s end::smallint) as rule
  from activity_link l
    join contact k on k.workspace_id = l.workspace_id and k.id = l.record_id
      and k.company_id is not null
  where l.workspace_id = %(ws)s and l.activity_id = any(%(messages)s::uuid[])
    and l.record = %(contact)s and l.audience <> %(nobody)s
  group by l.activity_id, k.company_id
)
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select m.workspace_id, t.company_id, a.audience, m.at, m.id, %(company)s::smallint, t.rule,
  %(since)s::timestamptz
from through t
  join message m on m.workspace_id = %(ws)s and m.id = t.activity_id
  {audiences("t.rule")}
where not exists (
    select from refusal r where r.workspace_id = m.workspace_id and r.record_id = t.company_id
      and r.what = any(array[m.id::text, m.from_email]))
on conflict do nothing
"""

#: What a deal refuses has a line for nobody: when the refusal goes, that alone leads it back.
_DEALS = f"""
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct m.workspace_id, d.deal_id, {_unless_refused("d.deal_id")}, m.at, m.id,
  %(deal)s::smallint, %(by_thread)s::smallint, %(since)s::timestamptz
from message m
  join deal_thread d on d.workspace_id = m.workspace_id and d.thread_id = m.thread_id
  {audiences("%(by_thread)s")}
where m.workspace_id = %(ws)s and m.id = any(%(messages)s::uuid[])
on conflict do nothing
returning activity_id
"""


def link(
    session: Session, workspace_id: UUID, message_ids: Sequence[UUID], *, since: datetime
) -> list[UUID]:
    """Put messages on the timelines of their contacts, companies and deals. Safe to repeat.

    Return those that came onto a deal.
    """
    values = _values(workspace_id, message_ids, since)
    for statement in (_CONTACTS, _COMPANIES):
        bulk.run(session, statement, values)
    return list({message_id for (message_id,) in bulk.run(session, _DEALS, values)})


def link_threads(
    session: Session, workspace_id: UUID, thread_ids: Collection[UUID], *, since: datetime
) -> None:
    """Put all messages of threads on their timelines: after a merge, or when a deal is linked."""
    if not thread_ids:
        return
    message_ids = _of_threads(session, workspace_id, thread_ids)
    link(session, workspace_id, message_ids, since=since)
    share(session, workspace_id, message_ids)
    unfile(session, workspace_id, message_ids)
    meeting_rows.stand(session, workspace_id, message_ids)


_UNLINKED = """
with taken as (
  delete from activity_link l using message m
  where l.workspace_id = %(ws)s and l.record_id = %(deal)s and l.rule = %(by_thread)s
    and (l.audience <> %(nobody)s or l.since = %(since)s)
    and m.workspace_id = l.workspace_id and m.id = l.activity_id and m.thread_id = %(thread)s
  returning l.record_id, l.at, l.activity_id, l.record, l.rule, l.since
)
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct on (t.record_id, t.at, t.activity_id)
  %(ws)s, t.record_id, %(nobody)s, t.at, t.activity_id, t.record, t.rule, t.since
from taken t where t.since <> %(since)s
order by t.record_id, t.at, t.activity_id, t.since
on conflict do nothing
"""


def unlink_thread(
    session: Session, workspace_id: UUID, deal_id: UUID, thread_id: UUID, *, since: datetime
) -> None:
    """Take a thread's messages off the timeline of a deal that it was linked to since then.

    A line as old as the link is made again with it. One that came later is kept for nobody to
    see, until the thread is linked again.
    """
    values = {
        "ws": workspace_id,
        "deal": deal_id,
        "thread": thread_id,
        "since": since,
        "by_thread": LinkRule.THREAD,
        "nobody": ids.NOBODY,
    }
    bulk.run(session, _UNLINKED, values)
    message_ids = _of_threads(session, workspace_id, [thread_id])
    unfile(session, workspace_id, message_ids)
    meeting_rows.stand(session, workspace_id, message_ids)


#: Of messages of which something is to be said, or that have a rule: whether they stand somewhere,
#: and whether they would. What stands nowhere and has a contact or a deal was taken off it.
_STANDING = f"""
select m.id, m.unfiled, m.direction, m.kind <> all(%(personal)s::smallint[]), m.suspicions <> '',
  s.stands,
  not s.stands and (
    exists (select from participant p
      where p.workspace_id = m.workspace_id and p.message_id = m.id and p.contact_id is not null
        and {_COUNTS})
    or exists (select from deal_thread d
      where d.workspace_id = m.workspace_id and d.thread_id = m.thread_id))
from message m
  cross join lateral (
    select exists (select from activity_link l where l.workspace_id = m.workspace_id
      and l.activity_id = m.id and l.audience <> %(nobody)s) as stands
  ) s
where m.workspace_id = %(ws)s and m.id = any(%(messages)s::uuid[])
  and (m.unfiled <> '' or not s.stands)
"""


def unfile(session: Session, workspace_id: UUID, message_ids: Sequence[UUID]) -> None:
    """Name the rule for those messages that stand on nobody's timeline; clear it for the others."""
    values = {
        "ws": workspace_id,
        "messages": list(message_ids),
        "personal": [Kind.PERSON, Kind.INVITATION],
        **_ROLES,
        "nobody": ids.NOBODY,
    }
    found = {}
    rows = bulk.run(session, _STANDING, values)
    for message_id, before, way, automatic, doubted, stands, refused in rows:
        why = unfiled_because(Direction(way), automatic=automatic, doubted=doubted)
        rule = "" if stands else "taken_off" if refused else why
        if rule != before:
            found[message_id] = rule
    if found:
        bulk.run(
            session,
            "update message m set unfiled = v.rule from unnest(%s::uuid[], %s::text[]) v(id, rule)"
            " where m.workspace_id = %s and m.id = v.id",
            (list(found), list(found.values()), workspace_id),
        )


def share(session: Session, workspace_id: UUID, message_ids: Sequence[UUID]) -> None:
    """Work out anew what colleagues see of messages, and for whom their lines are.

    The most open of the mailboxes that have a message decides, each with its owner's choice for
    the thread.
    """
    if not message_ids:
        return
    values = {
        "ws": workspace_id,
        "messages": list(message_ids),
        "held": HELD,
        "everyone": ids.EVERYONE,
        "nobody": ids.NOBODY,
        "blind": LinkRule.BLIND,
    }
    bulk.run(session, _SHARES, values)
    bulk.run(session, _RESHARED, values)


_SHARES = """
update message m set shares = wanted.shares
from (
  select m.id, coalesce(max(coalesce(i.shares, b.shares)), 0) as shares
  from message m
    left join copy c on c.workspace_id = m.workspace_id and c.message_id = m.id
      and c.state = any(%(held)s::smallint[])
    left join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
    left join inbox_thread i on i.workspace_id = b.workspace_id and i.mailbox_id = b.id
      and i.thread_id = m.thread_id
  where m.workspace_id = %(ws)s and m.id = any(%(messages)s::uuid[])
  group by m.id
) wanted
where m.workspace_id = %(ws)s and m.id = wanted.id and m.shares <> wanted.shares
"""

#: The lines as they are, without their audience; then for the audiences of now.
_RESHARED = f"""
with taken as (
  delete from activity_link
  where workspace_id = %(ws)s and activity_id = any(%(messages)s::uuid[])
    and audience <> %(nobody)s
  returning record_id, at, activity_id, record, rule, since
)
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct on (t.record_id, a.audience, t.at, t.activity_id)
  m.workspace_id, t.record_id, a.audience, t.at, t.activity_id, t.record, t.rule, t.since
from taken t
  join message m on m.workspace_id = %(ws)s and m.id = t.activity_id
  {audiences("t.rule")}
order by t.record_id, a.audience, t.at, t.activity_id, t.since
"""


def _of_threads(session: Session, workspace_id: UUID, thread_ids: Collection[UUID]) -> list[UUID]:
    rows = bulk.run(
        session,
        "select id from message where workspace_id = %s and thread_id = any(%s::uuid[])",
        (workspace_id, list(thread_ids)),
    )
    return [message_id for (message_id,) in rows]


def _values(workspace_id: UUID, message_ids: Sequence[UUID], since: datetime) -> dict[str, object]:
    return {
        "ws": workspace_id,
        "messages": list(message_ids),
        "since": since,
        "everyone": ids.EVERYONE,
        "nobody": ids.NOBODY,
        "held": HELD,
        "contact": Record.CONTACT,
        "company": Record.COMPANY,
        "deal": Record.DEAL,
        "by_address": LinkRule.ADDRESS,
        "by_company": LinkRule.COMPANY,
        "by_thread": LinkRule.THREAD,
        "blind": LinkRule.BLIND,
        "by_bounce": LinkRule.BOUNCE,
        "personal": [Kind.PERSON, Kind.INVITATION],
        **_ROLES,
        "bcc": Role.BCC,
    }
