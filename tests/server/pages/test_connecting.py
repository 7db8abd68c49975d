"""Connecting by the web: proposed, looked at, decided; refusals beside their field."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import g

from crm.base import ids
from crm.base.vault import Vault
from crm.mail import mailboxes
from server.app import create_app
from server.pages import connecting as page
from server.web import outside
from sync.connecting import previewing, proposing
from tests import make
from tests.rows import changed, checksums
from tests.visiting import Visitor, said

FORM = "/mailboxes/connect"


@pytest.fixture
def inside(connection, shared):
    """Make the web app of a company whose mail server stands in its own network."""
    return create_app(replace(shared, allow_private_imap=True), Vault(shared.vault_keys))


@pytest.fixture
def reader(inside, session, ana):
    session.commit()
    return Visitor(inside).be(ana)


@pytest.fixture
def login(dovecot):
    """Type a login that Dovecot takes."""

    def typed(user, **other):
        return {
            "step": "look",
            "address": "ana@halden.test",
            "host": "127.0.0.1",
            "port": str(dovecot.port),
            "security": "none",
            "login": user,
            "password": dovecot.password,
            **other,
        }

    return typed


def field(answer, name):
    """Return how a page shows a field: its value, whether it is wrong, and what is said beside."""
    tag = re.search(rf'<(?:input|select)[^>]* id="{name}"[^>]*>', answer.text)
    assert tag is not None, name
    value = re.search(r' value="([^"]*)"', tag[0])
    beside = re.search(rf'id="{name}-err">(.*?)</span>', answer.text, re.DOTALL)
    return (
        value[1] if value else None,
        'aria-invalid="true"' in tag[0],
        re.sub(r"<[^>]+>", " ", beside[1]) if beside else "",
    )


def test_a_known_address_brings_its_server_into_the_fields(reader):
    assert field(reader.get(FORM), "address")[0] == "ana@halden.test"

    answer = reader.post(FORM, {"step": "propose", "address": "ana@gmail.com"})

    assert field(answer, "host")[0] == "imap.gmail.com"
    assert field(answer, "port")[0] == "993"
    assert field(answer, "login")[0] == "ana@gmail.com"
    assert "From the list of known providers: Gmail." in said(answer)
    assert "app password" in said(answer)


def test_an_unknown_domain_gets_a_guess_while_no_transaction_is_open(reader, monkeypatch):
    open_then = []

    def ask(_name, _kind, _seconds):
        open_then.append(g.session.in_transaction())
        return ()

    monkeypatch.setattr(proposing, "ask_resolver", ask)
    answer = reader.post(FORM, {"step": "propose", "address": "ana@halden.example"})

    assert field(answer, "host")[0] == "imap.halden.example"
    assert "A guess." in said(answer)
    assert open_then
    assert not any(open_then)


def test_what_is_no_address_and_what_is_connected_are_told_beside_it(reader, session, ana):
    make.mailbox(session, ana)
    session.commit()

    nonsense = reader.post(FORM, {"step": "propose", "address": "<b>ana"})
    twice = reader.post(FORM, {"step": "propose", "address": "Ana@halden.test"})

    assert field(nonsense, "address")[1:] == (True, "“&lt;b&gt;ana” is not an address.")
    assert field(twice, "address")[1:] == (True, "ana@halden.test is connected already.")
    assert (nonsense.status_code, twice.status_code) == (422, 409)


def test_it_is_previewed_then_connected_and_kept_as_it_was_looked_at(
    reader, session, workspace, ana, dovecot, login, shared
):
    for n in range(3):
        dovecot.deliver("web1", make.raw(subject=f"Matter {n}"))
    dovecot.deliver("web1", make.raw("Win <win@spam.test>"), "Junk")
    before = checksums(session, workspace.id)

    preview = reader.post(FORM, login("web1"))

    assert preview.status_code == 200
    text = said(preview)
    assert "Nothing is stored yet." in text
    assert "Connect and take in 3 messages" in text
    assert "would be skipped: spam 1" in text
    assert "1 contact would be made" in text
    assert "Jana" in text
    assert dovecot.password not in _fields(preview)
    assert changed(before, checksums(session, workspace.id)) == []

    offer = re.search(r'name="offer" value="([^"]+)"', preview.text)[1]
    chosen = {"step": "connect", "offer": offer, "shares": "0", "meets": "written"}
    answer = reader.post(FORM, {**chosen, "exclude": ["Sent"]})

    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    assert box is not None
    assert answer.location == f"/mailboxes/{box.id}"
    assert (box.user_id, box.state, box.shares, box.meets) == (ana.id, "connecting", 0, "written")
    assert box.excluded == ["Sent"]
    assert box.place == {
        "host": "127.0.0.1",
        "port": dovecot.port,
        "security": "none",
        "login": "web1",
        "reach": "public",
    }
    assert Vault(shared.vault_keys).open(box.secret) == dovecot.password


def _fields(answer):
    return " ".join(re.findall(r'<input[^>]*type="(?:text|password|email)"[^>]*>', answer.text))


def test_no_transaction_is_open_while_the_server_is_asked(reader, login, dovecot, monkeypatch):
    open_source, open_then = previewing.open_source, []

    def watched(*given, **options):
        open_then.append(g.session.in_transaction())
        return open_source(*given, **options)

    monkeypatch.setattr(previewing, "open_source", watched)

    assert reader.post(FORM, login("web2")).status_code == 200
    assert open_then == [False]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        (lambda d: {"password": "canary-wrong"}, "password", "does not take this login"),
        (lambda d: {"host": "imap.halden.invalid"}, "host", "no server by this name"),
        (lambda d: {"port": closed_port()}, "port", "does not answer on this port"),
        (lambda d: {"port": str(d.tls_port), "security": "tls"}, "host", "certificate"),
        (lambda d: {"security": "tls"}, "security", "does not begin with TLS"),
        (lambda d: {"host": "http://x/"}, "host", "not the name of a server"),
        (lambda d: {"host": ""}, "host", "not the name of a server"),
        (lambda d: {"port": "many"}, "port", "A port is a number"),
        (lambda d: {"port": "99999"}, "port", "A port is a number"),
        (lambda d: {"login": ""}, "login", "The login is missing"),
        (lambda d: {"login": "a\x00b"}, "login", "The login holds a control character"),
        (lambda d: {"password": "a\x00b"}, "password", "The password holds a control"),
        (lambda d: {"password": ""}, "password", "The password is missing"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    reader, session, workspace, dovecot, login, typed, name, words
):
    given = login("web3", **typed(dovecot))
    before = checksums(session, workspace.id)

    answer = reader.post(FORM, given)

    assert answer.status_code == 422
    _value, wrong, beside = field(answer, name)
    assert wrong
    assert words in beside
    for other in ("host", "port", "login"):
        assert field(answer, other)[0] == given[other]
    assert field(answer, "password")[0] == ""
    assert "canary-wrong" not in answer.text
    assert changed(before, checksums(session, workspace.id)) == []


@pytest.mark.parametrize(
    ("host", "port", "name"),
    [("localhost", "993", "host"), ("127.1", "143", "host"), ("imap.gmail.com", "6379", "port")],
)
def test_without_the_admins_word_our_own_network_is_not_asked(
    app, session, ana, login, host, port, name
):
    session.commit()
    visitor = Visitor(app).be(ana)

    answer = visitor.post(FORM, login("x", host=host, port=port, security="tls"))

    assert answer.status_code == 422
    assert field(answer, name)[1]
    assert "ALLOW_PRIVATE_IMAP" in said(answer)


def test_an_offer_is_its_users_own_and_lasts_an_hour(
    inside, reader, session, workspace, login, monkeypatch
):
    offer = re.search(r'name="offer" value="([^"]+)"', reader.post(FORM, login("web4")).text)[1]
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    chosen = {"step": "connect", "offer": offer}

    assert Visitor(inside).be(bo).post(FORM, chosen).status_code == 422
    for forged in ("", "x", offer[:-4] + "AAAA"):
        assert reader.post(FORM, {**chosen, "offer": forged}).status_code == 422
    now = page.clock.now
    monkeypatch.setattr(page.clock, "now", lambda: now() + timedelta(hours=2))
    assert reader.post(FORM, chosen).status_code == 422
    monkeypatch.setattr(page.clock, "now", now)
    assert mailboxes.everyone(session, workspace.id) == []
    back = reader.post(FORM, {"step": "back", "offer": offer})
    assert (field(back, "login")[0], field(back, "password")[0]) == ("web4", "")
    connected, twice = reader.post(FORM, chosen), reader.post(FORM, chosen)
    assert connected.location == twice.location
    assert len(mailboxes.everyone(session, workspace.id)) == 1


@pytest.mark.parametrize("step", ["connect", "back"])
def test_whose_preview_is_too_old_begins_again_there(reader, step):
    answer = reader.post(FORM, {"step": step, "offer": "x"})

    assert answer.status_code == 422
    assert "This preview is too old." in said(answer)
    assert field(answer, "address") == ("ana@halden.test", False, "")


@pytest.mark.parametrize(
    "wrong", [{"shares": "9"}, {"meets": "everybody"}, {"step": "x"}, {"step": ""}]
)
def test_a_choice_that_is_none_connects_nothing(reader, session, workspace, login, wrong):
    offer = re.search(r'name="offer" value="([^"]+)"', reader.post(FORM, login("web5")).text)[1]

    answer = reader.post(FORM, {"step": "connect", "offer": offer, **wrong})

    assert answer.status_code == 422
    assert mailboxes.everyone(session, workspace.id) == []


def test_an_old_preview_of_what_is_connected_meanwhile_leads_to_that_mailbox(
    reader, session, workspace, login
):
    offer = re.search(r'name="offer" value="([^"]+)"', reader.post(FORM, login("web7")).text)[1]
    reader.post(FORM, {"step": "connect", "offer": offer})
    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")

    answer = reader.post(FORM, {"step": "connect", "offer": offer, "shares": "3"})

    assert (answer.status_code, answer.location) == (303, f"/mailboxes/{box.id}")
    assert "is connected already. Nothing was changed." in said(reader.get(answer.location))
    session.refresh(box)
    assert box.shares == 1


def test_an_old_preview_tells_nobody_where_a_mailbox_of_others_is(
    inside, session, workspace, login
):
    eve = make.user(session, workspace, "eve@halden.test", role="rep")
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    visitor = Visitor(inside).be(eve)
    page = visitor.post(FORM, login("web7")).text
    offer = re.search(r'name="offer" value="([^"]+)"', page)[1]
    make.mailbox(session, bo, "ana@halden.test")
    session.commit()

    answer = visitor.post(FORM, {"step": "connect", "offer": offer})

    assert (answer.status_code, "is connected already" in said(answer)) == (409, True)


def test_not_more_than_a_few_requests_wait_for_servers_at_once(reader, login):
    others = [ids.new() for _ in range(outside.SEATS)]
    assert all(outside.seats.take(one) for one in others)
    try:
        answer = reader.post(FORM, login("web6"))
        proposed = reader.post(FORM, {"step": "propose", "address": "ana@gmail.com"})
    finally:
        for one in others:
            outside.seats.leave(one)

    assert (answer.status_code, proposed.status_code) == (409, 409)
    assert "Try again soon" in said(answer)
    assert field(answer, "login")[0] == "web6"


def test_nobody_asks_two_servers_at_once(reader, ana, login):
    assert outside.seats.take(ana.id)
    try:
        answer = reader.post(FORM, login("web7"))
    finally:
        outside.seats.leave(ana.id)

    assert answer.status_code == 409
    assert "not answered yet" in said(answer)
    assert reader.post(FORM, login("web7")).status_code == 200


def test_what_there_was_no_time_to_count_is_said_and_can_be_left_out(reader, login, monkeypatch):
    monkeypatch.setattr(page, "Taste", partial(previewing.Taste, counting=-1))

    answer = reader.post(FORM, login("web8"))

    assert "The server is slow:" in said(answer)
    assert re.search(r'name="exclude" value="INBOX"', answer.text)
    assert re.search(r'value="connect">Connect</button>', answer.text)


def test_a_folder_with_a_name_that_cannot_be_is_not_left_out(reader, session, workspace, login):
    offer = re.search(r'name="offer" value="([^"]+)"', reader.post(FORM, login("web9")).text)[1]

    answer = reader.post(
        FORM, {"step": "connect", "offer": offer, "exclude": ["a\x00b", "Private"]}
    )

    assert answer.status_code == 303
    [box] = mailboxes.everyone(session, workspace.id)
    assert box.excluded == ["Private"]
