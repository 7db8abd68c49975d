"""Mail is sent from a row, with its attachments beside it; out of a sandbox nothing is.

The scheduler finds what is due in all workspaces, and may read no more of it than where it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "workspace", sa.Column("sandbox", sa.Boolean(), nullable=False, server_default="false")
    )
    op.alter_column("workspace", "sandbox", server_default=None)
    op.create_table(
        "outgoing",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("recipients", JSONB(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("in_reply_to_id", sa.Uuid()),
        sa.Column("references", JSONB(), nullable=False),
        sa.Column("rfc_id", sa.Text(), nullable=False),
        sa.Column("sent_rfc_id", sa.Text(), nullable=False),
        sa.Column("remote", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("refused", JSONB(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("dated_at", MOMENT, nullable=False),
        sa.Column("doubted_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("message_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="outgoing_pk"),
        _key("outgoing", "mailbox_id", "mailbox", "CASCADE"),
        _key("outgoing", "author_id", "user"),
        _key("outgoing", "message_id", "message", "SET NULL (message_id)"),
        _key("outgoing", "in_reply_to_id", "message", "SET NULL (in_reply_to_id)"),
    )
    for column in ("mailbox_id", "author_id", "message_id", "in_reply_to_id"):
        op.create_index(f"outgoing_workspace_id_{column}_ix", "outgoing", ["workspace_id", column])
    op.create_index(
        "outgoing_due_at_ix",
        "outgoing",
        ["due_at"],
        postgresql_where=sa.text("due_at is not null"),
    )
    op.create_table(
        "outgoing_file",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("outgoing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "outgoing_id", "position", name="outgoing_file_pk"),
        _key("outgoing_file", "outgoing_id", "outgoing", "CASCADE"),
    )
    for table in ("outgoing", "outgoing_file"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy here on {table} to inlay_program using (workspace_id = {HERE})")
        op.execute(f"grant select, insert, update, delete on {table} to inlay_program")
        # As on the other tables since 0002: a fresh table has no statistics.
        op.execute(f"""
            do $$ begin
              if current_setting('server_version_num')::int >= 170000 then
                grant maintain on {table} to inlay_program;
              end if;
            end $$
        """)
    op.execute("create policy everywhere on outgoing to inlay_scheduler using (true)")
    op.execute(
        "grant select (workspace_id, id, due_at, leased_until) on outgoing to inlay_scheduler"
    )


def downgrade() -> None:
    op.drop_table("outgoing_file")
    op.drop_table("outgoing")
    op.drop_column("workspace", "sandbox")


def _key(table: str, column: str, to: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=f"{table}_workspace_id_{column}_fk",
        ondelete=on_delete,
        deferrable=True,
        initially="DEFERRED",
    )
