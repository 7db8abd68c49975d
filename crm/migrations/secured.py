"""What every new table of a workspace gets: its policy, its grants and its keys.

Versions that are out rely on these as they are: what is to be otherwise gets another function.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_HERE = "nullif(current_setting('inlay.workspace', true), '')::uuid"


def secure(table: str, grants: str = "select, insert, update, delete") -> None:
    """Let the program see its own workspace's rows alone, and do with them what is granted."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy here on {table} to inlay_program using (workspace_id = {_HERE})")
    op.execute(f"grant {grants} on {table} to inlay_program")
    # As on the other tables since 0002: a fresh table has no statistics.
    op.execute(f"""
        do $$ begin
          if current_setting('server_version_num')::int >= 170000 then
            grant maintain on {table} to inlay_program;
          end if;
        end $$
    """)


def key(table: str, column: str, to: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    """Point into a table of the same workspace, checked at commit."""
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{to}.workspace_id", f"{to}.id"],
        name=f"{table}_workspace_id_{column}_fk",
        ondelete=on_delete,
        deferrable=True,
        initially="DEFERRED",
    )


def of_workspace(table: str) -> sa.ForeignKeyConstraint:
    """Point at the workspace itself."""
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspace.id"],
        name=f"{table}_workspace_id_fk",
        deferrable=True,
        initially="DEFERRED",
    )
