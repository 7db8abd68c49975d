"""Search goes through the finder: the one role for which the index of texts is of use.

A policy hides an index from operators that are not leakproof, and `@@` is none. So the finder
owns a function that takes the workspace from the setting itself, hands out ids and ranks, never
text, and looks at the newest matches only that the viewer may read: what others hide must not
crowd out one's own. What it finds is read again under the policy and the viewer's audiences.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIND_MESSAGES = """
create function find_messages(words text, mailboxes uuid[], most integer)
returns table (id uuid, at timestamptz, rank real)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select m.id, m.at, ts_rank(m.search, q.query)
  from websearch_to_tsquery('public.inlay', words) as q(query)
  cross join lateral (
    select message.id, message.at, message.search
    from public.message
    where message.workspace_id = nullif(current_setting('inlay.workspace', true), '')::uuid
      and message.search @@ q.query
      and (message.shares = 3 or exists (
        select from public.copy
        where copy.workspace_id = message.workspace_id and copy.message_id = message.id
          and copy.state in (1, 4) and copy.mailbox_id = any(mailboxes)))
    order by message.at desc
    limit least(most, 2000)
  ) m
$$
"""


def upgrade() -> None:
    op.execute("create text search configuration inlay (copy = simple)")
    op.execute(
        "alter text search configuration inlay alter mapping for hword, hword_part, word"
        " with unaccent, simple"
    )
    op.execute("create policy finding on message to inlay_finder using (true)")
    op.execute("create policy finding on copy to inlay_finder using (true)")
    op.execute("grant select (workspace_id, id, at, shares, search) on message to inlay_finder")
    op.execute("grant select (workspace_id, message_id, mailbox_id, state) on copy to inlay_finder")
    op.execute(FIND_MESSAGES)
    op.execute("revoke all on function find_messages(text, uuid[], integer) from public")
    op.execute("grant execute on function find_messages(text, uuid[], integer) to inlay_program")
    op.execute("alter function find_messages(text, uuid[], integer) owner to inlay_finder")


def downgrade() -> None:
    op.execute("set local role inlay_finder")
    op.execute("drop function find_messages(text, uuid[], integer)")
    op.execute("reset role")
    op.execute("revoke all on message, copy from inlay_finder")
    op.execute("drop policy finding on message")
    op.execute("drop policy finding on copy")
    op.execute("drop text search configuration inlay")
