"""A letter kept raw knows which of its parts stayed on the server, for when it can be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    left = sa.Column("parts_left", JSONB(), nullable=False, server_default="[]")
    op.add_column("raw_letter", left)
    op.alter_column("raw_letter", "parts_left", server_default=None)


def downgrade() -> None:
    op.drop_column("raw_letter", "parts_left")
