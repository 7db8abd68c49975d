"""Run migrations as the owner, each within its time: a busy table is never held up for long."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from crm.base.db import open_engine
from crm.migrations.tables import metadata

_WAIT = "set lock_timeout = 0; set statement_timeout = '30min'"
_HASTE = "set lock_timeout = '5s'"


def _run() -> None:
    url = context.config.attributes["url"]
    engine = open_engine(url, pool_size=1)
    with engine.connect() as connection:
        connection.execute(text(_WAIT))
        # Two upgrades at once wait for each other; the lock goes with the connection.
        connection.execute(text("select pg_advisory_lock(4011)"))
        connection.execute(text(_HASTE))
        connection.commit()
        context.configure(
            connection=connection, target_metadata=metadata, transaction_per_migration=True
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


_run()
