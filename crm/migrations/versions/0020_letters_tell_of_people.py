"""What signatures and calling cards tell of people is kept, and what somebody said to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "mailbox", sa.Column("suggests", sa.Boolean(), nullable=False, server_default="true")
    )
    op.alter_column("mailbox", "suggests", server_default=None)
    op.create_table(
        "suggestion",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "email",
            "kind",
            "value",
            "mailbox_id",
            "message_id",
            name="suggestion_pk",
        ),
        _key("suggestion", "mailbox_id", "mailbox", "CASCADE"),
        _key("suggestion", "message_id", "message", "CASCADE"),
    )
    for column in ("mailbox_id", "message_id"):
        op.create_index(
            f"suggestion_workspace_id_{column}_ix", "suggestion", ["workspace_id", column]
        )
    op.create_table(
        "contact_detail",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("until", MOMENT),
        sa.Column("message_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "contact_id", "kind", "value", name="contact_detail_pk"
        ),
        _key("contact_detail", "contact_id", "contact", "CASCADE"),
        _key("contact_detail", "message_id", "message", "SET NULL (message_id)"),
        _key("contact_detail", "user_id", "user", "SET NULL (user_id)"),
    )
    op.create_index(
        "contact_detail_workspace_id_message_id_ix",
        "contact_detail",
        ["workspace_id", "message_id"],
    )
    for table in ("suggestion", "contact_detail"):
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


def downgrade() -> None:
    op.drop_table("contact_detail")
    op.drop_table("suggestion")
    op.drop_column("mailbox", "suggests")


def _key(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=f"{table}_workspace_id_{column}_fk",
        ondelete=on_delete,
        deferrable=True,
        initially="DEFERRED",
    )
