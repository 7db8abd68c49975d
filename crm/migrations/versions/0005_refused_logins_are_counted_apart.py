"""Refused logins are counted apart: a network that fails between two of them hides neither."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was refused before is counted from here on; those that we stopped for stay stopped.
    op.add_column(
        "mailbox", sa.Column("refusals", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("mailbox", "refusals", server_default=None)


def downgrade() -> None:
    op.drop_column("mailbox", "refusals")
