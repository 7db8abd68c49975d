"""A thread with Jana of Severka, a deal on it, a task; and another workspace with the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from crm.base import db
from crm.workspace.models import User, Workspace
from tests import make
from tests.statements import counted
from tests.story import Scene, tell


@pytest.fixture
def scene(session: db.Session, workspace: Workspace, ana: User) -> Scene:
    """Tell the story in the test's workspace."""
    return tell(session, workspace, ana)


@pytest.fixture
def elsewhere(connection: object, scene: Scene) -> Scene:
    """Tell the same story in another workspace, for its ids."""
    with db.sessions(info={"workspace": None}) as session:
        workspace = make.workspace(session, "Elsewhere")
        ana = make.user(session, workspace, "ana@halden.test", role="admin", name="Ana Kovač")
        told = tell(session, workspace, ana)
        session.commit()
        session.expunge_all()
    db.enter(scene.session, scene.workspace.id)
    return told


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    """Collect the statements that reach the database from here on."""
    with counted(connection.engine) as seen:
        yield seen
