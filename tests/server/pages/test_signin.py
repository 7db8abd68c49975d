"""The door: who comes in, what a stranger is told, where one goes afterwards."""

from __future__ import annotations

import pytest

from crm.base import db
from tests import make
from tests.visiting import Visitor, said

PASSWORD = "a long password"


@pytest.fixture
def known(session, workspace):
    user = make.user(session, workspace, "bo@halden.test", password=PASSWORD)
    session.commit()
    return user


@pytest.fixture
def other(connection):
    """Found another workspace, in which the same address has the same password."""
    with db.sessions(info={"workspace": None}) as session:
        workspace = make.workspace(session, "Severka & Sons")
        user = make.user(session, workspace, "bo@halden.test", password=PASSWORD)
        session.commit()
        return user


def test_a_right_password_opens_the_inbox(visitor, known):
    answer = visitor.sign_in("  BO@halden.test ", PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert visitor.get("/inbox").status_code == 200


def test_a_wrong_password_an_unknown_address_and_a_closed_one_are_told_the_same(
    visitor, session, known
):
    wrong = visitor.sign_in("bo@halden.test", "another password")
    unknown = visitor.sign_in("nobody@halden.test", PASSWORD)
    empty = visitor.sign_in("", "")
    known.active = False
    session.commit()
    closed = visitor.sign_in("bo@halden.test", PASSWORD)

    assert "Address and password do not fit together." in said(wrong)
    for answer in (wrong, unknown, empty, closed):
        assert answer.status_code == 401
        assert said(answer) == said(wrong)
        assert visitor.get("/inbox").status_code == 303


def test_the_typed_address_stays_and_the_password_does_not(visitor, known):
    answer = visitor.sign_in("bo@halden.test", "another password")

    assert 'value="bo@halden.test"' in answer.text
    assert "another password" not in answer.text


def test_an_address_in_two_workspaces_is_asked_which(visitor, known, other):
    asked = visitor.sign_in("bo@halden.test", PASSWORD)

    assert asked.status_code == 200
    assert f'<option value="{other.workspace_id}">Severka &amp; Sons</option>' in asked.text
    assert f'<option value="{known.workspace_id}">Halden</option>' in asked.text
    fields = {"email": "bo@halden.test", "password": PASSWORD}
    answer = visitor.post("/sign-in", {**fields, "workspace": str(other.workspace_id)})
    assert answer.status_code == 303
    assert visitor.get("/inbox").status_code == 200


def test_only_workspaces_that_the_password_fits_are_named(visitor, known, connection):
    with db.sessions(info={"workspace": None}) as session:
        workspace = make.workspace(session, "Secret")
        make.user(session, workspace, "bo@halden.test", password="quite another")
        session.commit()

    answer = visitor.sign_in("bo@halden.test", PASSWORD)

    assert answer.status_code == 303
    assert "Secret" not in answer.text


def test_a_workspace_that_does_not_fit_lets_nobody_in(visitor, known, other, app):
    stranger = Visitor(app)
    stranger.get("/sign-in")
    fields = {"email": "bo@halden.test", "password": PASSWORD}

    answer = stranger.post(
        "/sign-in", {**fields, "workspace": "01a20080-9a40-7000-a711-9d53410cb721"}
    )

    assert answer.status_code in (200, 401)
    assert stranger.get("/inbox").status_code == 303


@pytest.mark.parametrize(
    "there", ["/inbox?view=all", "/inbox/01a20080-9a40-7000-a711-9d53410cb721"]
)
def test_who_was_sent_to_the_door_comes_back(visitor, known, there):
    assert visitor.sign_in("bo@halden.test", PASSWORD, next=there).location == there


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.test/",
        "//evil.test/",
        "///evil.test/",
        "/\\evil.test/",
        "\\\\evil.test/",
        "/\t/evil.test/",
        "/\n/evil.test/",
        "\t//evil.test",
        " //evil.test",
        "/%09/evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:evil.test",
        "http:/evil.test",
        "evil.test",
        "/\x00/evil.test",
        "//evil.test\\@halden.test",
        "//[",
        "http://[",
        "/inbox\r\nSet-Cookie: a=b",
    ],
)
def test_nobody_is_sent_elsewhere(visitor, known, there):
    answer = visitor.sign_in("bo@halden.test", PASSWORD, next=there)

    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\", "/\t", "/\n"))
    assert "a=b" not in str(answer.headers.getlist("Set-Cookie"))


def test_the_path_that_was_asked_is_escaped_in_the_form(visitor):
    answer = visitor.get('/sign-in?next=/"><script>alert(1)</script>')

    assert "<script>alert" not in answer.text


def test_each_sign_in_has_a_token_of_its_own(app, known):
    tokens = set()
    for _ in range(2):
        visitor = Visitor(app)
        visitor.client.set_cookie("inlay", "planted by somebody", domain="127.0.0.1")
        visitor.sign_in("bo@halden.test", PASSWORD)
        tokens.add(visitor.client.get_cookie("inlay", domain="127.0.0.1").value)

    assert len(tokens) == 2
    assert "planted by somebody" not in tokens
    assert all(len(token) >= 43 for token in tokens)


def test_signing_out_ends_the_session_for_good(visitor, known):
    visitor.sign_in("bo@halden.test", PASSWORD)
    token = visitor.client.get_cookie("inlay", domain="127.0.0.1").value
    visitor.get("/inbox")

    answer = visitor.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    visitor.client.set_cookie("inlay", token, domain="127.0.0.1")
    assert visitor.get("/inbox").status_code == 303


def test_a_reader_of_persian_is_met_in_persian_and_one_without_words_in_english(visitor):
    persian = visitor.get("/sign-in", headers={"Accept-Language": "fa-IR,fa;q=0.9"})
    german = visitor.get("/sign-in", headers={"Accept-Language": "de-DE,de;q=0.9"})

    assert '<html lang="fa" dir="rtl"' in persian.text
    assert "گذرواژه" in persian.text
    assert '<html lang="en" dir="ltr"' in german.text
