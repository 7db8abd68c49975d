"""`inlay mailbox add domain`: each mailbox of a list, and what came of it."""

from __future__ import annotations

import json

import pytest

from server.demo.gmail import GmailServer
from sync.google import READING
from tests import make

DOMAIN = ("mailbox", "add", "domain", "--json")


@pytest.fixture
def key(halden, tmp_path):
    with GmailServer() as google:
        ana = google.add("ana@halden.test")
        for n in range(3):
            ana.deliver(make.raw(subject=f"No. {n}"))
        halden.more |= {"GOOGLE_API_URL": google.url, "GOOGLE_TOKEN_URL": google.token_url}
        path = tmp_path / "key.json"
        path.write_text(json.dumps(google.delegate("robot@halden.test", READING)))
        yield path


def outcomes(ended):
    return [(one["address"], one["outcome"], one["messages"]) for one in ended.json["mailboxes"]]


def test_each_of_a_list_is_asked_for_and_connected_once(halden, key):
    more = ("user", "add", "bo@halden.test", "--role", "rep", "--password-stdin")
    assert halden(*more, stdin=b"correct horse battery").code == 0
    listed = (
        b"First Name,Email Address [Required],Org\n"
        b'Ana,ana@halden.test,/\n\nBo,"Bo@Halden.test",/\nEve,eve@halden.test,/\n'
        b"Ana again,ANA@halden.test,/\n"
    )

    looked = halden(
        *DOMAIN, "--service-account", str(key), "--list", "-", "--preview", stdin=listed
    )
    done = halden(*DOMAIN, "--service-account", str(key), "--list", "-", stdin=listed)
    again = halden(*DOMAIN, "--service-account", str(key), "--list", "-", stdin=listed)

    assert outcomes(looked) == [
        ("ana@halden.test", "ready", 3),
        ("bo@halden.test", "refused", None),
        ("eve@halden.test", "no_user", None),
    ]
    assert [one[1] for one in outcomes(done)] == ["connected", "refused", "no_user"]
    assert [one[1] for one in outcomes(again)] == ["there", "refused", "no_user"]
    assert (looked.code, done.code, again.code) == (1, 1, 1)
    [box] = halden("mailbox", "list", "--json").json["mailboxes"]
    assert (box["address"], box["kind"], box["state"]) == ("ana@halden.test", "gmail", "connecting")
    assert halden("sync").code == 0
    assert halden("mailbox", "ledger", "ana@halden.test").code == 0


def test_a_list_without_an_address_and_a_key_that_is_none_are_told(halden, key, tmp_path):
    nothing = halden(*DOMAIN, "--service-account", str(key), "--list", "-", stdin=b"Email\n")
    assert (nothing.code, "names no address" in nothing.err) == (1, True)

    key.write_bytes(b"0\x82\x09\xff a P12 file")
    ended = halden(*DOMAIN, "--service-account", str(key), "--list", "-", stdin=b"ana@halden.test")

    assert (ended.code, "no key of a service account" in ended.err) == (1, True)


def test_a_person_reads_a_line_for_each(halden, key):
    words = DOMAIN[:3]
    ended = halden(*words, "--service-account", str(key), "--list", "-", stdin=b"ana@halden.test\n")

    assert ended.code == 0
    assert "ana@halden.test: 3 messages. It is connected." in ended.out
    assert "1 of 1 are as they should be." in ended.out
