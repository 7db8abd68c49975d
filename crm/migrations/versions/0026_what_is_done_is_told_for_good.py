"""Every change is told for good: the program can only append to what was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations.secured import key, of_workspace, secure

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("verb", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="audit_pk"),
        of_workspace("audit"),
        key("audit", "user_id", "user"),
    )
    for columns in (["record_id", "at", "id"], ["act_id"], ["at", "id"]):
        name = f"audit_workspace_id_{'_'.join(columns)}_ix"
        op.create_index(name, "audit", ["workspace_id", *columns])
    secure("audit", "select, insert")


def downgrade() -> None:
    op.drop_table("audit")
