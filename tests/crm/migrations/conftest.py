"""Databases whose tables tests may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from crm.base import db
from crm.base.settings import Settings
from tests.conftest import Cluster


@pytest.fixture
def house(cluster: Cluster, template: str, tmp_path: Path) -> Iterator[Settings]:
    """Make a whole database of its own."""
    name = f"inlay_{uuid4().hex[:12]}"
    made = replace(cluster.database(name, template), data_dir=tmp_path)
    engine = db.open_engine(made.database_url)
    db.bind(engine)
    yield made
    db.sessions.configure(bind=None)
    engine.dispose()
    cluster.drop(name)
