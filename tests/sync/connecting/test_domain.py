"""The mailboxes of a domain: read from a list, each asked for, connected for their owners."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crm.base import clock, i18n
from crm.base.errors import ForbiddenError, InvalidError
from crm.base.vault import Vault
from crm.mail import mailboxes, parting
from crm.mail.importing import Over
from server.demo.gmail import Fault
from sync.connecting import domain
from sync.connecting.domain import Found, What
from sync.google import READING
from tests import make

OVER = Over.API


@pytest.fixture
def settings(shared, google):
    return replace(shared, google_api_url=google.url, google_token_url=google.token_url)


@pytest.fixture
def key(google, settings):
    said = google.delegate("robot@halden.test", READING)
    return domain.read_key(json.dumps(said), settings)


def profiles(google):
    return sum(call.method == "users.getProfile" for call in google.calls)


def test_a_list_gives_the_first_address_of_each_line_once():
    lines = [
        "First Name,Email Address [Required],Recovery Email",
        'Ana,"ANA@halden.test",ana@home.test',
        "",
        "Bo <bo@halden.test>; ana@halden.test",
        "ana@halden.test",
        "nobody",
    ]
    assert domain.listed(lines) == ["ana@halden.test", "bo@halden.test", "nobody"]


def test_a_line_of_addresses_alone_is_as_many_and_one_without_is_named(session, workspace):
    lines = ["ana@halden.test bo@halden.test", "cy@halden.test, di@halden.test", "ed@halden,test"]

    found = domain.listed([*lines, "john halden.test", f"{'x' * 300}"])

    assert found[:4] == [f"{name}@halden.test" for name in ("ana", "bo", "cy", "di")]
    assert found[4:] == ["ed@halden,test", "john halden.test", "x" * 100]
    for line in found[4:]:
        assert domain.known(session, workspace.id, line).what is What.NO_ADDRESS


def test_a_list_without_an_address_is_empty():
    assert domain.listed(["nobody", "", "a@b", "x, y"]) == []


def test_a_key_shows_whose_it_is_and_not_what_it_signs_with(key):
    assert (key.email, bool(key.client_id)) == ("robot@halden.test", True)
    assert "PRIVATE" not in repr(key)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"type": "authorized_user"}', "\0", "[" * 19_000]
)
def test_what_is_no_key_is_refused(settings, text):
    with pytest.raises(InvalidError, match="no key of a service account"):
        domain.read_key(text, settings)


def test_it_is_known_before_google_is_asked_who_is_here_and_connected(session, workspace, ana):
    out = make.user(session, workspace, "out@halden.test", name="Out")
    out.active = False
    make.user(session, workspace, "bo@halden.test", name="Bo")
    make.user(session, workspace, "reads@halden.test", name="Reads", role="reader")
    make.mailbox(session, ana)

    found = {
        name: domain.known(session, workspace.id, f"{name}@halden.test").what
        for name in ("ana", "bo", "out", "eve", "reads")
    }

    assert found == {
        "ana": What.THERE,
        "bo": What.UNASKED,
        "out": What.NO_USER,
        "eve": What.NO_USER,
        "reads": What.REFUSED,
    }


def test_one_that_was_disconnected_goes_on_with_the_key(session, workspace, ana, shared, key):
    box = make.mailbox(session, ana, kind="gmail", place={"grant": "consent", "scopes": ["x"]})
    parting.disconnect(session, box, by=ana)
    found = domain.known(session, workspace.id, "ana@halden.test")
    assert found.what is What.UNASKED

    done = domain.connect(
        session,
        found,
        key,
        OVER,
        vault=Vault(shared.vault_keys),
        workspace_id=workspace.id,
        at=clock.now(),
    )

    assert done.what is What.CONNECTED
    assert (box.state, box.place["grant"], box.place["scopes"]) == (
        "connecting",
        "delegation",
        None,
    )
    assert domain.known(session, workspace.id, "ana@halden.test").what is What.THERE


def test_each_is_asked_for_once_and_none_when_the_time_is_up(google, settings, key):
    google.add("ana@halden.test").deliver(make.raw())
    unasked = [Found(f"{name}@halden.test", What.UNASKED) for name in ("ana", "bo")]
    there = Found("cy@halden.test", What.THERE)

    late = domain.ask_more(settings, [*unasked, there], key, OVER, within=0)
    found = domain.ask_more(settings, [*unasked, there], key, OVER)
    asked = profiles(google)
    again = domain.ask_more(settings, found, key, OVER)

    assert late == (*unasked, there)
    assert [(one.what, one.messages) for one in found] == [
        (What.READY, 1),
        (What.REFUSED, 0),
        (What.THERE, 0),
    ]
    assert (again, profiles(google)) == (found, asked)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("429", method="users.getProfile"), "in a minute"),
        (Fault("403_domain", method="users.getProfile"), "Admin console"),
        (Fault("500", method="users.getProfile"), "did not answer"),
    ],
)
def test_a_refusal_says_who_mends_it(google, settings, key, fault, words):
    google.add("ana@halden.test")
    google.plan(*[fault] * 20)

    found = domain.ask(settings, Found("ana@halden.test", What.UNASKED), key, OVER)

    assert (found.what, words in found.said) == (What.REFUSED, True), found.said


def test_an_admin_who_has_let_in_no_such_scope_is_told_about(google, settings):
    google.add("ana@halden.test")
    said = google.delegate("robot@halden.test", ["https://www.googleapis.com/auth/calendar"])
    key = domain.read_key(json.dumps(said), settings)

    found = domain.ask(settings, Found("ana@halden.test", What.UNASKED), key, OVER)

    assert (found.what, "for these scopes" in found.said) == (What.REFUSED, True), found.said


def test_a_refusal_is_told_in_the_language_of_whoever_asks(google, settings, key):
    wanted = [Found("nobody@halden.test", What.UNASKED)]
    english = domain.ask_more(settings, wanted, key, OVER)[0].said
    with i18n.speaking("cs"):
        assert domain.ask_more(settings, wanted, key, OVER)[0].said not in ("", english)


def test_it_is_connected_for_its_owner_by_whoever_may(session, workspace, ana, shared, key):
    bo = make.user(session, workspace, "bo@halden.test", name="Bo", role="rep")
    vault, ready = Vault(shared.vault_keys), Found("bo@halden.test", What.READY, 7)

    def connect(by):
        values = {"vault": vault, "workspace_id": workspace.id, "by": by, "at": clock.now()}
        return domain.connect(session, ready, key, Over.IMAP, **values)

    cy = make.user(session, workspace, "cy@halden.test", name="Cy", role="rep")
    with pytest.raises(ForbiddenError):
        connect(cy)
    first, second = connect(ana), connect(ana)

    assert (first.what, first.messages, second.what) == (What.CONNECTED, 7, What.THERE)
    box = mailboxes.get_named(session, workspace.id, "bo@halden.test")
    assert (box.user_id, box.kind, box.place["import"]) == (bo.id, "gmail", {"over": "imap"})
    assert json.loads(vault.open(box.secret))["client_email"] == "robot@halden.test"
