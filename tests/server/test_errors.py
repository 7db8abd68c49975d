"""What is refused or fails is told in words: as a page, and in a pane where htmx asked."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import g
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from crm.base import db, directory
from crm.base.errors import ConflictError, CRMError, ForbiddenError, InvalidError, NotFoundError
from crm.base.vault import Vault
from crm.workspace.models import PasswordLink, User
from server import errors
from server.app import create_app
from sync.errors import SourceUnavailableError, Why
from tests import make
from tests.visiting import HTMX, Visitor, said


def failing(app, error):
    """Give the app a page that fails."""

    def fail():
        raise error

    app.add_url_rule("/fails", "fails", fail)
    return app


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("There is no such deal."), 404),
        (ForbiddenError("Your role does not allow this."), 403),
        (ConflictError("Sam was first."), 409),
        (InvalidError("Amount is a number."), 422),
    ],
)
def test_a_refusal_is_told_in_its_own_words(app, session, ana, error, status):
    session.commit()
    reader = Visitor(failing(app, error)).be(ana)

    for headers in ({}, HTMX):
        answer = reader.get("/fails", headers=headers)

        assert answer.status_code == status
        assert str(error) in said(answer)
        assert ("<html" in answer.text) is not bool(headers)


def test_a_mail_server_that_fails_is_told_of_in_the_readers_language(app, session, ana):
    ana.language = "cs"
    session.commit()
    error = SourceUnavailableError("imap.halden.test:993 timed out", why=Why.SILENT)
    reader = Visitor(failing(app, error)).be(ana)

    answer = reader.get("/fails")

    assert answer.status_code == 502
    assert "Server neodpověděl včas." in said(answer)


def test_a_fault_is_written_down_under_its_reference(app, session, ana, caplog):
    session.commit()
    reader = Visitor(failing(app, RuntimeError("secret value"))).be(ana)

    with caplog.at_level(logging.ERROR):
        answer = reader.get("/fails")

    assert answer.status_code == 500
    reference = re.search(r"Reference\n([0-9a-f]{8})", said(answer))[1]
    assert reference in caplog.text
    assert "secret value" not in answer.text + caplog.text
    assert "RuntimeError at server/test_errors.py:" in caplog.text
    assert "Traceback" not in answer.text


def test_what_the_database_refuses_is_a_fault_and_no_absence(app, session, ana, caplog):
    session.commit()

    def refused():
        with g.session.begin_nested():
            user = 'select workspace_id, id, name, email from "user"'
            g.session.execute(text(f'insert into "user" (workspace_id, id, name, email) {user}'))

    app.add_url_rule("/refused", "refused", refused)
    with caplog.at_level(logging.ERROR):
        answer = Visitor(app).be(ana).get("/refused")

    assert answer.status_code == 500
    assert "This is a fault of ours" in said(answer)
    assert "Violation" in caplog.text
    assert ana.email not in caplog.text


def test_a_page_that_is_not_there_says_so(reader):
    for headers in ({}, HTMX):
        answer = reader.get("/nowhere/<script>", headers=headers)

        assert answer.status_code == 404
        assert "There is no such page." in said(answer)
        assert "<script>" not in answer.text


def test_a_thread_that_is_not_there_says_so_and_leads_home(reader):
    answer = reader.get(f"/inbox/{uuid4()}")

    assert answer.status_code == 404
    assert "There is no such thread." in said(answer)
    assert 'href="/inbox"' in answer.text


def test_an_error_page_has_one_first_heading(reader):
    page = reader.get("/nowhere")
    pane = reader.get("/nowhere", headers=HTMX)

    assert page.text.count("<h1") == 1
    assert pane.text.count("<h1") == 0


def test_an_address_that_does_not_do_that_says_so(reader):
    answer = reader.post("/inbox")

    assert answer.status_code == 405


def test_without_a_database_pages_say_when_to_try_again(shared):
    away = replace(shared, database_url="postgresql://nobody@127.0.0.1:9/none")
    engine = db.open_engine(away.database_url)
    db.sessions.configure(bind=engine)
    try:
        visitor = Visitor(create_app(away, Vault(shared.vault_keys)))
        visitor.client.set_cookie("inlay", "a token", domain="127.0.0.1")

        for headers in ({}, HTMX):
            answer = visitor.get("/inbox", headers=headers)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
            assert "The database did not answer." in said(answer)
            assert "Nothing was changed." in said(answer)
            assert "127.0.0.1:9" not in answer.text

        assert visitor.get("/sign-in").status_code == 200
        assert visitor.sign_in("a@b.test", "a long password").status_code == 503
        assert visitor.get("/livez").status_code == 200
        assert visitor.get("/readyz").status_code == 503
        assert visitor.get("/static/tokens.css").status_code == 200
    finally:
        db.sessions.configure(bind=None)
        engine.dispose()


def test_a_statement_that_the_database_ends_is_told_as_such(app, session, ana):
    def slow():
        with g.session.begin_nested():
            g.session.execute(text("set local statement_timeout = 50"))
            g.session.execute(text("select pg_sleep(5)"))

    session.commit()
    app.add_url_rule("/slow", "slow", slow)

    answer = Visitor(app).be(ana).get("/slow")

    assert answer.status_code == 503


def test_what_could_not_be_kept_is_told_with_a_reference(app, session, ana, caplog, monkeypatch):
    session.commit()
    reader = Visitor(app).be(ana)

    def away(_session):
        raise OperationalError("commit", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(db.Session, "commit", away)
        for headers in ({}, HTMX):
            answer = reader.get("/inbox", headers=headers)

            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert re.search(r"Reference\n([0-9a-f]{8})", said(answer))[1] in caplog.text
            assert "Try again" in said(answer)
            assert "Content-Security-Policy" in answer.headers
    assert reader.get("/inbox").status_code == 200


def test_kinds_of_refusal_have_their_status():
    assert errors.status_of(NotFoundError("")) == 404
    assert errors.status_of(CRMError("")) == 400


def test_what_fails_in_the_place_of_the_card_is_a_card(app, session, ana):
    session.commit()
    reader = Visitor(failing(app, ConflictError("Sam was first."))).be(ana)

    page = reader.get("/fails", headers={**HTMX, "HX-Target": "card"}).text

    assert re.search(r'<article class="card" id="card"[^>]*>\s*<section', page)
    assert "Sam was first." in page
    assert "</article>" in page


def test_who_did_the_same_a_moment_later_is_told_so(app, session, ana):
    def twice():
        for token in ("one", "other"):
            link = {"workspace_id": ana.workspace_id, "user_id": ana.id, "expires_at": make.NOW}
            g.session.execute(insert(PasswordLink).values(**link, token=directory.hashed(token)))

    session.commit()
    app.add_url_rule("/twice", "twice", twice)
    reader = Visitor(app).be(ana)

    for headers in ({}, HTMX):
        answer = reader.get("/twice", headers=headers)

        assert answer.status_code == 409
        assert "This is there already, or was made at the same moment." in said(answer)


def test_a_flush_that_failed_is_answered_with_a_page(app, session, ana, caplog):
    def broken():
        user = g.session.get_one(User, (ana.workspace_id, ana.id))
        user.role = None
        g.session.flush()

    session.commit()
    app.add_url_rule("/broken", "broken", broken)

    answer = Visitor(app).be(ana).get("/broken")

    assert answer.status_code == 500
    assert "This is a fault of ours" in said(answer)
    assert caplog.text.count("\n") == 1
