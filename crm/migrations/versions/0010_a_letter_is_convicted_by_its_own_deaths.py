"""A letter is convicted by the workers that ended while they read it alone, not by any others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stretch", sa.Column("accused", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.alter_column("stretch", "accused", server_default=None)


def downgrade() -> None:
    op.drop_column("stretch", "accused")
