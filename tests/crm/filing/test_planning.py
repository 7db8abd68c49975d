"""Statistics while a first mailbox comes in."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from crm.base.db import Session
from crm.filing import planning
from crm.workspace.models import User, Workspace
from tests import make


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [(0, 249, False), (0, 250, True), (249, 250, True), (250, 1999, False), (1500, 17_000, True)],
)
def test_a_run_looks_at_its_steps_alone(before: int, after: int, due: bool) -> None:
    assert planning.is_due(before, after) is due


def test_the_program_may_gather_statistics_on_a_server_that_allows_it(
    session: Session, workspace: Workspace, ana: User
) -> None:
    make.filed(session, make.mailbox(session, ana), *(make.raw() for _ in range(20)))

    planning.look(session)

    known = text("select relname from pg_class where relkind = 'r' and reltuples >= 0")
    assert {"contact_address", "message", "suggestion"} <= set(session.scalars(known))
