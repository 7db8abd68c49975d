"""The road has its tables: workspaces, people, mail, work and deals."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "deal_move deal_thread deal_contact task note activity_link activity refusal deal stage"
    " pipeline attachment participant inbox_thread mention message_body copy message thread"
    " raw_letter stretch folder mailbox lifecycle_step contact_address contact company sign_in"
    ' "user" directory workspace'
)


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    connection = op.get_bind()
    connection.execute(text("drop table " + ", ".join(_TABLES.split())))
