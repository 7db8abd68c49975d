"""A message knows who wrote it, where a list put its own address in From; and who passed it on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = ("writer_email", "writer_name", "via", "passed_by_email", "passed_by_name")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("message", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("message", name)
