"""What is said on the next page, and the way there."""

from __future__ import annotations

import pytest
from flask import Flask, get_flashed_messages

from server.web import saying


@pytest.fixture
def app():
    app = Flask("saying")
    app.secret_key = "test"
    return app


def test_what_was_done_is_kept_with_its_undo(app):
    with app.test_request_context():
        saying.done("Merged.", "/merges/1/undo")
        saying.done("Sent.")

        said = get_flashed_messages(with_categories=True)

    assert said == [("undo /merges/1/undo", "Merged."), ("message", "Sent.")]


def test_a_browser_is_led_on(app):
    with app.test_request_context():
        answer = app.make_response(saying.go("/contacts"))

    assert (answer.status_code, answer.location) == (303, "/contacts")


def test_a_form_in_a_dialog_leads_the_page_behind_it_on(app):
    with app.test_request_context(headers={"HX-Request": "true"}):
        answer = app.make_response(saying.go("/contacts"))

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/contacts")
