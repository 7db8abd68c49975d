"""Whom a blind copy went to is the sender's alone: on timelines, and in what a search finds.

New mail is filed so; this brings what was filed before to the same.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: The records that stand on a message by blind copies alone: contacts, and companies through them.
_BLIND = """
create temporary table blind on commit drop as
with told as (
  select p.workspace_id, p.message_id, p.contact_id, k.company_id, p.role
  from participant p
    join contact k on k.workspace_id = p.workspace_id and k.id = p.contact_id
  where exists (select from participant b where b.workspace_id = p.workspace_id
    and b.message_id = p.message_id and b.role = 6)
)
select workspace_id, message_id, contact_id as record_id from told
group by workspace_id, message_id, contact_id having min(role) = 6
union
select workspace_id, message_id, company_id from told where company_id is not null
group by workspace_id, message_id, company_id having min(role) = 6
"""

_MARK = """
update activity_link l set rule = 5 from blind b
where l.workspace_id = b.workspace_id and l.activity_id = b.message_id
  and l.record_id = b.record_id and l.rule in (1, 2)
"""

_TO_SENDERS = """
with taken as (
  delete from activity_link l using blind b
  where l.workspace_id = b.workspace_id and l.activity_id = b.message_id
    and l.record_id = b.record_id and l.rule = 5
    and l.audience <> 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  returning l.*
)
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select distinct on (t.workspace_id, t.record_id, c.mailbox_id, t.at, t.activity_id)
  t.workspace_id, t.record_id, c.mailbox_id, t.at, t.activity_id, t.record, t.rule, t.since
from taken t
  join message m on m.workspace_id = t.workspace_id and m.id = t.activity_id
  join copy c on c.workspace_id = t.workspace_id and c.message_id = m.id and c.state in (1, 4)
  join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
  join folder f on f.workspace_id = c.workspace_id and f.id = c.folder_id
where b.address = m.from_email
  or f.role = 'sent' and not exists (select from participant p
    where p.workspace_id = m.workspace_id and p.message_id = m.id and p.email = b.address
      and p.role in (4, 5))
order by t.workspace_id, t.record_id, c.mailbox_id, t.at, t.activity_id, t.since
"""

_SEARCHED = """
update message m set search = to_tsvector('public.inlay', left(concat_ws(E'\n', m.subject,
  (select string_agg(p.name || ' ' || p.email, ' ' order by p.position) from participant p
    where p.workspace_id = m.workspace_id and p.message_id = m.id and p.position < 50
      and p.role <> 6),
  (select string_agg(a.filename, ' ' order by a.position) from attachment a
    where a.workspace_id = m.workspace_id and a.message_id = m.id and a.position < 50),
  t.new_text), 50000))
from message_body t
where t.workspace_id = m.workspace_id and t.message_id = m.id
  and exists (select from participant p where p.workspace_id = m.workspace_id
    and p.message_id = m.id and p.role = 6)
"""


def upgrade() -> None:
    for statement in (_BLIND, _MARK, _TO_SENDERS, _SEARCHED):
        op.execute(statement)


def downgrade() -> None:
    """Nothing is told again to those whom it was not meant for; the tables are the same."""
