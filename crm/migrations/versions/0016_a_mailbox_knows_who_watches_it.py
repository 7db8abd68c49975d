"""A mailbox knows until when Gmail pushes what happens in it, and whether pushes come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MOMENTS = ("watched_until", "watch_at", "pushed_at")
_WORDS = ("watch_trouble", "watch_said")


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("mailbox", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in _WORDS:
        op.add_column("mailbox", sa.Column(name, sa.Text(), nullable=False, server_default=""))
        op.alter_column("mailbox", name, server_default=None)


def downgrade() -> None:
    for name in (*_MOMENTS, *_WORDS):
        op.drop_column("mailbox", name)
