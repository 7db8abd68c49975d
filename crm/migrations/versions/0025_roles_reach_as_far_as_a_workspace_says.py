"""A workspace has roles of its own, and teams as far as which a role may reach."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from crm.migrations.secured import key, of_workspace, secure

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_role",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rights", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name="own_role_pk"),
        sa.UniqueConstraint("workspace_id", "name", name="own_role_workspace_id_name_uq"),
        of_workspace("own_role"),
    )
    op.create_table(
        "team",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="team_pk"),
        sa.UniqueConstraint("workspace_id", "name", name="team_workspace_id_name_uq"),
        of_workspace("team"),
    )
    op.create_table(
        "team_user",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "team_id", "user_id", name="team_user_pk"),
        key("team_user", "team_id", "team", "CASCADE"),
        key("team_user", "user_id", "user", "CASCADE"),
    )
    op.create_index("team_user_workspace_id_user_id_ix", "team_user", ["workspace_id", "user_id"])
    for table in ("own_role", "team", "team_user"):
        secure(table)


def downgrade() -> None:
    for table in ("team_user", "team", "own_role"):
        op.drop_table(table)
