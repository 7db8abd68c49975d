"""The databases that are made for measuring follow the tables."""

from __future__ import annotations

import pytest

from benchmarks.stored.rows import COLUMNS
from crm.base.db import Base


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_column_is_written_that_cannot_fill_itself(name: str) -> None:
    table = Base.metadata.tables["message" if name == "staged" else name]

    needed = {c.name for c in table.columns if not (c.nullable or c.server_default)}
    assert needed <= set(COLUMNS[name].split())
