"""What happens is an event, which live pages read; it holds ids alone, and goes after a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"
XACT = sa.text("pg_current_xact_id()::text::bigint")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False, server_default=XACT),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid()),
        sa.Column("threads", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "xact", "id", name="event_pk"),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name="event_workspace_id_fk",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.execute("alter table event enable row level security")
    op.execute(f"create policy here on event to inlay_program using (workspace_id = {HERE})")
    op.execute("grant select, insert, update, delete on event to inlay_program")
    # As on the other tables since 0002: a fresh table has no statistics.
    op.execute("""
        do $$ begin
          if current_setting('server_version_num')::int >= 170000 then
            grant maintain on event to inlay_program;
          end if;
        end $$
    """)


def downgrade() -> None:
    op.drop_table("event")
