"""A message's signature stands beside its text, so that it can be shown apart from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    signature = sa.Column("signature", sa.Text(), nullable=False, server_default="")
    op.add_column("message_body", signature)
    op.alter_column("message_body", "signature", server_default=None)


def downgrade() -> None:
    op.drop_column("message_body", "signature")
