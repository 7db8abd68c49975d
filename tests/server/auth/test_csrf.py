"""A form is ours, or nothing happens."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crm.base.vault import Vault
from server.app import create_app
from server.auth import csrf
from tests import make
from tests.rows import changed, checksums
from tests.visiting import Visitor

OURS = "http://127.0.0.1:8025"


def posts(app):
    """Return every route that changes something, but Google's own door."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods - {"GET", "HEAD", "OPTIONS"} and rule.endpoint not in csrf.GOOGLES
    )


def address(rule, message):
    return re.sub(r"<[^>]+>", str(message), rule)


MAILBOX = ("disconnect", "look", "pause", "resume", "shares", "sign-in", "suggests")


def test_these_are_the_routes_that_change_something(app):
    assert posts(app) == [
        "/companies/<uuid:company_id>/fields/<key>",
        *("/companies/do", "/companies/new"),
        *(f"/contacts/<uuid:contact_id>/{do}" for do in ("addresses", "fields/<key>")),
        "/contacts/<uuid:contact_id>/suggest-again",
        *("/contacts/do", "/contacts/new"),
        "/google",
        *(f"/mailboxes/<uuid:mailbox_id>/{do}" for do in MAILBOX),
        *("/mailboxes/connect", "/mailboxes/domain", "/mailboxes/gmail"),
        "/me/browsers/<uuid:sign_in_id>/out",
        "/me/google/out",
        "/me/language",
        "/me/password",
        "/messages/<uuid:message_id>/reply",
        "/o/<kind>/<uuid:record_id>/fields/<key>",
        *("/o/<kind>/do", "/o/<kind>/new"),
        *(f"/outgoing/<uuid:outgoing_id>/{do}" for do in ("again", "arrived", "drop", "undo")),
        "/panel/<uuid:message_id>",
        "/people",
        "/people/<uuid:user_id>/in",
        "/people/<uuid:user_id>/link",
        "/people/<uuid:user_id>/out",
        "/people/<uuid:user_id>/role",
        "/sign-in",
        "/sign-out",
        "/undo/<uuid:act_id>",
        "/views/<uuid:view_id>/delete",
        "/views/of/<subject>",
        "/welcome/<token>",
    ]


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"csrf_token": ""}, {}),
        ({"csrf_token": "0" * 64}, {}),
        ({"csrf_token": "é"}, {}),
        ({"csrf_token": "\x00"}, {}),
        ({}, {"Origin": "https://evil.test"}),
        ({}, {"Origin": "null"}),
        ({}, {"Origin": OURS + ".evil.test"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
        ({}, {"Sec-Fetch-Site": "cross-site", "Origin": OURS}),
    ],
)
def test_a_form_from_elsewhere_is_refused_at_every_route(
    app, reader, session, workspace, take_in, fields, headers
):
    (message,) = take_in(make.raw())
    do = '{"function": "thread/private", "parameters": {}}'
    before = checksums(session, workspace.id)

    for rule in posts(app):
        answer = reader.post(address(rule, message), {"do": do, **fields}, headers=headers)

        assert answer.status_code == 403, rule
        assert "comes from elsewhere" in answer.text
    assert changed(before, checksums(session, workspace.id)) == []
    assert reader.get("/inbox").status_code == 200


def test_no_token_at_all_is_refused(app, reader, take_in):
    (message,) = take_in(make.raw())

    for rule in posts(app):
        answer = reader.client.post(address(rule, message), base_url=OURS)

        assert answer.status_code == 403, rule


def test_json_and_plain_text_are_no_way_around(reader, take_in):
    (message,) = take_in(make.raw())

    for kind in ("application/json", "text/plain", "multipart/form-data"):
        answer = reader.client.post(
            f"/panel/{message}", data="{}", content_type=kind, base_url=OURS
        )

        assert answer.status_code == 403


def test_the_token_of_another_browser_is_none(app, reader, session, workspace, take_in):
    bo = make.user(session, workspace, "bo@halden.test")
    (message,) = take_in(make.raw())
    stranger = Visitor(app).be(bo)

    answer = reader.post(f"/panel/{message}", {"csrf_token": stranger.proof})

    assert answer.status_code == 403


def test_signing_in_wants_a_form_of_ours_too(visitor):
    answer = visitor.client.post("/sign-in", data={"email": "a", "password": "b"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": OURS}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_a_form_of_ours_is_taken(reader, take_in, headers):
    (message,) = take_in(make.raw())
    do = '{"function": "message", "parameters": {}}'

    answer = reader.post(f"/panel/{message}", {"do": do}, headers=headers)

    assert answer.status_code in (200, 303)


def test_no_other_site_may_read_our_answers(reader):
    answer = reader.get("/inbox", headers={"Origin": "https://evil.test"})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_behind_a_proxy_that_ends_tls_the_browsers_origin_is_ours(connection, shared):
    settings = replace(shared, base_url="https://crm.halden.test/")
    visitor = Visitor(create_app(settings, Vault(shared.vault_keys)), secure=True)
    visitor.get("/sign-in")
    visitor.base = "http://crm.halden.test"  # As the proxy asks.

    for origin, refused in (("https://crm.halden.test", False), ("http://crm.halden.test", True)):
        answer = visitor.post("/sign-in", {"email": "a"}, headers={"Origin": origin})

        assert (answer.status_code == 403) is refused
