"""Workspaces never see each other: each table has a policy, and the program owns none of them.

The roles are made beforehand, by the embedded server or by an admin (docs/operating.md): a
migration may not make roles on a managed server.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWNED = (
    "user",
    "sign_in",
    "company",
    "contact",
    "contact_address",
    "lifecycle_step",
    "mailbox",
    "folder",
    "stretch",
    "copy",
    "raw_letter",
    "message",
    "message_body",
    "thread",
    "mention",
    "inbox_thread",
    "participant",
    "attachment",
    "activity",
    "activity_link",
    "refusal",
    "task",
    "note",
    "pipeline",
    "stage",
    "deal",
    "deal_contact",
    "deal_thread",
    "deal_move",
)
#: Where work for all workspaces is found, and what is changed by finding it.
SCHEDULED = ("workspace", "mailbox", "stretch")
#: A fresh database has no statistics, and the first thousand messages would be filed by bad plans.
MAINTAIN = """
do $$ begin
  if current_setting('server_version_num')::int >= 170000 then
    grant maintain on all tables in schema public to inlay_program;
  end if;
end $$
"""
HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"


def upgrade() -> None:
    for table in OWNED:
        _guard(table, "workspace_id")
    _guard("workspace", "id")
    op.execute("grant select, insert, update, delete on directory to inlay_program")
    op.execute("grant select on alembic_version to inlay_program")
    op.execute(MAINTAIN)
    for table in SCHEDULED:
        op.execute(f'create policy everywhere on "{table}" to inlay_scheduler using (true)')
        op.execute(f'grant select on "{table}" to inlay_scheduler')


def downgrade() -> None:
    for table in SCHEDULED:
        op.execute(f'drop policy everywhere on "{table}"')
        op.execute(f'revoke all on "{table}" from inlay_scheduler')
    for table in (*OWNED, "workspace"):
        op.execute(f'drop policy here on "{table}"')
        op.execute(f'alter table "{table}" disable row level security')
        op.execute(f'revoke all on "{table}" from inlay_program')
    op.execute("revoke all on directory from inlay_program")


def _guard(table: str, key: str) -> None:
    op.execute(f'alter table "{table}" enable row level security')
    op.execute(f'create policy here on "{table}" to inlay_program using ({key} = {HERE})')
    op.execute(f'grant select, insert, update, delete on "{table}" to inlay_program')
