"""A mailbox keeps what stood between us and its server, which each reader is told in words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("why", sa.Text(), nullable=False, server_default=""))
    op.alter_column("mailbox", "why", server_default=None)


def downgrade() -> None:
    op.drop_column("mailbox", "why")
