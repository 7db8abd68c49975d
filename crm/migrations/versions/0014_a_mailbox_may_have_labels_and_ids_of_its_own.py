"""A copy keeps its labels, and a stretch may name the ids that it is about one by one.

Search finds what its owner has put into the bin, as it finds what was deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


_FIND = """
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
          and copy.state in ({held}) and copy.mailbox_id = any(mailboxes)))
    order by message.at desc
    limit least(most, 2000)
  ) m
$$
"""


def upgrade() -> None:
    op.add_column("copy", sa.Column("labels", sa.Text(), nullable=False, server_default=""))
    op.add_column("stretch", sa.Column("uids", ARRAY(sa.BigInteger()), nullable=True))
    op.add_column(
        "stretch", sa.Column("way", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.alter_column("stretch", "way", server_default=None)
    _replace(held="1, 2, 4")


def downgrade() -> None:
    _replace(held="1, 4")
    op.drop_column("stretch", "way")
    op.drop_column("stretch", "uids")
    op.drop_column("copy", "labels")


def _replace(*, held: str) -> None:
    """Let search find by copies in these states."""
    name = "find_messages(text, uuid[], integer)"
    op.execute("set local role inlay_finder")
    op.execute(f"drop function {name}")
    op.execute("reset role")
    op.execute(_FIND.format(held=held))
    op.execute(f"revoke all on function {name} from public")
    op.execute(f"grant execute on function {name} to inlay_program")
    op.execute(f"alter function {name} owner to inlay_finder")
