"""Open the house for a door: servers, keys, and the database in a role that may do no harm."""

from __future__ import annotations

import dataclasses
import re
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import randbits
from typing import TYPE_CHECKING

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm.base import db
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.base.vault import Vault
from crm.migrations import upgrading
from server import embedded, secrets
from server.demo import stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from crm.base.db import Session
    from crm.base.settings import Settings

#: The role is a superuser, may bypass policies, or owns a table.
_HARMFUL = text(
    "select r.rolsuper or r.rolbypassrls"
    " or exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p'))"
    " from pg_roles r where r.rolname = current_user"
)
#: A policy lets a role see every workspace that has the rights of this one by itself.
_FINDS_WORK = text(
    "select exists (select from pg_roles r where r.rolname = 'inlay_scheduler'"
    " and pg_has_role(r.oid, 'usage'))"
)
_HOLD = text("select pg_try_advisory_xact_lock(:number)")
#: Somebody holds this number in the database that is asked: pg_locks has it in two halves.
_IS_HELD = text(
    "select exists (select from pg_locks where locktype = 'advisory' and objsubid = 1"
    " and (classid::bigint << 32) | objid::bigint = :number"
    " and database = (select oid from pg_database where datname = current_database()))"
)
#: As `crm.migrations` numbers them.
_REVISION = re.compile("[0-9]{4}")


class UnsafeDatabaseError(CRMError):
    """The database, or our role in it, is not what the product may run on."""


@dataclass(frozen=True, slots=True)
class House:
    """What a door has opened."""

    settings: Settings
    vault: Vault


@contextmanager
def opened(
    settings: Settings, *, migrate: bool = True, watched: bool = False, gmail: bool = False
) -> Iterator[House]:
    """Open servers and database, and close them after.

    The embedded database is brought to the newest revision by itself; another one is its admin's,
    and an old revision is refused with the command to run. `watched` starts embedded servers again
    when they die; `gmail` brings the demo's along.
    """
    refuse_without_scheduler(settings)
    with served(with_keys(settings), watched=watched, gmail=gmail) as complete:
        if migrate:
            _bring_up(complete, own=not settings.database_url)
        engine = db.open_engine(complete.database_url)
        try:
            with engine.connect() as program, scheduler(complete) as finder:
                refuse_harmful(program)
                found = finder.connection()
                refuse_blind(found, apart=not is_same(program, found))
            db.bind(engine)
            yield House(complete, Vault(complete.vault_keys))
        finally:
            engine.dispose()


@contextmanager
def scheduler(settings: Settings) -> Iterator[Session]:
    """Open a transaction in the role that finds work for all workspaces."""
    engine = db.open_engine(settings.database_scheduler_url, pool_size=1)
    try:
        with db.Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def is_forbidden(error: DBAPIError) -> bool:
    """Tell whether a role lacks a right; a row for another workspace is refused by its policy."""
    refused = error.orig if isinstance(error.orig, InsufficientPrivilege) else None
    return refused is not None and refused.diag.source_function != "ExecWithCheckOptions"


def words_of(error: Exception) -> str:
    """Return the first line of what an error says; of a database's, without the statement.

    For what a server, a role or a setting is refused for. What is said of a row may hold its
    values.
    """
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def is_same(one: Connection, other: Connection) -> bool:
    """Tell whether two connections lead to the same database, whatever their addresses say.

    One holds a number that nobody else knows until its transaction ends, and the other sees it: a
    copy has the same tables, rows and name, and no such lock.
    """
    number = {"number": randbits(63)}
    one.execute(_HOLD, number)
    return bool(other.execute(_IS_HELD, number).scalar_one())


def refuse_harmful(
    connection: Connection, setting: str = "DATABASE_URL", role: str = "inlay_program"
) -> None:
    """Refuse a role that no policy would bind, and name the one to use in that setting."""
    if connection.execute(_HARMFUL).scalar_one():
        problem = _(
            "The role in {setting} is a superuser, may bypass policies, or owns tables: workspaces"
            " would not be kept apart. Nothing was opened. Use the role {role} there, and"
            " inlay_owner in DATABASE_OWNER_URL."
        )
        raise UnsafeDatabaseError(problem.format(setting=setting, role=role))


