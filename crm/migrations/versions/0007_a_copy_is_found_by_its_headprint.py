"""A copy is found by its headprint, so that a folder under new numbers is recognised in time."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("copy_headprint_ix", "copy", ["headprint"], postgresql_using="hash")


def downgrade() -> None:
    op.drop_index("copy_headprint_ix", "copy")
