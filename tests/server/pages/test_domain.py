"""The mailboxes of a domain by the web: a list, a look at each, and nothing kept before yes."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import g
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from crm.base.vault import Vault
from crm.mail import mailboxes
from server.app import create_app
from server.demo.gmail import GmailServer
from sync.connecting import domain
from sync.google import READING, SENDING
from tests import make
from tests.rows import changed, checksums
from tests.visiting import Visitor, said

FORM = "/mailboxes/domain"


@pytest.fixture
def google():
    with GmailServer() as server:
        for n in range(3):
            server.add("ana@halden.test").deliver(make.raw(subject=f"No. {n}"))
        server.add("bo@halden.test")
        yield server


@pytest.fixture
def admin(connection, shared, session, workspace, ana, google):
    make.user(session, workspace, "bo@halden.test", name="Bo", role="rep")
    make.user(session, workspace, "cy@halden.test", name="Cy", role="rep")
    session.commit()
    settings = replace(shared, google_api_url=google.url, google_token_url=google.token_url)
    return Visitor(create_app(settings, Vault(shared.vault_keys))).be(ana)


@pytest.fixture
def key(google):
    return json.dumps(google.delegate("robot@halden.test", (*READING, *SENDING))).encode()


def look(admin, listed, key=b"", **more):
    files = {"key": (BytesIO(key), "key.json")} if key else {}
    return admin.post(FORM, {"step": "look", "listed": listed, **files, **more})


def offer(answer):
    return html.unescape(re.search(r'name="offer" value="([^"]*)"', answer.text)[1])


def boxes(session, workspace):
    session.expire_all()
    return {box.address: box for box in mailboxes.everyone(session, workspace.id)}


def test_the_list_begins_with_whoever_has_no_mailbox(admin, session, ana):
    make.mailbox(session, ana)
    session.commit()

    typed = re.search(r"<textarea[^>]*>([^<]*)</textarea>", admin.get(FORM).text)[1]

    assert typed.split() == ["bo@halden.test", "cy@halden.test"]


def test_whoever_connects_a_domain_is_in_the_room_of_mailboxes(admin):
    current = re.findall(r'href="([^"]*)" aria-current="page"', admin.get(FORM).text)

    assert set(current) == {"/mailboxes"}


def test_a_line_without_an_address_is_named_and_stays_in_the_list(admin, key):
    looked = look(admin, "bo@halden.test\njohn halden.test", key)

    assert "john halden.test\nThis line names no address." in said(looked)
    assert "2 of 2" not in said(looked)
    back = admin.post(FORM, {"step": "back", "offer": offer(looked)})
    assert "john halden.test" in re.search(r"<textarea[^>]*>([^<]*)</textarea>", back.text)[1]


def test_each_is_looked_at_nothing_is_stored_and_then_the_ready_are_connected(
    admin, session, workspace, ana, key
):
    before = checksums(session, workspace.id)
    looked = look(admin, "ana@halden.test\nbo@halden.test\ncy@halden.test\neve@halden.test", key)
    words = said(looked)

    assert looked.status_code == 200
    assert not changed(before, checksums(session, workspace.id))
    assert "Connect 2 mailboxes" in words
    assert "3 messages. It would be connected." in words
    assert "Google knows no such mailbox" in words  # cy works here, and has no mail there
    assert "Nobody here has this address" in words  # eve does not
    assert "robot@halden.test" in words
    assert ",".join((*READING, *SENDING)) in words
    assert "PRIVATE KEY" not in looked.text

    done = admin.post(FORM, {"step": "connect", "offer": offer(looked)})

    assert (done.status_code, done.location) == (303, "/mailboxes")
    assert "2 mailboxes connected." in said(admin.get("/mailboxes"))
    found = boxes(session, workspace)
    assert set(found) == {"ana@halden.test", "bo@halden.test"}
    assert found["bo@halden.test"].user_id != ana.id

    again = admin.post(FORM, {"step": "connect", "offer": offer(looked)})
    assert (again.status_code, len(boxes(session, workspace))) == (303, 2)


def test_who_was_let_in_meanwhile_is_found_by_asking_again(admin, google, key):
    first = look(admin, "cy@halden.test", key)
    assert "Connect 1 mailbox" not in said(first)
    google.add("cy@halden.test")

    second = admin.post(FORM, {"step": "again", "offer": offer(first)})

    assert "Connect 1 mailbox" in said(second)


def test_when_the_time_is_up_the_page_shows_how_far_it_is_and_goes_on(admin, key, monkeypatch):
    monkeypatch.setattr(domain.ask_more, "__defaults__", (0.0,))
    first = look(admin, "ana@halden.test\nbo@halden.test", key)

    assert "0 of 2 addresses are looked at" in said(first)
    assert 'hx-trigger="load"' in first.text
    assert "Go on asking" in said(first)

    monkeypatch.setattr(domain.ask_more, "__defaults__", (60.0,))
    second = admin.post(FORM, {"step": "more", "offer": offer(first)})

    assert "Connect 2 mailboxes" in said(second)
    assert "hx-trigger" not in second.text


def test_what_is_wrong_is_told_beside_its_field_and_what_was_given_stays(admin, key):
    none = look(admin, "ana@halden.test")
    broken = look(admin, "ana@halden.test", b'{"type": "x"}')
    empty = look(admin, "Ana\nBo", key)
    many = look(admin, "\n".join(f"u{n}@halden.test" for n in range(301)), key)

    assert [a.status_code for a in (none, broken, empty, many)] == [422] * 4
    assert "Choose the file with the key" in said(none)
    assert "no key of a service account" in said(broken)
    assert "names no address" in said(empty)
    assert "301 addresses are too many" in said(many)
    assert "robot@halden.test is chosen." in said(empty)  # The key needs no second choice.

    after = look(admin, "ana@halden.test", offer=offer(empty))
    assert "Connect 1 mailbox" in said(after)
    back = admin.post(FORM, {"step": "back", "offer": offer(after)})
    assert "robot@halden.test is chosen." in said(back)
    assert "ana@halden.test</textarea>" in back.text


@pytest.mark.parametrize("size", [30_000, 3_000_000])
def test_a_file_that_is_too_big_for_a_key_is_named_and_the_list_stays(admin, size):
    admin.get(FORM)
    film = FileStorage(BytesIO(b"x" * size), "film.mp4", "key")
    fields = {"csrf_token": admin.proof, "step": "look", "listed": "bo@halden.test", "key": film}
    boundary, body = encode_multipart(fields)

    answer = admin.client.post(
        FORM,
        data=body,
        base_url=admin.base,
        content_type=f"multipart/form-data; boundary={boundary}",
    )

    assert answer.status_code == 422
    assert "too big for a key" in said(answer)
    assert "bo@halden.test</textarea>" in answer.text


def test_google_is_asked_while_no_transaction_is_open(admin, key, monkeypatch):
    open_then = []
    asked = domain.ask_more

    def ask_more(*args):
        open_then.append(g.session.in_transaction())
        return asked(*args)

    monkeypatch.setattr(domain, "ask_more", ask_more)
    look(admin, "ana@halden.test", key)

    assert open_then == [False]


@pytest.mark.parametrize("step", ["more", "again", "back", "connect"])
def test_a_look_is_its_own_users_and_cannot_be_made_up(admin, session, workspace, key, step):
    other = make.user(session, workspace, "dan@halden.test", role="admin", name="Dan")
    session.commit()
    mine = offer(look(admin, "ana@halden.test", key))
    theirs = Visitor(admin.app).be(other)

    for visitor, text in ((theirs, mine), (admin, "made up"), (admin, "")):
        answer = visitor.post(FORM, {"step": step, "offer": text})
        assert (answer.status_code, "too old" in said(answer)) == (422, True)
    assert boxes(session, workspace) == {}


def test_unknown_steps_and_ways_are_refused(admin, key):
    assert admin.post(FORM, {"step": "dance"}).status_code == 422
    assert look(admin, "ana@halden.test", key, over="pigeon").status_code == 422
