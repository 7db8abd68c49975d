"""The roles and rights that a database of ours needs, on the embedded server or on any other.

The admin of another server runs `roles_sql` once, `database_sql`, and `rights_sql` inside the new
database, as a superuser or as a role that may create roles and databases. PostgreSQL 15 or newer.

    inlay_owner      owns the database, the schema and the tables: migrations
    inlay_program    the product: owns nothing, is bound by every policy
    inlay_scheduler  finds work for all workspaces, by policies of its own
    inlay_finder     no login: owns the search functions, and nothing else

inlay_owner may become inlay_finder (SET ROLE) but has none of its rights by itself. inlay_finder
has CREATE in schema public for good: a new owner of a function needs it, and so does each `create
or replace` later; it only ever runs the text of those functions.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from server.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

LOGINS = ("inlay_owner", "inlay_program", "inlay_scheduler")
ITERATIONS = 4096  # PostgreSQL's default; the passwords are random, so more would add nothing.

_ROLE = """
do $$ begin
  create role {role};
exception when duplicate_object then null;
end $$;
"""

_BOUNDS = """
do $$ begin
  if exists (
    select from pg_roles
    where rolname in ('inlay_owner', 'inlay_program', 'inlay_scheduler', 'inlay_finder')
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
  ) then
    raise exception 'a role of Inlay exists already and may do more than it should';
  end if;
  if current_setting('server_version_num')::int >= 160000 then
    execute 'grant inlay_finder to inlay_owner with inherit false, set true';
  else
    grant inlay_finder to inlay_owner;
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant inlay_owner to %I', current_user);
  end if;
end $$;
"""

_DATABASE = """
create database {database} owner inlay_owner template template0 encoding 'UTF8'
  {provider} lc_collate 'C' lc_ctype 'C.UTF-8';
"""

# The owner makes the extensions (all three are trusted), so that it can restore a dump of them.
_RIGHTS = """
revoke all on database {database} from public;
grant connect on database {database} to inlay_program, inlay_scheduler;
alter schema public owner to inlay_owner;
set role inlay_owner;
revoke all on schema public from public;
grant usage on schema public to inlay_program, inlay_scheduler;
grant usage, create on schema public to inlay_finder;
create extension if not exists btree_gin schema public;
create extension if not exists pg_trgm schema public;
create extension if not exists unaccent schema public;
reset role;
"""

EDITION = hashlib.sha256((_ROLE + _BOUNDS + _DATABASE + _RIGHTS).encode()).hexdigest()


def roles_sql(passwords: Mapping[str, str]) -> str:
    """Write the SQL that makes the four roles. It holds no password, only what checks one."""
    roles = "".join(_ROLE.format(role=role) for role in (*LOGINS, "inlay_finder"))
    logins = "".join(
        f"alter role {role} login password '{_verifier(passwords[role])}';\n" for role in LOGINS
    )
    return roles + logins + _BOUNDS


def database_sql(database: str = "inlay", *, version: int = 18) -> str:
    """Write the SQL that makes a database which knows all alphabets, outside of a transaction."""
    # Before 17 there is no builtin provider, and the C library's C.UTF-8 folds as well.
    provider = "locale_provider builtin builtin_locale 'C.UTF-8'"
    return _DATABASE.format(
        database=_plain(database), provider=provider if version >= 17 else "locale_provider libc"
    )


def rights_sql(database: str = "inlay") -> str:
    """Write the SQL that gives out rights and extensions, to be run inside the database."""
    return _RIGHTS.format(database=_plain(database))


def add_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Add the four roles where they are missing, and give them these passwords."""
    import psycopg

    with psycopg.connect(admin_url) as connection:
        connection.execute(roles_sql(passwords).encode())


def add_database(admin_url: str, database: str = "inlay") -> None:
    """Add a database of ours where it is missing, and see to its rights. Safe to repeat."""
    import psycopg

    with psycopg.connect(admin_url, autocommit=True) as connection:
        known = connection.execute("select from pg_database where datname = %s", [database])
        if known.fetchone() is None:
            version = connection.info.server_version // 10000
            # PostgreSQL goes on making it for a command that was killed meanwhile.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(database_sql(database, version=version).encode())
    with psycopg.connect(admin_url, dbname=database) as connection:
        connection.execute(rights_sql(database).encode())
        check_letters(connection)


def check_letters(connection: psycopg.Connection) -> None:
    """Raise EmbeddedError when this database knows Latin letters only."""
    row = connection.execute("select lower('ŘI') = 'ři' and show_trgm('Иван') <> '{}'").fetchone()
    if row is None or not row[0]:
        raise EmbeddedError(
            "This database does not know Czech or Cyrillic letters: search would miss them.",
            hint="Make it anew with the character type C.UTF-8, and restore a backup into it.",
        )


def _plain(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(f"not a plain name for a database: {name!r}")
    return name


def _verifier(password: str) -> str:
    """Derive what PostgreSQL stores (RFC 5803), so that no server's log can show the password."""
    if not password or not password.isascii():
        raise ValueError("a role's password is made of ASCII letters, so that SASLprep keeps it")
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (
        base64.b64encode(part).decode() for part in (salt, stored, server)
    )
    return f"SCRAM-SHA-256${ITERATIONS}:{salt64}${stored64}:{server64}"
