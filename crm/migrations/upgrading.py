"""Bring a database to the newest revision, or say which one it is at.

Alembic is imported when there is something to upgrade: every command and every worker asks whether
there is, and Alembic alone takes a quarter of a second and nine megabytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from crm.base.db import open_engine

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent

_IS_THERE = text("select to_regclass('alembic_version') is not null")
_CURRENT = text("select version_num from alembic_version")


def upgrade(owner_url: str, to: str = "head") -> None:
    """Run what is missing, as the owner. Two at once wait for each other."""
    from alembic import command

    command.upgrade(_config(owner_url), to)


def downgrade(owner_url: str, to: str) -> None:
    """Go back to a revision."""
    from alembic import command

    command.downgrade(_config(owner_url), to)


def newest() -> str:
    """Return the revision that this code wants: they are numbered, in the names of their files."""
    return max(file.name[:4] for file in (HERE / "versions").glob("[0-9]*_*.py"))


def current(url: str) -> str | None:
    """Return the revision that a database is at, None for an empty one."""
    engine = open_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            if not connection.execute(_IS_THERE).scalar_one():
                return None
            revision: str | None = connection.execute(_CURRENT).scalar_one_or_none()
            return revision
    finally:
        engine.dispose()


def _config(url: str) -> Config:
    from alembic.config import Config

    config = Config(toml_file=HERE.parent.parent / "pyproject.toml")
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config
