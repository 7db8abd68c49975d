"""A Google account becomes known: by a signed word, once, with both names before one's eyes."""

from __future__ import annotations

import time

import pytest

from crm.base import db
from crm.workspace import subjects
from server.auth import binding
from tests import make
from tests.visiting import Visitor, said


@pytest.fixture
def word(app):
    with app.app_context():
        return binding.word("1077", "ana@gmail.com")


def whose(ana, subject="1077"):
    with db.transaction() as session:
        found = subjects.find(session, subject)
        return found.email if found else None


def test_both_names_are_shown_and_a_button_binds_them(reader, ana, word):
    page = reader.get(f"/google?word={word}")
    words = said(page)
    assert "ana@gmail.com" in words
    assert "Ana Kovač" in words
    assert "You, in Halden" in words
    assert whose(ana) is None

    answer = reader.post("/google", {"word": word})

    assert (answer.status_code, answer.location) == (303, "/google/done")
    assert "ana@gmail.com shows your cards now." in said(reader.get("/google/done"))
    assert whose(ana) == "ana@halden.test"


def test_a_word_works_once_whoever_uses_it_again(app, reader, session, workspace, ana, word):
    ben = make.user(session, workspace, "ben@halden.test")
    session.commit()
    reader.post("/google", {"word": word})

    for again in (reader, Visitor(app).be(ben)):
        answer = again.post("/google", {"word": word})
        assert answer.status_code == 422
        assert "works once" in said(answer)

    assert whose(ana) == "ana@halden.test"


def test_a_word_is_over_after_ten_minutes(reader, ana, word, monkeypatch):
    later = time.time() + 601
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    assert reader.get(f"/google?word={word}").status_code == 422
    assert reader.post("/google", {"word": word}).status_code == 422
    assert whose(ana) is None


@pytest.mark.parametrize(
    "change", [lambda w: w[:-1], lambda w: "A" + w, lambda w: "", lambda w: w[::-1]]
)
def test_a_word_that_is_not_ours_is_refused(reader, ana, word, change):
    assert reader.get(f"/google?word={change(word)}").status_code == 422
    assert reader.post("/google", {"word": change(word)}).status_code == 422
    assert whose(ana) is None


def test_a_word_signed_for_something_else_is_refused(app, reader, ana):
    from itsdangerous import URLSafeTimedSerializer

    other = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="other").dumps(["1", "", "n"])
    odd = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="google subject").dumps("x")

    for word in (other, odd):
        assert reader.post("/google", {"word": word}).status_code == 422


def test_who_is_not_signed_in_is_asked_to_and_comes_back(app, visitor, session, workspace, word):
    make.user(session, workspace, "ben@halden.test", password="a long password")
    session.commit()
    door = visitor.get(f"/google?word={word}")
    assert door.status_code == 303

    there = f"/google?word={word}"
    answer = visitor.sign_in("ben@halden.test", "a long password", next=there)

    assert answer.location == there


def test_a_form_from_elsewhere_binds_nobody(reader, ana, word):
    answer = reader.post("/google", {"word": word}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert whose(ana) is None


def test_gmail_can_see_the_window_that_it_opened_all_along(app, reader, visitor, word):
    for answer in (
        reader.get(f"/google?word={word}"),
        visitor.get(f"/google?word={word}"),
        visitor.get("/sign-in?next=" + f"/google?word={word}".replace("?", "%3F")),
    ):
        assert answer.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    fields = {"email": "x@x.test", "password": "wrong", "next": f"/google?word={word}"}
    posted = visitor.post("/sign-in", fields)
    assert posted.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert reader.get("/inbox").headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert visitor.get("/sign-in").headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_another_workspace_takes_the_subject_over_and_the_name_of_old_is_told(
    app, reader, session, ana, elsewhere, word
):
    subjects.bind(session, ana, "55", "old@gmail.com")
    session.commit()
    assert "It takes the place of old@gmail.com." in said(reader.get(f"/google?word={word}"))
    reader.post("/google", {"word": word})
    with app.app_context():
        second = binding.word("1077", "ana@gmail.com")

    Visitor(app).be(elsewhere.ana).post("/google", {"word": second})

    with db.transaction() as there:
        assert subjects.find(there, "1077").id == elsewhere.ana.id
        assert subjects.find(there, "55") is None
