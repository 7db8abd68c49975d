"""Every route, for every role: other workspaces' ids are unknown, looking changes nothing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from addon.actions import FUNCTIONS
from crm.base import clock, db
from crm.workspace import sign_ins, users
from crm.workspace.models import SignIn, UserRole
from server.pages import live
from tests import make
from tests.rows import changed, checksums
from tests.visiting import HTMX, Visitor

#: A route that is not here has no test: the map of URLs is compared with this table.
ROUTES = {
    "/",
    "/addon/<path:function>",
    "/companies",
    "/companies/<uuid:company_id>",
    "/companies/<uuid:company_id>/fields/<key>",
    "/companies/do",
    "/companies/new",
    "/contacts",
    "/contacts/<uuid:contact_id>",
    "/contacts/<uuid:contact_id>/addresses",
    "/contacts/<uuid:contact_id>/fields/<key>",
    "/contacts/<uuid:contact_id>/suggest-again",
    "/contacts/do",
    "/contacts/new",
    "/google",
    "/google/done",
    "/inbox",
    "/inbox/<uuid:thread_id>",
    "/inline/<token>",
    "/live",
    "/livez",
    "/mailboxes",
    "/mailboxes/<uuid:mailbox_id>",
    "/mailboxes/<uuid:mailbox_id>/disconnect",
    "/mailboxes/<uuid:mailbox_id>/look",
    "/mailboxes/<uuid:mailbox_id>/pause",
    "/mailboxes/<uuid:mailbox_id>/progress",
    "/mailboxes/<uuid:mailbox_id>/resume",
    "/mailboxes/<uuid:mailbox_id>/shares",
    "/mailboxes/<uuid:mailbox_id>/suggests",
    "/mailboxes/<uuid:mailbox_id>/sign-in",
    "/mailboxes/connect",
    "/mailboxes/domain",
    "/mailboxes/gmail",
    "/mailboxes/gmail/<uuid:mailbox_id>",
    "/mailboxes/gmail/back",
    "/me",
    "/me/browsers/<uuid:sign_in_id>/out",
    "/me/google/out",
    "/me/language",
    "/me/password",
    "/messages/<uuid:message_id>/attachments/<int:position>",
    "/messages/<uuid:message_id>/frame",
    "/messages/<uuid:message_id>/reply",
    "/o/<kind>",
    "/o/<kind>/<uuid:record_id>",
    "/o/<kind>/<uuid:record_id>/fields/<key>",
    "/o/<kind>/do",
    "/o/<kind>/new",
    "/outgoing/<uuid:outgoing_id>/again",
    "/outgoing/<uuid:outgoing_id>/arrived",
    "/outgoing/<uuid:outgoing_id>/drop",
    "/outgoing/<uuid:outgoing_id>/undo",
    "/panel/<uuid:message_id>",
    "/people",
    "/people/<uuid:user_id>/in",
    "/people/<uuid:user_id>/link",
    "/people/<uuid:user_id>/out",
    "/people/<uuid:user_id>/role",
    "/pipeline",
    "/push/gmail",
    "/readyz",
    "/sign-in",
    "/sign-out",
    "/static/<path:filename>",
    "/undo/<uuid:act_id>",
    "/views/<uuid:view_id>/delete",
    "/views/of/<subject>",
    "/welcome/<token>",
}
#: Who ends what is nobody's of theirs is told that it is over: there is nothing to find out.
SAFE = {"/me/browsers/<uuid:sign_in_id>/out": 303}
BUTTONS = sorted(FUNCTIONS)


def test_every_route_is_known_here(app):
    assert {rule.rule for rule in app.url_map.iter_rules()} == ROUTES


def with_ids(app):
    return [rule for rule in app.url_map.iter_rules() if "<uuid" in rule.rule]


NAMES = (
    *("thread_id", "message_id", "mailbox_id", "contact_id", "user_id", "sign_in_id"),
    *("outgoing_id", "company_id", "record_id", "act_id", "view_id"),
)
#: What stands in addresses besides ids.
WORDS = {"<kind>": "machine", "<key>": "name", "<subject>": "contact", "<token>": "x"}


def ids_of(scene, browser=None):
    """Return an id of each kind, in the order of NAMES."""
    box, contact, ana = scene.mailbox.id, scene.contact.id, scene.ana.id
    browser = browser or uuid4()
    mail = (scene.first.thread_id, scene.first.id, box, contact, ana, browser, scene.outgoing.id)
    return (*mail, scene.contact.company_id, scene.press.id, scene.act, scene.view.id)


@pytest.fixture
def browser(session, workspace, elsewhere):
    """Let Eva be signed in elsewhere; return which browser it is, and whether it still is."""
    there = elsewhere.workspace.id
    db.enter(session, there)
    eva = users.get(session, there, elsewhere.ana.id)
    sign_ins.begin(session, eva, agent="hers", at=clock.now())
    session.flush()
    found = session.scalars(select(SignIn.id).where(SignIn.workspace_id == there)).one()

    def stays():
        db.enter(session, there)
        rows = session.scalars(select(SignIn.id).where(SignIn.workspace_id == there)).all()
        db.enter(session, workspace.id)
        return rows == [found]

    session.commit()
    db.enter(session, workspace.id)
    return found, stays


def address(rule, ids):
    known = dict(zip(NAMES, map(str, ids), strict=True)) | {"position": "0"}
    plain = rule.rule
    for name, word in WORDS.items():
        plain = plain.replace(name, word)
    return re.sub(r"<\w+:(\w+)>", lambda found: known[found[1]], plain)


def asked(visitor, rule, ids, do, headers):
    """Ask a route in each of its methods; ids in the answers are made the same."""
    url = address(rule, ids)
    answers = []
    for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
        if method == "GET":
            answers.append(visitor.get(url, headers=headers))
        else:
            fields = {"do": do, "role": "reader", "password": "new", "shares": "3"}
            answers.append(visitor.post(url, fields, headers=headers))
    for answer in answers:
        text = answer.text
        for id_ in ids:
            text = text.replace(str(id_), "ID")
        yield answer.status_code, text


@pytest.mark.parametrize("role", [role.value for role in UserRole])
def test_ids_of_another_workspace_are_as_unknown_as_any_and_nothing_changes(
    app, session, workspace, ana, elsewhere, browser, role
):
    user = ana if role == "admin" else make.user(session, workspace, f"{role}@halden.test")
    user.role = role
    session.commit()
    visitor = Visitor(app).be(user)
    before = checksums(session, workspace.id, elsewhere.workspace.id)
    hers, stays = browser
    theirs = ids_of(elsewhere, hers)
    own = [str(elsewhere.contact.id), str(elsewhere.deal.id), str(elsewhere.task.id)]

    for rule in with_ids(app):
        for function in BUTTONS:
            for headers in ({}, HTMX):
                parameters = f'{{"record": "1", "id": "{own[0]}", "task": "{own[2]}"}}'
                do = f'{{"function": "{function}", "parameters": {parameters}}}'
                found = list(asked(visitor, rule, theirs, do, headers))
                unknown = list(asked(visitor, rule, [uuid4() for _ in NAMES], do, headers))

                assert found == unknown, (rule.rule, function, headers)
                if "panel" not in rule.rule or not headers:
                    expected = {SAFE.get(rule.rule, 404)}
                    assert {status for status, _text in found} == expected, rule.rule
            if "panel" not in rule.rule:
                break

    assert changed(before, checksums(session, workspace.id, elsewhere.workspace.id)) == []
    assert stays()


def test_looking_changes_nothing(app, reader, session, scene, monkeypatch):
    monkeypatch.setattr(live, "LASTS", 0.1)  # A stream is a look too, and would last.
    before = checksums(session, scene.workspace.id)
    ids = ids_of(scene)

    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or "static" in rule.rule:
            continue
        url = address(rule, ids)
        for headers in ({}, HTMX):
            for query in ("", "?view=all&q=label&pane=card&earlier=1&before=1_2"):
                assert reader.get(url + query, headers=headers).status_code < 500
                reader.client.head(url + query, base_url=reader.base)
                reader.client.options(url + query, base_url=reader.base)

    assert changed(before, checksums(session, scene.workspace.id)) == []


def test_a_stranger_sees_no_page_but_the_door(app, visitor, scene):
    ids = ids_of(scene)
    for rule in with_ids(app):
        for status, text in asked(visitor, rule, ids, "{}", {}):
            assert status in (303, 403), rule.rule
            assert "Label printers" not in text


def test_every_answer_carries_its_policy(reader, take_in):
    take_in(make.raw())

    for url in ("/inbox", "/sign-in", "/nowhere", "/livez", "/static/tokens.css"):
        headers = reader.get(url).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, url
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_what_is_private_is_kept_in_no_cache(reader):
    assert reader.get("/inbox").headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in reader.get("/static/tokens.css").headers.get("Cache-Control", "")


def test_nothing_goes_into_a_page_as_it_is_but_what_was_made_harmless():
    from markupsafe import Markup

    from server.app import _only_markup

    assert _only_markup(Markup("<b>")) == "<b>"
    with pytest.raises(TypeError):
        _only_markup("<b>")


def test_a_theme_is_one_of_ours(reader):
    reader.client.set_cookie("theme", "dark", domain="127.0.0.1")
    assert 'data-theme="dark"' in reader.get("/inbox").text
    reader.client.set_cookie("theme", 'x"><script>', domain="127.0.0.1")
    assert "data-theme" not in reader.get("/inbox").text


def test_a_request_that_is_refused_keeps_nothing(reader, session, workspace, take_in):
    (message,) = take_in(make.raw())
    before = checksums(session, workspace.id)

    do = '{"function": "note/save", "parameters": {}}'
    reader.post(f"/panel/{message}", {"do": do, "text:text": ""}, headers=HTMX)

    assert changed(before, checksums(session, workspace.id)) == []
