"""Who may do what with a colleague's things: every route that bears an id or changes something.

The roles of the table are answered, all others are refused, and a refusal changes no row.
"""

from __future__ import annotations

import json
import re

import pytest

from crm.filing import sharing
from crm.mail.models import Shares
from crm.workspace.models import UserRole
from tests import make
from tests.addon.beside import ROUTES as FUNCTIONS
from tests.rows import changed, checksums
from tests.visiting import HTMX, Visitor

ROLES = tuple(role.value for role in UserRole)
EVERYONE = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"admin"})
LEDGERS = frozenset({"manager", "admin"})
CONNECTING = EVERYONE - {"reader"}
EDITING = EVERYONE - {"reader"}

#: (method, route): who is answered, where Ana shares her mail with everyone.
TABLE = {
    ("GET", "/companies"): EVERYONE,
    ("GET", "/companies/<uuid:company_id>"): EVERYONE,
    ("GET", "/companies/<uuid:company_id>/fields/<key>"): EDITING,
    ("POST", "/companies/<uuid:company_id>/fields/<key>"): EDITING,
    ("GET", "/companies/new"): EDITING,
    ("POST", "/companies/new"): EDITING,
    ("POST", "/companies/do"): EDITING,
    ("GET", "/contacts/<uuid:contact_id>/addresses"): EDITING,
    ("POST", "/contacts/<uuid:contact_id>/addresses"): EDITING,
    ("GET", "/contacts/<uuid:contact_id>/fields/<key>"): EDITING,
    ("POST", "/contacts/<uuid:contact_id>/fields/<key>"): EDITING,
    ("GET", "/contacts/new"): EDITING,
    ("POST", "/contacts/new"): EDITING,
    ("POST", "/contacts/do"): EDITING,
    ("GET", "/o/<kind>"): EVERYONE,
    ("GET", "/o/<kind>/<uuid:record_id>"): EVERYONE,
    ("GET", "/o/<kind>/<uuid:record_id>/fields/<key>"): EDITING,
    ("POST", "/o/<kind>/<uuid:record_id>/fields/<key>"): EDITING,
    ("GET", "/o/<kind>/new"): EDITING,
    ("POST", "/o/<kind>/new"): EDITING,
    ("POST", "/o/<kind>/do"): EDITING,
    ("POST", "/undo/<uuid:act_id>"): NOBODY,  # An act is its maker's.
    ("POST", "/views/of/<subject>"): EVERYONE,
    ("POST", "/views/<uuid:view_id>/delete"): NOBODY,  # Ana's own.
    ("GET", "/contacts"): EVERYONE,
    ("GET", "/contacts/<uuid:contact_id>"): EVERYONE,
    ("POST", "/contacts/<uuid:contact_id>/suggest-again"): EDITING,
    ("GET", "/inbox"): EVERYONE,
    ("GET", "/inbox/<uuid:thread_id>"): EVERYONE,
    ("GET", "/mailboxes"): EVERYONE,
    ("GET", "/mailboxes/<uuid:mailbox_id>"): LEDGERS,
    ("GET", "/mailboxes/<uuid:mailbox_id>/progress"): LEDGERS,
    ("POST", "/mailboxes/<uuid:mailbox_id>/disconnect"): ADMIN,
    ("POST", "/mailboxes/<uuid:mailbox_id>/look"): ADMIN,
    ("POST", "/mailboxes/<uuid:mailbox_id>/pause"): ADMIN,
    ("POST", "/mailboxes/<uuid:mailbox_id>/resume"): ADMIN,
    ("POST", "/mailboxes/<uuid:mailbox_id>/shares"): NOBODY,
    ("POST", "/mailboxes/<uuid:mailbox_id>/suggests"): NOBODY,
    ("POST", "/mailboxes/<uuid:mailbox_id>/sign-in"): ADMIN,
    ("GET", "/mailboxes/connect"): CONNECTING,
    ("GET", "/mailboxes/domain"): ADMIN,
    ("POST", "/mailboxes/domain"): ADMIN,
    ("GET", "/mailboxes/gmail"): CONNECTING,
    ("GET", "/mailboxes/gmail/<uuid:mailbox_id>"): ADMIN,
    ("POST", "/mailboxes/gmail"): CONNECTING,
    ("POST", "/mailboxes/connect"): CONNECTING,
    ("GET", "/me"): EVERYONE,
    ("POST", "/me/google/out"): EVERYONE,
    ("POST", "/me/language"): EVERYONE,
    ("GET", "/messages/<uuid:message_id>/frame"): EVERYONE,
    ("GET", "/messages/<uuid:message_id>/reply"): EVERYONE,
    ("POST", "/messages/<uuid:message_id>/reply"): CONNECTING,
    ("POST", "/outgoing/<uuid:outgoing_id>/again"): NOBODY,
    ("POST", "/outgoing/<uuid:outgoing_id>/arrived"): NOBODY,
    ("POST", "/outgoing/<uuid:outgoing_id>/drop"): NOBODY,
    ("POST", "/outgoing/<uuid:outgoing_id>/undo"): NOBODY,
    ("GET", "/panel/<uuid:message_id>"): EVERYONE,
    ("GET", "/people"): ADMIN,
    ("POST", "/people"): ADMIN,
    ("POST", "/people/<uuid:user_id>/in"): ADMIN,
    ("POST", "/people/<uuid:user_id>/link"): ADMIN,
    ("POST", "/people/<uuid:user_id>/out"): ADMIN,
    ("POST", "/people/<uuid:user_id>/role"): ADMIN,
    ("GET", "/pipeline"): EVERYONE,
}
#: What Ana's colleagues do not come to when she shares nothing.
HERS = ("/inbox/<uuid:thread_id>", "/messages/<uuid:message_id>/frame", "/panel/<uuid:message_id>")
#: Routes that are nobody's: signing in and out, what a token opens, and one's own browsers.
OPEN = {
    *("/", "/google", "/google/done", "/inline/<token>", "/live", "/livez", "/readyz"),
    *("/sign-in", "/sign-out", "/static/<path:filename>", "/welcome/<token>"),
    "/addon/<path:function>",  # By Google's token alone, in tests of its own.
    "/mailboxes/gmail/back",  # By the state that one set out with.
    "/push/gmail",  # By the token of a subscription's service account, in tests of its own.
    "/me/browsers/<uuid:sign_in_id>/out",
    "/me/password",  # Asks for the password that one has.
    "/messages/<uuid:message_id>/attachments/<int:position>",  # The scene's mail has none.
}


