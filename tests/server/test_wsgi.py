"""A web server gets the application out of the environment."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Timer
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.base import db
from server import wsgi
from tests.conftest import environment
from tests.visiting import Visitor


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Leave the tests' own process as it was."""
    yield
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
