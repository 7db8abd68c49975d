"""The house that tests run in: real servers, one database a worker, nothing left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from crm.base import db, i18n
from crm.base.settings import Settings
from crm.base.vault import make_key
from crm.migrations import upgrading
from crm.workspace.models import User, Workspace
from server import embedded
from tests import make

pytest_plugins = ["tests.servers.fixtures"]

#: In no order: as a replica's rows do, these go without a look at what refers to them.
_EMPTIED = """
do $$ declare "each" text; begin
  set local session_replication_role = replica;
  for "each" in select tablename from pg_tables
    where schemaname = 'public' and tablename <> 'alembic_version' loop
    execute format('delete from public.%I', "each");
  end loop;
end $$
"""

#: A test database need not survive a power cut.
TUNING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The servers of this test run, and how to make one more database."""

    servers: embedded.Servers
    admin_url: str

    def database(self, name: str, template: str = "") -> Settings:
        """Make a database and return settings that lead to it."""
        if template:
            with psycopg.connect(self.admin_url, autocommit=True) as admin:
                admin.execute(f'create database "{name}" template "{template}" owner inlay_owner')
                admin.execute(f'revoke all on database "{name}" from public')
                roles = "inlay_program, inlay_scheduler"
                admin.execute(f'grant connect on database "{name}" to {roles}')
        else:
            embedded.add_database(self.admin_url, name)
        return Settings(
            data_dir=Path(tempfile.gettempdir()),
            database_url=_named(self.servers.database_url, name),
            database_owner_url=_named(self.servers.owner_url, name),
            database_scheduler_url=_named(self.servers.scheduler_url, name),
            redis_url=self.servers.redis_url,
            secret_key="a secret of the tests alone, and of nobody else",
            vault_keys=(make_key(),),
            allow_plain_imap=True,
        )

    def template(self) -> str:
        """Make the database that has every table and no row, and return its name."""
        name = "inlay_template"
        upgrading.upgrade(self.database(name).database_owner_url)
        return name

    def empty(self, name: str) -> None:
        """Send everybody away from a database and delete every row, as if it had just been made."""
        with psycopg.connect(self.admin_url.replace("/postgres?", f"/{name}?")) as admin:
            admin.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            admin.execute(_EMPTIED)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(f'drop database if exists "{name}" with (force)')


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL and a Valkey of one's own, and leave nothing of them."""
    folder = Path(tempfile.mkdtemp(prefix="inlay-test-", dir="/tmp"))
    try:
        with embedded.running(folder, tuning=TUNING) as servers:
            yield Cluster(servers, embedded.admin_url(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run PostgreSQL and Valkey for this worker."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Make a database that has every table and no row; others are copied from it."""
    return cluster.template()


@pytest.fixture(scope="session")
def shared(cluster: Cluster, template: str) -> Settings:
    """Make the one database in which tests leave nothing, for each rolls back."""
    return cluster.database("inlay_shared", template)


@pytest.fixture(scope="session")
def _engine(shared: Settings) -> Iterator[Engine]:
    engine = db.open_engine(shared.database_url, pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _english() -> None:
    """Speak English, whatever the test before has left."""
    i18n.speak("en")


@pytest.fixture
def connection(_engine: Engine) -> Iterator[Connection]:
    """Open one outer transaction: code under test may commit, and nothing stays."""
    with _engine.connect() as connection:
        outer = connection.begin()
        db.sessions.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield connection
        outer.rollback()
        db.sessions.configure(bind=None, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def workspace(connection: Connection) -> Workspace:
    """Found the workspace that the test's session stands in."""
    with db.transaction() as session:
        return make.workspace(session)


@pytest.fixture
def session(connection: Connection, workspace: Workspace) -> Iterator[db.Session]:
    """Open a session for the test's workspace; at the end every foreign key must hold."""
    with db.sessions(info={"workspace": workspace.id}) as session:
        yield session
        if session.is_active:
            session.flush()
            session.execute(text("set constraints all immediate"))


@pytest.fixture
def ana(session: db.Session, workspace: Workspace) -> User:
    """Add an admin."""
    return make.user(session, workspace, "ana@halden.test", role="admin", name="Ana Kovač")


@pytest.fixture(scope="session")
def _lent(cluster: Cluster, template: str) -> Settings:
    """Make the database that tests have to themselves, one after the other."""
    return cluster.database("inlay_lent", template)


@pytest.fixture
def house(cluster: Cluster, _lent: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Lend a whole database without a row, for tests in which several processes commit."""
    made = replace(_lent, data_dir=tmp_path, vault_keys=(make_key(),))
    engine = db.open_engine(made.database_url)
    db.bind(engine)
    yield made
    db.sessions.configure(bind=None)
    engine.dispose()
    cluster.empty("inlay_lent")


def environment(of: Settings) -> dict[str, str]:
    """Return the environment in which a command runs in this house."""
    return os.environ | {
        "DATA_DIR": str(of.data_dir),
        "DATABASE_URL": of.database_url,
        "DATABASE_OWNER_URL": of.database_owner_url,
        "DATABASE_SCHEDULER_URL": of.database_scheduler_url,
        "REDIS_URL": of.redis_url,
        "SECRET_KEY": of.secret_key,
        "VAULT_KEYS": ",".join(of.vault_keys),
        "ALLOW_PLAIN_IMAP": "yes",
    }


def _named(url: str, database: str) -> str:
    return url.replace("/inlay?", f"/{database}?")
