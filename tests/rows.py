"""What stands in the database, as one checksum a table: for tests in which nothing may change."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from crm.base import db
from crm.migrations.tables import metadata

#: A sign-in notes now and then that it was used, and an event that something changed: neither is
#: a change of anybody's records.
QUIET = frozenset({"sign_in", "event"})


def checksums(session: db.Session, *workspaces: UUID) -> dict[tuple[UUID, str], tuple[int, str]]:
    """Return for every table of these workspaces how many rows it has, and what is in them."""
    session.flush()
    here = session.info.get("workspace")
    tables = sorted(set(metadata.tables) - QUIET)
    statement = text(
        " union all ".join(
            f"select '{name}', count(*), coalesce(md5(string_agg(md5(t::text), ''"
            f" order by md5(t::text))), '') from \"{name}\" t"
            for name in tables
        )
    )
    found = {}
    for workspace in workspaces:
        db.enter(session, workspace)
        session.execute(
            text("select set_config('inlay.workspace', :w, true)"), {"w": str(workspace)}
        )
        for name, count, checksum in session.execute(statement):
            found[workspace, name] = (count, checksum)
    if here is not None:
        db.enter(session, here)
    return found


def changed(
    before: dict[tuple[UUID, str], tuple[int, str]], after: dict[tuple[UUID, str], tuple[int, str]]
) -> list[str]:
    """Name the tables that differ."""
    return sorted({name for (where, name), rows in before.items() if after[where, name] != rows})
