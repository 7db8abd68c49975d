"""Migrations: one head, up and down and up again, and nothing that the models do not know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crm.base import db
from crm.base.settings import Settings
from crm.migrations import upgrading
from crm.migrations.tables import metadata
from tests.conftest import Cluster

ROOT = Path(__file__).parents[3]

#: Everything that makes a schema, as the catalogues tell it.
CATALOGUE = """
select 'column', table_name || '.' || column_name,
    concat_ws(' ', data_type, is_nullable, column_default)
  from information_schema.columns where table_schema = 'public'
union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace
union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all select 'policy', tablename || '.' || policyname,
    concat_ws(' ', roles::text, cmd, qual, with_check) from pg_policies
union all select 'table', relname, concat_ws(' ', relrowsecurity, reloptions::text,
    relowner::regrole, (select string_agg(a::text, ' ' order by a::text) from unnest(relacl) a))
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')
union all select 'columns of', attrelid::regclass || '.' || attname, attacl::text
  from pg_attribute where attacl is not null and attrelid >= 16384
union all select 'function', p.oid::regprocedure::text, concat_ws(' ', p.proowner::regrole,
    p.prosecdef, p.proconfig::text, p.proacl::text, p.prosrc)
  from pg_proc p left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
  where p.pronamespace = 'public'::regnamespace and d.objid is null
union all select 'configuration', cfgname, cfgowner::regrole::text
  from pg_ts_config where cfgnamespace = 'public'::regnamespace
order by 1, 2, 3
"""


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Settings]:
    """Make a database in which nothing was ever migrated."""
    name = f"inlay_{uuid4().hex[:12]}"
    yield cluster.database(name)
    cluster.drop(name)


def catalogue(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(CATALOGUE).fetchall()


def test_there_is_one_head_and_each_revision_says_what_is_true_afterwards() -> None:
    scripts = ScriptDirectory(str(upgrading.HERE))

    assert scripts.get_heads() == [upgrading.newest()]
    revisions = list(scripts.walk_revisions())
    assert [r.revision for r in reversed(revisions)] == [
        f"{n:04}" for n in range(1, len(revisions) + 1)
    ]
    assert all(Path(r.path).stem.split("_", 1)[0] == r.revision for r in revisions)


def test_an_upgraded_database_is_at_the_newest_revision_for_the_program_too(
    house: Settings,
) -> None:
    assert upgrading.current(house.database_owner_url) == upgrading.newest()
    assert upgrading.current(house.database_url) == upgrading.newest()


def test_an_empty_database_is_at_none(empty: Settings) -> None:
    assert upgrading.current(empty.database_owner_url) is None


def test_the_models_and_the_database_agree(house: Settings) -> None:
    engine = db.open_engine(house.database_owner_url, pool_size=1)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)

    engine.dispose()
    assert differences == []


def test_down_and_up_again_leaves_no_difference(house: Settings) -> None:
    before = catalogue(house.database_owner_url)

    scripts = ScriptDirectory(str(upgrading.HERE))
    for revision in scripts.walk_revisions():
        upgrading.downgrade(house.database_owner_url, revision.down_revision or "base")
    left = {row[1] for row in catalogue(house.database_owner_url) if row[0] == "table"}
    upgrading.upgrade(house.database_owner_url)

    assert left <= {"alembic_version"}
    assert catalogue(house.database_owner_url) == before


def test_upgrading_twice_changes_nothing(house: Settings) -> None:
    before = catalogue(house.database_owner_url)

    upgrading.upgrade(house.database_owner_url)

    assert catalogue(house.database_owner_url) == before


def test_an_upgrade_waits_for_a_long_one(empty: Settings) -> None:
    line = "import sys; from crm.migrations import upgrading; upgrading.upgrade(sys.argv[1])"
    with psycopg.connect(empty.database_owner_url) as connection:
        connection.execute("select pg_advisory_lock(4011)")
        waiting = subprocess.Popen([sys.executable, "-c", line, empty.database_owner_url], cwd=ROOT)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(8)  # Statements wait 5 s for a lock, upgrades for each other.

    assert waiting.wait(60) == 0
    assert upgrading.current(empty.database_owner_url) == upgrading.newest()


def test_two_upgrades_at_once_wait_for_each_other(empty: Settings) -> None:
    line = "import sys; from crm.migrations import upgrading; upgrading.upgrade(sys.argv[1])"
    command = [sys.executable, "-c", line, empty.database_owner_url]

    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]

    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert upgrading.current(empty.database_owner_url) == upgrading.newest()
