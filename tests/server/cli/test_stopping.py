"""`inlay mailbox disconnect` and `resume`: what let us in goes, and whatever comes goes on."""

from __future__ import annotations

import json

import pytest

from server.demo.gmail import App, GmailServer
from sync.google import READING
from tests import make
from tests.server.cli.test_mailbox import FILES, imap

ANA = "ana@halden.test"
ADD = ("mailbox", "add", "gmail", "--user", ANA, "--address", ANA)


@pytest.fixture
def google(halden):
    with GmailServer() as server:
        server.register(App("Inlay", "inlay", "secret", ("http://127.0.0.1/back",)))
        server.add(ANA).deliver(make.raw())
        halden.more |= {
            "GOOGLE_API_URL": server.url,
            "GOOGLE_TOKEN_URL": server.token_url,
            "GOOGLE_REVOKE_URL": server.revoke_url,
            "GOOGLE_CLIENT_ID": "inlay",
            "GOOGLE_CLIENT_SECRET": "secret",
        }
        yield server


def test_a_disconnected_mailbox_is_not_read_and_goes_on_with_its_password_anew(halden, dovecot):
    dovecot.deliver("parted", make.raw(subject="Before"))
    password = dovecot.password.encode() + b"\n"
    assert halden(*imap(dovecot, "parted"), stdin=password).code == 0
    assert halden("sync").code == 0

    ended = halden("mailbox", "disconnect", ANA, "--json")
    assert (ended.code, ended.json["state"]) == (0, "disconnected")
    dovecot.deliver("parted", make.raw(subject="Later"))

    assert halden("sync", "--json").json["mailboxes"][0]["stored"] == 0
    refused = halden("sync", "--mailbox", ANA, "--json")
    assert refused.error["kind"] == "conflict"
    assert "is disconnected. Nothing was read." in refused.error["message"]
    assert "Connect it again" in halden("mailbox", "resume", ANA, "--json").error["message"]
    assert "Connect it again" in halden("mailbox", "ledger", ANA, "--json").error["message"]
    assert halden("mailbox", "ledger", ANA, "--offline").code == 0
    assert halden(*imap(dovecot, "parted", "--json"), stdin=password).error["kind"] == "conflict"
    assert halden("doctor").code == 0

    resumed = halden("mailbox", "resume", ANA, "--password-stdin", "--json", stdin=password)
    assert resumed.json["state"] == "live"
    assert halden("sync", "--json").json["mailboxes"][0]["stored"] == 1


def test_a_mailbox_of_gmail_goes_over_from_a_consent_to_a_key_and_back(halden, google, tmp_path):
    token = google.refresh_token(ANA, "inlay", READING).encode()
    assert halden(*ADD, "--refresh-token-stdin", stdin=token).code == 0
    assert halden("sync", "--json").json["mailboxes"][0]["stored"] == 1

    parted = halden("mailbox", "disconnect", ANA)
    assert (parted.code, "Google still" in parted.out) == (0, False)
    assert halden("mailbox", "resume", ANA, "--password-stdin", stdin=token).code == 0
    assert halden("sync", "--json").json["mailboxes"][0]["trouble"] == "consent_revoked"

    key = tmp_path / "key.json"
    key.write_text(json.dumps(google.delegate("robot@halden.test", READING)))
    assert halden("mailbox", "resume", ANA, "--service-account", str(key)).code == 0
    assert halden("sync", "--json").json["mailboxes"][0]["trouble"] == ""

    token = google.refresh_token(ANA, "inlay", READING).encode()
    assert halden("mailbox", "resume", ANA, "--password-stdin", stdin=token).code == 0
    assert halden("sync", "--json").json["mailboxes"][0]["trouble"] == ""


def test_who_has_the_consent_where_google_was_away_is_told(halden, google):
    token = google.refresh_token(ANA, "inlay", READING).encode()
    assert halden(*ADD, "--refresh-token-stdin", stdin=token).code == 0
    halden.more["GOOGLE_REVOKE_URL"] = "http://127.0.0.1:9/revoke"

    ended = halden("mailbox", "disconnect", ANA)

    assert ended.code == 0
    assert "Google still has the consent." in ended.out
    assert "myaccount.google.com" in ended.out


@pytest.mark.parametrize("content", [b"\x30\x82\x0a\xff", b"-----BEGIN", b"[]", b'{"type": "x"}'])
def test_a_file_that_is_no_key_is_told_before_anything_is_kept(halden, mail, tmp_path, content):
    key = tmp_path / "key.p12"
    key.write_bytes(content)

    added = halden(*ADD, "--service-account", str(key), "--json")
    assert added.error["kind"] == "invalid"
    assert "no key of a service account" in added.error["message"]
    assert halden("mailbox", "list", "--json").json == {"mailboxes": []}

    assert halden(*FILES, "--path", str(mail)).code == 0
    resumed = halden("mailbox", "resume", ANA, "--service-account", str(key), "--json")
    assert resumed.error["kind"] == "invalid"
    both = ("--service-account", str(key), "--password-stdin")
    assert halden("mailbox", "resume", ANA, *both, stdin=b"x\n").code == 2
