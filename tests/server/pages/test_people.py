"""People: invited by a link that works once, let do more or less, and out at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.base import clock
from crm.workspace import password_links, users
from tests import make
from tests.visiting import Visitor, said

WORDS = "a long password"


@pytest.fixture
def ben(session, workspace):
    user = make.user(session, workspace, "ben@halden.test", name="Ben", password=WORDS)
    session.commit()
    return user


def link_on(answer):
    return re.search(r'id="link"[^>]* value="http://127.0.0.1:8025(/welcome/[^"]+)"', answer.text)[
        1
    ]


def invite(reader, email="eva@halden.test", **more):
    return reader.post("/people", {"email": email, "name": "Eva", "role": "rep", **more})


def test_an_invitation_lets_somebody_in_once(app, reader, session):
    answer = invite(reader)
    assert answer.status_code == 200
    assert "Invited, link works until" in said(answer)
    there = link_on(answer)
    eva = Visitor(app)
    assert "Welcome, Eva" in said(eva.get(there))

    come = eva.post(there, {"password": WORDS})

    assert (come.status_code, come.location) == (303, "/inbox")
    assert eva.get("/inbox").status_code == 200
    assert eva.get("/people").status_code == 403
    again = Visitor(app)
    assert again.get(there).status_code == 422
    assert "This link is over" in said(again.get(there))
    assert there not in reader.get("/people").text


@pytest.mark.parametrize(("asked", "language"), [("fa-IR,fa;q=0.9", "fa"), ("de", "en")])
def test_who_comes_by_an_invitation_goes_on_as_they_read_it(
    app, reader, session, workspace, asked, language
):
    there = link_on(invite(reader))

    eva = Visitor(app)
    eva.get(there)

    eva.post(there, {"password": WORDS}, headers={"Accept-Language": asked})

    session.expire_all()
    assert users.get_named(session, workspace.id, "eva@halden.test").language == language


def test_a_link_that_is_over_lets_nobody_in(app, reader, session, ana, monkeypatch):
    there = link_on(invite(reader))
    later = clock.now() + timedelta(hours=72)
    monkeypatch.setattr(clock, "now", lambda: later)
    late = Visitor(app)

    assert late.get(there).status_code == 422
    late.get("/sign-in")
    assert late.post(there, {"password": WORDS}).status_code == 422
    assert late.get("/inbox").status_code == 303


@pytest.mark.parametrize("password", ["", "short", "x" * 129])
def test_a_password_that_is_none_is_refused_and_the_link_stays(app, reader, password):
    there = link_on(invite(reader))
    eva = Visitor(app)
    eva.get(there)

    refused = eva.post(there, {"password": password})

    assert refused.status_code == 422
    assert "between 8 and 128 characters" in said(refused)
    assert eva.post(there, {"password": WORDS}).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "ana@halden.test"}, "is a user already"),
        ({"email": "nobody"}, "is not an address"),
        ({"role": "owner"}, "There is no such role."),
    ],
)
def test_an_invitation_that_cannot_be_is_told_and_what_was_typed_stays(reader, fields, words):
    answer = invite(reader, **fields)

    assert answer.status_code == 422
    assert words in said(answer)
    assert 'value="Eva"' in answer.text


def test_a_role_is_changed_from_the_next_request_on(app, reader, session, ben):
    visitor = Visitor(app).be(ben)
    assert visitor.get("/people").status_code == 403

    reader.post(f"/people/{ben.id}/role", {"role": "admin"})
    assert visitor.get("/people").status_code == 200
    reader.post(f"/people/{ben.id}/role", {"role": "reader"})

    assert visitor.get("/people").status_code == 403


def test_who_is_deactivated_is_out_at_the_next_request(app, reader, session, ben):
    visitor = Visitor(app).be(ben)
    assert visitor.get("/inbox").status_code == 200
    there = link_on(reader.post(f"/people/{ben.id}/link"))

    reader.post(f"/people/{ben.id}/out")

    assert visitor.get("/inbox").status_code == 303
    assert visitor.sign_in("ben@halden.test", WORDS).status_code == 401
    assert visitor.get(there).status_code == 422
    reader.post(f"/people/{ben.id}/in")
    assert visitor.sign_in("ben@halden.test", WORDS).status_code == 303


def test_the_last_admin_stays(reader, ana):
    refused = reader.post(f"/people/{ana.id}/role", {"role": "rep"})

    assert refused.status_code == 409
    assert "is the only admin" in said(refused)
    assert reader.post(f"/people/{ana.id}/out").status_code == 422
    assert reader.get("/people").status_code == 200


def test_a_link_back_in_ends_what_was_before(app, reader, session, ben):
    visitor = Visitor(app).be(ben)
    there = link_on(reader.post(f"/people/{ben.id}/link"))
    somebody = Visitor(app)
    somebody.get(there)

    somebody.post(there, {"password": "quite another one"})

    assert visitor.get("/inbox").status_code == 303
    assert visitor.sign_in("ben@halden.test", WORDS).status_code == 401


def test_people_of_another_workspace_are_as_unknown_as_any(reader, elsewhere, app):
    for what in ("role", "link", "out", "in"):
        fields = {"role": "reader"}
        assert reader.post(f"/people/{elsewhere.ana.id}/{what}", fields).status_code == 404

    assert Visitor(app).be(elsewhere.ana).get("/people").status_code == 200


def test_what_only_admins_may_do_is_refused_to_everybody_else(app, session, ben, ana):
    visitor = Visitor(app).be(ben)

    assert visitor.get("/people").status_code == 403
    for path in ("/people", *(f"/people/{ana.id}/{do}" for do in ("role", "link", "out", "in"))):
        fields = {"email": "x@x.test", "role": "reader"}
        assert visitor.post(path, fields).status_code == 403, path
    with_names = visitor.get("/inbox")
    assert 'href="/people"' not in with_names.text


def test_a_link_that_waits_is_told_from_somebody_without_one(reader, session, workspace, ana):
    users.invite(session, "eva@halden.test", role=users.UserRole.REP, by=ana, at=make.NOW)
    session.commit()
    assert "No password yet: make a link" in said(reader.get("/people"))

    password_links.make(
        session,
        users.find_by_email(session, workspace.id, "eva@halden.test"),
        by=ana,
        at=clock.now(),
    )
    session.commit()

    assert "Invited, link works until" in said(reader.get("/people"))
