"""A web server gets the application out of the environment."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from threading import Timer
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from crm.base import db, queues
from server import wsgi
from tests.conftest import environment
from tests.soon import soon
from tests.visiting import Visitor


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Leave the tests' own process as it was."""
    yield
    queues.bind(None)
    gc.unfreeze()


def test_the_application_is_made_out_of_the_environment(house, monkeypatch):
    for name, value in environment(house).items():
        monkeypatch.setenv(name, value)

    app = wsgi.create()
    engine = db.sessions.kw["bind"]
    answer = Visitor(app).get("/readyz")

    assert answer.json["database"] is True
    assert gc.get_freeze_count() > 10_000  # What is loaded is no collection's work.
    engine.dispose()


def test_what_the_web_asks_for_is_heard_at_once(house, monkeypatch):
    for name, value in environment(house).items():
        monkeypatch.setenv(name, value)

    with wsgi.create().app_context():
        assert queues.hint("sync.jobs.sync_mailbox", UUID(int=1), UUID(int=2))

    db.sessions.kw["bind"].dispose()
    with queues.connect(house.redis_url) as queue:
        assert [job.func_name for job in queues.queue(queue).jobs] == ["sync.jobs.sync_mailbox"]
        queue.flushall()


def test_a_queue_that_hangs_holds_up_no_request(house, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # It takes the call, and says nothing.
        url = f"redis://:x@127.0.0.1:{silent.getsockname()[1]}/0"
        for name, value in (environment(house) | {"REDIS_URL": url}).items():
            monkeypatch.setenv(name, value)
        wsgi.create()

        with soon():
            assert not queues.hint("sync.jobs.sync_mailbox", UUID(int=1), UUID(int=2))

    db.sessions.kw["bind"].dispose()


def test_the_application_waits_for_a_database_that_is_away(house, monkeypatch, tmp_path, caplog):
    [sockets] = parse_qs(urlsplit(house.database_url).query)["host"]
    later = tmp_path / "later"
    for name, value in environment(house).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", house.database_url.partition("host=")[0] + f"host={later}")
    monkeypatch.setattr(wsgi, "_PAUSE", 0.1)

    back = Timer(0.5, later.symlink_to, [sockets])
    back.start()
    app = wsgi.create()
    engine = db.sessions.kw["bind"]
    answer = Visitor(app).get("/readyz")

    assert answer.json["database"] is True
    assert "waits for the database" in caplog.text
    engine.dispose()
    back.join()