def test_the_table_has_every_route(app):
    known = {rule for _method, rule in TABLE} | OPEN
    assert {rule.rule for rule in app.url_map.iter_rules()} == known
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            buttons = (method, rule.rule) == ("POST", "/panel/<uuid:message_id>")
            assert rule.rule in OPEN or (method, rule.rule) in TABLE or buttons


@pytest.fixture
def colleague(app, session, workspace, scene):
    """Be a colleague of Ana's in a role."""

    def be(role):
        user = make.user(session, workspace, f"new-{role}@halden.test", role=role, name="Colleague")
        session.commit()
        return Visitor(app).be(user)

    return be


@pytest.fixture
def html(session, scene):
    """File a letter that is a page of its own."""
    letter = make.raw(text="<b>Label printers</b>").replace(b"text/plain", b"text/html")
    (found,) = make.filed(session, scene.mailbox, letter).new
    return found


def address(rule, scene, html, target):
    ids = {
        "thread_id": scene.first.thread_id,
        "message_id": html if rule.endswith("/frame") else scene.first.id,
        "mailbox_id": scene.mailbox.id,
        "contact_id": scene.contact.id,
        "user_id": target.id,
        "outgoing_id": scene.outgoing.id,
        "company_id": scene.contact.company_id,
        "record_id": scene.press.id,
        "act_id": scene.act,
        "view_id": scene.view.id,
    }
    for name, word in (("<kind>", "machine"), ("<key>", "name"), ("<subject>", "contact")):
        rule = rule.replace(name, word)
    return re.sub(r"<uuid:(\w+)>", lambda found: str(ids[found[1]]), rule)


def ask(visitor, method, url):
    if method == "GET":
        return visitor.get(url)
    visitor.get("/me")  # Its forms carry the proof that they are ours.
    fields = {"role": "rep", "email": "nina@halden.test", "shares": "3", "language": "en"}
    return visitor.post(url, fields)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_answered_where_the_table_says_so_and_nowhere_else(
    role, colleague, scene, html, session, workspace
):
    target = make.user(session, workspace, "target@halden.test", name="Target")
    visitor = colleague(role)

    for (method, rule), roles in TABLE.items():
        before = checksums(session, workspace.id)
        answer = ask(visitor, method, address(rule, scene, html, target))

        assert answer.status_code in (200, 303, 403, 404, 422), rule
        assert "/sign-in" not in answer.headers.get("Location", ""), rule
        refused = answer.status_code in (403, 404)
        assert refused == (role not in roles), (method, rule, answer.status_code)
        if refused:
            assert changed(before, checksums(session, workspace.id)) == [], rule


@pytest.mark.parametrize("role", ROLES)
def test_what_a_colleague_shares_with_nobody_is_unknown_to_every_role(
    role, colleague, scene, html, session, workspace
):
    sharing.share(session, scene.mailbox, Shares.NOTHING, by=scene.ana, at=make.NOW)
    visitor = colleague(role)
    before = checksums(session, workspace.id)

    for rule in HERS:
        answer = visitor.get(address(rule, scene, html, scene.ana), headers=HTMX)
        unsaid = "There is no such message." in answer.text  # A card is a card, whatever it says.
        assert answer.status_code == 404 or unsaid, rule
        assert "Jana" not in answer.text
        assert "Label printers" not in answer.text
    press_all(visitor, scene)

    assert changed(before, checksums(session, workspace.id)) == []


def test_a_reader_presses_every_button_and_changes_nothing(colleague, scene, session, workspace):
    visitor = colleague("reader")
    before = checksums(session, workspace.id)

    press_all(visitor, scene)

    assert changed(before, checksums(session, workspace.id)) == []


def test_support_presses_every_button_and_changes_no_deal(colleague, scene, session, workspace):
    visitor = colleague("support")
    before = checksums(session, workspace.id)

    press_all(visitor, scene)

    touched = changed(before, checksums(session, workspace.id))
    assert not [table for table in touched if table.startswith("deal")]
    assert "note" in touched or "activity" in touched  # What support may do, it does.


def press_all(visitor, scene):
    """Press every button there is, beside a message of Ana's."""
    visitor.get("/me")  # Its forms carry the proof that they are ours.
    for name in sorted(FUNCTIONS):
        press(visitor, scene, name.rpartition("/addon/")[2])


def press(visitor, scene, function):
    parameters = {"deal": str(scene.deal.id), "task": str(scene.task.id), "record": "1"}
    parameters |= {"id": str(scene.contact.id), "stage": str(scene.stages[1])}
    fields = {
        "do": json.dumps({"function": function, "parameters": parameters}),
        "text:text": "By a colleague",
        "text:title": "By a colleague",
        "text:name": "By a colleague",
        "text:amount": "7",
        "text:email": "new@severka.test",
    }
    answer = visitor.post(f"/panel/{scene.first.id}", fields, headers=HTMX)
    assert answer.status_code in (200, 404), function
