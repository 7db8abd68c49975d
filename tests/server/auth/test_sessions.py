"""The cookie of a browser: how it is kept, when it ends, what it never outlives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from crm.base import clock
from crm.base.vault import Vault
from crm.workspace import sign_ins
from crm.workspace.models import SignIn
from server.app import create_app
from tests import make
from tests.visiting import HTMX, Visitor, said

PASSWORD = "a long password"

#: What an open page asks when it hears of news.
LIVE = {"HX-Request": "true", "HX-Target": "list", "Inlay-Live": "1"}


def cookies(answer):
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        name, _, rest = line.partition("=")
        found[name] = {part.strip().partition("=")[0].lower() for part in rest.split(";")[1:]}
        found[name].add(next((p.strip() for p in rest.split(";") if "SameSite" in p), ""))
    return found


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_bound_to_host_and_https_where_there_is_https(
    session, workspace, shared, secure
):
    make.user(session, workspace, "bo@halden.test", password=PASSWORD)
    session.commit()
    base = "https://crm.halden.test" if secure else "http://127.0.0.1:8025"
    app = create_app(replace(shared, base_url=base), Vault(shared.vault_keys))

    answer = Visitor(app, secure=secure).sign_in("bo@halden.test", PASSWORD)

    marks = cookies(answer)["__Host-inlay" if secure else "inlay"]
    assert {"httponly", "path", "max-age", "SameSite=Lax"} <= marks
    assert ("secure" in marks) is secure
    assert "domain" not in marks


def test_a_visitor_has_a_cookie_of_their_own_with_the_same_marks(visitor):
    marks = cookies(visitor.get("/sign-in"))["visit"]

    assert {"httponly", "SameSite=Lax", "path"} <= marks
    assert "domain" not in marks


def test_the_token_is_kept_nowhere_but_in_the_browser(reader, session):
    token = reader.client.get_cookie("inlay", domain="127.0.0.1").value

    kept = session.scalars(select(SignIn.token)).all()

    assert token.encode() not in kept
    assert [len(digest) for digest in kept] == [32]


@pytest.mark.parametrize(
    "values",
    [
        {"seen_at": clock.now() - sign_ins.IDLE},
        {"expires_at": clock.now()},
    ],
    ids=["idle", "absolute"],
)
def test_a_session_ends(reader, session, values):
    assert reader.get("/inbox").status_code == 200

    session.execute(update(SignIn).values(**values))
    session.commit()

    assert reader.get("/inbox").status_code == 303


def test_a_session_in_use_goes_on(reader, session):
    earlier = clock.now() - timedelta(hours=11)
    session.execute(update(SignIn).values(seen_at=earlier))
    session.commit()

    assert reader.get("/inbox").status_code == 200

    assert session.scalar(select(SignIn.seen_at)) > clock.now() - timedelta(minutes=1)


def test_what_a_page_asks_by_itself_does_not_keep_a_session_going(reader, session):
    earlier = clock.now() - timedelta(hours=11)
    session.execute(update(SignIn).values(seen_at=earlier))
    session.commit()

    assert reader.get("/inbox", headers=LIVE).status_code == 200
    assert session.scalar(select(SignIn.seen_at)) == earlier


def test_what_a_page_asks_by_itself_leads_nobody_away(visitor):
    answer = visitor.get("/inbox", headers=LIVE)

    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, None)


def test_who_was_removed_is_out_at_the_next_request(reader, session, ana):
    assert reader.get("/inbox").status_code == 200

    ana.active = False
    session.commit()

    assert reader.get("/inbox").status_code == 303


def test_who_was_demoted_may_do_less_at_the_next_request(reader, session, ana, take_in):
    (message,) = take_in(make.raw())
    page = f"/panel/{message}"
    assert "Deal" in reader.get(page, headers=HTMX).text

    ana.role = "reader"
    session.commit()

    assert "deal/new" not in reader.get(page, headers=HTMX).text


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 3000, "../..", "' or 1=1"])
def test_a_token_that_is_none_opens_nothing(visitor, token):
    visitor.client.set_cookie("inlay", token, domain="127.0.0.1")

    assert visitor.get("/inbox").status_code == 303


def test_a_stranger_is_sent_to_the_door_with_the_way_back(visitor):
    answer = visitor.get("/inbox?view=all")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/inbox?view%3Dall")


def test_who_was_signed_out_before_an_answer_was_sent_is_told_so_and_comes_back_to_its_form(
    reader, session, workspace, take_in
):
    make.user(session, workspace, "bo@halden.test", password=PASSWORD)
    (message,) = take_in(make.raw(to="bo@halden.test"))
    fields = {"text": "120 each.", "csrf_token": reader.proof}
    session.execute(update(SignIn).values(expires_at=clock.now()))
    session.commit()

    door = reader.post(f"/messages/{message}/reply", fields)

    assert door.status_code == 303
    page = reader.get(door.location)
    assert "You were signed out meanwhile. Your answer was not sent." in said(page)
    there = re.search(r'name="next" value="([^"]+)"', page.text)[1]
    again = reader.post(
        "/sign-in", {"email": "bo@halden.test", "password": PASSWORD, "next": there}
    )
    assert again.location == f"/messages/{message}/reply"
    assert "not sent" not in said(reader.get("/sign-in"))


def test_htmx_is_told_to_go_there_itself(visitor):
    answer = visitor.get("/inbox", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")
    assert answer.text == ""


def test_who_signs_in_again_comes_back_to_where_htmx_asked(visitor):
    asking = {**HTMX, "HX-Current-URL": "http://127.0.0.1:8025/inbox/7?view=all&q=a%20b"}

    there = visitor.get("/inbox", headers=asking).headers["HX-Redirect"]

    assert parse_qs(urlsplit(there).query)["next"] == ["/inbox/7?view=all&q=a%20b"]


@pytest.mark.parametrize("there", ["http://[", "//[", "http://x]"])
def test_a_page_whose_address_is_none_leads_to_the_plain_door(visitor, there):
    answer = visitor.get("/inbox", headers={"HX-Request": "true", "HX-Current-URL": there})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")
