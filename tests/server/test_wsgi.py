"""A web server gets the application out of the environment."""

from __future__ import annotations

from crm.base import db
from server import wsgi
from tests.conftest import environment
from tests.visiting import Visitor


def test_the_application_is_made_out_of_the_environment(house, monkeypatch):
    for name, value in environment(house).items():
        monkeypatch.setenv(name, value)

    app = wsgi.create()
    engine = db.sessions.kw["bind"]
    answer = Visitor(app).get("/readyz")

    assert answer.json["database"] is True
    engine.dispose()