def refuse_unknown(at: str | None) -> None:
    """Refuse a revision that is none of ours, or newer than this version: none leads to ours."""
    if at is None:
        return
    if not _REVISION.fullmatch(at):
        problem = _(
            "The database is at revision {at}, which is none of Inlay's: another program keeps its"
            " tables there. Nothing was changed. Give Inlay a database of its own, and name it in"
            " DATABASE_URL, DATABASE_OWNER_URL and DATABASE_SCHEDULER_URL."
        )
        raise UnsafeDatabaseError(problem.format(at=at))
    if at > upgrading.newest():
        problem = _(
            "The database was brought to revision {at} by a newer Inlay, and this one knows"
            " {wanted}. Nothing was changed. Run the newer version, or restore the backup from"
            " before the upgrade."
        )
        raise UnsafeDatabaseError(problem.format(at=at, wanted=upgrading.newest()))


def refuse_without_scheduler(settings: Settings) -> None:
    """Refuse a database of which nobody has said who finds the work in it."""
    if settings.database_url and not settings.database_scheduler_url:
        problem = _(
            "DATABASE_SCHEDULER_URL is not set: nobody would find the workspaces, and the work that"
            " is due in them. Nothing was opened. Set it to the same database as DATABASE_URL, in"
            " the role inlay_scheduler."
        )
        raise UnsafeDatabaseError(problem)


def refuse_blind(finder: Connection, *, apart: bool) -> None:
    """Refuse to find work apart from our database, or in a role that sees none of it, or too much.

    All would look well, and be empty.
    """
    if apart:
        problem = _(
            "DATABASE_SCHEDULER_URL leads to another database than DATABASE_URL: no work of this"
            " one would be found. Nothing was opened. Name the same server and the same database in"
            " both."
        )
        raise UnsafeDatabaseError(problem)
    refuse_harmful(finder, "DATABASE_SCHEDULER_URL", "inlay_scheduler")
    if not finder.execute(_FINDS_WORK).scalar_one():
        problem = _(
            "The role in DATABASE_SCHEDULER_URL does not see the workspaces: no work would be"
            " found. Nothing was opened. Use the role inlay_scheduler there."
        )
        raise UnsafeDatabaseError(problem)


def with_keys(settings: Settings) -> Settings:
    """Return the settings with every key; where servers will live in DATA_DIR, it is ours first."""
    if not (settings.database_url and settings.redis_url):
        embedded.claim(settings.data_dir)  # What is refused has not got our keys already.
    return secrets.complete(settings)


@contextmanager
def served(settings: Settings, *, watched: bool = False, gmail: bool = False) -> Iterator[Settings]:
    """Start what the settings do not name; when `watched`, start it again if it dies."""
    if settings.database_url and settings.redis_url:
        yield settings
        return
    with embedded.running(
        settings.data_dir,
        postgresql=not settings.database_url,
        valkey=not settings.redis_url,
        watched=watched,
        gmail=gmail,
    ) as servers:
        yield dataclasses.replace(
            stand_in.instead_of_google(settings, servers.google_url, servers.google_imap_url),
            database_url=settings.database_url or servers.database_url,
            database_owner_url=settings.database_owner_url or servers.owner_url,
            database_scheduler_url=settings.database_scheduler_url or servers.scheduler_url,
            redis_url=settings.redis_url or servers.redis_url,
        )


def _bring_up(settings: Settings, *, own: bool) -> None:
    at = upgrading.current(settings.database_url)
    if at == upgrading.newest():
        return
    refuse_unknown(at)
    if own:
        upgrading.upgrade(settings.database_owner_url)
        return
    problem = _(
        "The database is at revision {at}, and this version needs {wanted}. Nothing was changed."
        " Run: inlay db upgrade"
    )
    raise UnsafeDatabaseError(problem.format(at=at or "-", wanted=upgrading.newest()))
