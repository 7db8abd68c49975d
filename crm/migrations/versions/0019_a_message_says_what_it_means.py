"""Beside its words a message has what it means: a bounce, a forward, a meeting, a day of return."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"
MOMENT = sa.DateTime(timezone=True)
NEW = ("bounce", "forward", "meeting", "meeting_attendee", "meeting_message")


def upgrade() -> None:
    for name in ("suspicions", "means"):
        op.add_column("message", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("returns_on", sa.Date(), nullable=True))
    op.create_index(
        "message_returns_on_ix",
        "message",
        ["workspace_id", "from_email", "returns_on"],
        postgresql_where=sa.text("returns_on is not null"),
    )
    _of_mail()
    _of_meetings()
    for table in NEW:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy here on {table} to inlay_program using (workspace_id = {HERE})")
        op.execute(f"grant select, insert, update, delete on {table} to inlay_program")
        # As on the other tables since 0002: a fresh table has no statistics.
        op.execute(f"""
            do $$ begin
              if current_setting('server_version_num')::int >= 170000 then
                grant maintain on {table} to inlay_program;
              end if;
            end $$
        """)


def downgrade() -> None:
    for table in reversed(NEW):
        op.drop_table(table)
    # Lines and roles that no earlier version knows.
    op.execute("delete from activity where kind = 7")
    op.execute("delete from activity_link where rule = 6")
    op.execute("delete from participant where role in (7, 8)")
    op.drop_index("message_returns_on_ix", "message")
    op.drop_column("message", "returns_on")
    op.drop_column("message", "means")
    op.drop_column("message", "suspicions")


def _of_mail() -> None:
    op.create_table(
        "bounce",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=True),
        sa.Column("diagnostic", sa.Text(), nullable=False),
        sa.Column("returned", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", "position", name="bounce_pk"),
        _key("bounce", "message_id", "message", "CASCADE"),
        _key("bounce", "about_id", "message", "SET NULL (about_id)"),
    )
    for column in ("about_id", "returned", "recipient"):
        op.create_index(f"bounce_workspace_id_{column}_ix", "bounce", ["workspace_id", column])
    op.create_table(
        "forward",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("date_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", name="forward_pk"),
        _key("forward", "message_id", "message", "CASCADE"),
    )


def _of_meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("organizer_name", sa.Text(), nullable=False),
        sa.Column("organizer_email", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("moved_from", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="meeting_pk"),
        sa.UniqueConstraint("workspace_id", "ref", name="meeting_workspace_id_ref_uq"),
        _key("meeting", "id", "activity", "CASCADE"),
        _key("meeting", "message_id", "message", "CASCADE"),
    )
    op.create_index("meeting_workspace_id_message_id_ix", "meeting", ["workspace_id", "message_id"])
    op.create_table(
        "meeting_attendee",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("answer", sa.SmallInteger(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint(
            "workspace_id", "meeting_id", "position", name="meeting_attendee_pk"
        ),
        _key("meeting_attendee", "meeting_id", "meeting", "CASCADE"),
    )
    op.create_table(
        "meeting_message",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "message_id", "meeting_id", name="meeting_message_pk"
        ),
        _key("meeting_message", "message_id", "message", "CASCADE"),
        _key("meeting_message", "meeting_id", "meeting", "CASCADE"),
    )
    op.create_index(
        "meeting_message_workspace_id_meeting_id_ix",
        "meeting_message",
        ["workspace_id", "meeting_id"],
    )


def _key(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=f"{table}_workspace_id_{column}_fk",
        ondelete=on_delete,
        deferrable=True,
        initially="DEFERRED",
    )
