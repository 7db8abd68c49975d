"""A mailbox's lease bears its holder's mark: who slept does not give back what another holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("leased_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("mailbox", "leased_by")
