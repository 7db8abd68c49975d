"""`inlay card`: byte for byte what Gmail would get, or what the panel shows."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from crm.base import bulk, db
from crm.base.vault import Vault
from crm.workspace import subjects, users
from server.app import create_app
from tests.addon.beside import LINKS, ROUTES
from tests.house.cards import check_answer
from tests.server.asking import call, event_of, for_google
from tests.visiting import Visitor

AS = ("card", "--as", "ana@halden.test")


def test_the_card_of_a_message_is_one_that_gmail_takes(stored):
    ended = stored(*AS, "--message-id", "first@severka.test")

    assert check_answer(ended.json, functions=ROUTES) == []
    assert ended.raw.count(b"\n") == 1
    assert ended.json == stored(*AS, "--message-id", "<first@severka.test>", "--json").json
    assert "Jana" in ended.out


def test_the_card_of_an_event_is_the_answer_to_it(stored, tmp_path):
    shown = stored("message", "show", "first@severka.test", "--json").json
    event = tmp_path / "event.json"
    event.write_text(
        json.dumps(
            {
                "commonEventObject": {"hostApp": "GMAIL", "parameters": {"message": shown["id"]}},
                "authorizationEventObject": {"systemIdToken": "checked elsewhere"},
            }
        )
    )

    by_event = stored(*AS, "--event", str(event))
    saved = stored(*AS, "--event", str(event), "--function", "note/save")

    assert by_event.raw == stored(*AS, "--message-id", "first@severka.test").raw
    assert "The note is empty" in saved.out
    assert saved.code == 0


def test_the_message_of_an_event_is_found_by_gmails_id(stored, tmp_path):
    workspace_id = UUID(stored("workspace", "list", "--json").json["workspaces"][0]["id"])
    event = tmp_path / "event.json"
    with db.transaction(workspace_id) as session:
        ((uid,),) = bulk.run(
            session,
            "select c.uid from copy c join message m on m.id = c.message_id where m.rfc_id = %s",
            ("first@severka.test",),
        ).all()
        bulk.run(session, "update mailbox set kind = 'gmail'", ())
    asked = {"commonEventObject": {}, "gmail": {"messageId": f"msg-f:{uid}"}}
    event.write_text(json.dumps(asked))

    by_event = stored(*AS, "--event", str(event))

    assert by_event.raw == stored(*AS, "--message-id", "first@severka.test").raw


def test_it_is_the_http_answer_byte_for_byte(stored, google, tmp_path):
    shown = stored("message", "show", "first@severka.test", "--json").json
    event = tmp_path / "event.json"
    event.write_text(json.dumps(event_of(google, shown["id"])))
    settings = for_google(stored.house, google.certs_url)
    workspace = UUID(stored("workspace", "list", "--json").json["workspaces"][0]["id"])
    with db.transaction(workspace) as session:
        ana = users.get_named(session, workspace, "ana@halden.test")
        subjects.bind(session, ana, "1077", "ana@gmail.com")
    gmail = Visitor(create_app(settings, Vault(settings.vault_keys)))

    for function in ("message", "note/save", "message/person"):
        answer = call(gmail, google.robot(function), function, json.loads(event.read_text()))
        ended = stored(*AS, "--event", str(event), "--function", function)

        assert answer.data == ended.raw
    assert answer.mimetype == "application/json"


def test_as_html_it_is_what_the_panel_shows(stored):
    ended = stored(*AS, "--message-id", "first@severka.test", "--html")

    assert ended.out.startswith('<article class="card"')
    assert LINKS.app not in ended.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--message-id", "none@severka.test"], 1),
        ([], 2),
        (["--message-id", "a", "--event", "pyproject.toml"], 2),
        (["--event", "pyproject.toml"], 1),
        (["--event", "/nowhere.json"], 2),
    ],
)
def test_what_is_no_question_is_refused(stored, words, code):
    ended = stored(*AS, *words, "--json")

    assert (ended.code, ended.out) == (code, "")
    assert ended.error["message"]


def test_who_may_not_see_it_gets_no_card(stored):
    stored("user", "add", "bo@halden.test")

    ended = stored("card", "--as", "bo@halden.test", "--message-id", "first@severka.test", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "not_found")
