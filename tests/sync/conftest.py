"""The road's fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from sqlalchemy import Engine

from crm.base import db, queues
from crm.base.settings import Settings
from server.demo.gmail import GmailServer, Mailbox
from tests.sync.rig import _town, liar, town

__all__ = ["_town", "liar", "town"]


@pytest.fixture
def scheduler(house: Settings) -> Iterator[Engine]:
    """Be the role that finds what is due in every workspace."""
    engine = db.open_engine(house.database_scheduler_url, pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def valkey(house: Settings) -> Iterator[Redis]:
    """Lend an empty queue, to which jobs go."""
    connection = queues.connect(house.redis_url)
    connection.flushall()
    queues.bind(connection)
    yield connection
    queues.bind(None)
    connection.flushall()
    connection.close()


@pytest.fixture
def google() -> Iterator[GmailServer]:
    """Run a Gmail on this machine."""
    with GmailServer() as server:
        yield server


@pytest.fixture
def account(google: GmailServer) -> Mailbox:
    """Return Ana's mailbox there."""
    return google.add("ana@halden.test")
