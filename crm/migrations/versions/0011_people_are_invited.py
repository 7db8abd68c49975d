"""People are invited by a link, known by their Google account, and guessing is slowed down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"


def upgrade() -> None:
    op.add_column("user", sa.Column("google_email", sa.Text(), nullable=False, server_default=""))
    op.alter_column("user", "google_email", server_default=None)
    op.add_column("user", sa.Column("google_key", sa.LargeBinary()))
    op.create_table(
        "password_link",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="password_link_pk"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["user.workspace_id", "user.id"],
            name="password_link_workspace_id_user_id_fk",
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.execute("alter table password_link enable row level security")
    op.execute(
        f"create policy here on password_link to inlay_program using (workspace_id = {_HERE})"
    )
    op.execute("grant select, insert, update, delete on password_link to inlay_program")
    op.create_table(
        "attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="attempt_pk"),
    )
    op.create_index("attempt_since_ix", "attempt", ["since"])
    op.execute("grant select, insert, update, delete on attempt to inlay_program")


def downgrade() -> None:
    op.drop_table("attempt")
    op.drop_table("password_link")
    op.drop_column("user", "google_key")
    op.drop_column("user", "google_email")
