"""Bring a database to the newest revision, or say which one it is at."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crm.base.db import open_engine

HERE = Path(__file__).parent


def upgrade(owner_url: str, to: str = "head") -> None:
    """Run what is missing, as the owner. Two at once wait for each other."""
    command.upgrade(_config(owner_url), to)


def downgrade(owner_url: str, to: str) -> None:
    """Go back to a revision."""
    command.downgrade(_config(owner_url), to)


def newest() -> str:
    """Return the revision that this code wants."""
    head = ScriptDirectory.from_config(_config("")).get_current_head()
    assert head is not None
    return head


def current(url: str) -> str | None:
    """Return the revision that a database is at, None for an empty one."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _config(url: str) -> Config:
    config = Config(toml_file=HERE.parent.parent / "pyproject.toml")
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config
