"""Contacts are read by name, page after page, however many there are."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("contact_workspace_id_name_id_ix", "contact", ["workspace_id", "name", "id"])


def downgrade() -> None:
    op.drop_index("contact_workspace_id_name_id_ix", "contact")
