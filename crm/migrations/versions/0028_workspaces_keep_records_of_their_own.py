"""A workspace keeps sorts of records of its own, and any two records may be related."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.migrations.secured import key, of_workspace, secure

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "object_type",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("many", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("archived_at", MOMENT),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="object_type_pk"),
        sa.UniqueConstraint("workspace_id", "key", name="object_type_workspace_id_key_uq"),
        of_workspace("object_type"),
    )
    op.create_table(
        "object_record",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="object_record_pk"),
        key("object_record", "type_id", "object_type"),
        key("object_record", "owner_id", "user", "SET NULL (owner_id)"),
    )
    op.create_index(
        "object_record_workspace_id_type_id_name_id_ix",
        "object_record",
        ["workspace_id", "type_id", "name", "id"],
    )
    op.create_table(
        "relation",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("from_record", sa.SmallInteger(), nullable=False),
        sa.Column("to_record", sa.SmallInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "from_id", "to_id", name="relation_pk"),
        of_workspace("relation"),
    )
    op.create_index("relation_workspace_id_to_id_ix", "relation", ["workspace_id", "to_id"])
    for table in ("object_type", "object_record", "relation"):
        secure(table)


def downgrade() -> None:
    for table in ("relation", "object_record", "object_type"):
        op.drop_table(table)
