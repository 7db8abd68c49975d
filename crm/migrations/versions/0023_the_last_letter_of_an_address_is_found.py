"""When an address last wrote is found without its other letters."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEX = "message_workspace_id_from_email_at_ix"


def upgrade() -> None:
    op.create_index(INDEX, "message", ["workspace_id", "from_email", "at"])


def downgrade() -> None:
    op.drop_index(INDEX, "message")
