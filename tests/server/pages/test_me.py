"""One's own: password, browsers, Google, language."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from crm.workspace import subjects, users
from server.auth import throttle
from tests import make
from tests.visiting import Visitor, said

WORDS = "a long password"


@pytest.fixture
def ben(session, workspace):
    user = make.user(session, workspace, "ben@halden.test", name="Ben", password=WORDS)
    session.commit()
    return user


def test_a_password_is_changed_and_other_browsers_are_out(app, ben):
    this, other = Visitor(app).be(ben), Visitor(app).be(ben)

    answer = this.post("/me/password", {"old": WORDS, "new": "quite another one"})

    assert (answer.status_code, answer.location) == (303, "/me")
    assert "Your password is changed." in said(this.get("/me"))
    assert other.get("/inbox").status_code == 303
    assert other.sign_in("ben@halden.test", WORDS).status_code == 401
    assert other.sign_in("ben@halden.test", "quite another one").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("wrong", "quite another one", "not your current password"), (WORDS, "short", "between 8")],
)
def test_a_password_that_cannot_be_changed_stays(app, ben, old, new, words):
    this, other = Visitor(app).be(ben), Visitor(app).be(ben)

    answer = this.post("/me/password", {"old": old, "new": new})

    assert answer.status_code == 422
    assert words in said(answer)
    assert old not in answer.text.replace("wrong", "")
    assert other.get("/inbox").status_code == 200


def test_one_signs_out_of_another_browser(app, ben):
    this, other = Visitor(app).be(ben), Visitor(app).be(ben)
    [there] = re.findall(r'action="(/me/browsers/[^"]+/out)"', this.get("/me").text)

    this.post(there)

    assert other.get("/inbox").status_code == 303
    assert this.get("/me").status_code == 200


def test_nobody_signs_somebody_else_out(app, ben, reader):
    mine = Visitor(app).be(ben)
    second = Visitor(app).be(ben)
    [there] = re.findall(r'action="(/me/browsers/[^"]+/out)"', mine.get("/me").text)

    assert reader.post(there).status_code == 303

    assert second.get("/inbox").status_code == 200


def test_a_language_that_is_not_offered_is_refused_where_it_is_chosen(reader):
    answer = reader.post("/me/language", {"language": "xx", "time_zone": "Asia/Tehran"})

    page = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert [it.id for it in page.css("[aria-invalid]")] == ["language"]
    assert "not offered" in page.css_first("#language-error").text()
    assert page.css_first("#time_zone").attributes["value"] == "Asia/Tehran"


def test_a_zone_that_is_none_is_refused_where_it_stands_and_the_language_stays_chosen(reader):
    answer = reader.post("/me/language", {"language": "fa", "time_zone": "Mars"})

    page = LexborHTMLParser(answer.text)
    assert answer.status_code == 422
    assert [it.id for it in page.css("[aria-invalid]")] == ["time_zone"]
    assert page.css_first("#time_zone").attributes["value"] == "Mars"
    assert page.css_first("#language option[selected]").attributes["value"] == "fa"


def test_a_language_and_a_zone_are_kept(reader):
    ok = reader.post("/me/language", {"language": "en", "time_zone": "Europe/Prague"})

    assert ok.status_code == 303
    assert 'value="Europe/Prague"' in reader.get("/me").text


def test_google_leads_here_no_more_when_it_is_told_so(reader, session, ana, workspace):
    subjects.bind(session, ana, "1077", "ana@gmail.com")
    session.commit()
    assert "ana@gmail.com" in said(reader.get("/me"))

    reader.post("/me/google/out")

    assert "No Google account leads here." in said(reader.get("/me"))
    session.expire_all()
    assert users.get(session, workspace.id, ana.id).google_key is None


def test_guesses_at_the_current_password_wait_as_those_at_the_sign_in_do(app, ben):
    visitor = Visitor(app).be(ben)
    wrong = {"old": "wrong password", "new": "quite another one"}
    tries = [visitor.post("/me/password", wrong).status_code for _ in range(throttle.TRIES)]

    answer = visitor.post("/me/password", {"old": WORDS, "new": "quite another one"})

    assert tries == [422] * throttle.TRIES
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "wait 5 minutes" in said(answer)
