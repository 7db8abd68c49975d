"""Alive, ready, or not ready: what a probe is told."""

from __future__ import annotations

from dataclasses import replace

from crm.base.vault import Vault
from server.app import create_app
from tests.visiting import Visitor


def test_a_process_that_answers_is_alive(visitor):
    answer = visitor.get("/livez")

    assert (answer.status_code, answer.json) == (200, {"alive": True})


def test_with_database_and_queue_it_is_ready(visitor):
    answer = visitor.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"ready": True, "database": True, "queue": True}


def test_without_the_queue_it_is_ready_and_says_so(connection, shared):
    for url in ("", "redis://127.0.0.1:9/0", "unix:///nowhere.sock", "nonsense"):
        app = create_app(replace(shared, redis_url=url), Vault(shared.vault_keys))

        answer = Visitor(app).get("/readyz")

        assert (answer.status_code, answer.json["queue"]) == (200, False), url


def test_a_probe_needs_no_cookie_and_gets_none(visitor):
    assert "Set-Cookie" not in visitor.get("/livez").headers
