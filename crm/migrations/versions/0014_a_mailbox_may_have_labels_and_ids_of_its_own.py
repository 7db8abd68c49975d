"""A copy keeps its labels, and a stretch may name the ids that it is about one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("copy", sa.Column("labels", sa.Text(), nullable=False, server_default=""))
    op.alter_column("copy", "labels", server_default=None)
    op.add_column("stretch", sa.Column("uids", ARRAY(sa.BigInteger()), nullable=True))
    op.add_column(
        "stretch", sa.Column("way", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.alter_column("stretch", "way", server_default=None)


def downgrade() -> None:
    op.drop_column("stretch", "way")
    op.drop_column("stretch", "uids")
    op.drop_column("copy", "labels")
