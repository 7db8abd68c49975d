"""A message to be sent knows under which address it goes, where that is not its mailbox's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    alias = sa.Column("alias", sa.Text(), nullable=False, server_default="")
    op.add_column("outgoing", alias)
    op.alter_column("outgoing", "alias", server_default=None)


def downgrade() -> None:
    op.drop_column("outgoing", "alias")
