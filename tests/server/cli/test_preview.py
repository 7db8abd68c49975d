"""What a preview promises is what comes."""

from __future__ import annotations

from tests.server.cli.test_mailbox import FILES


def test_a_preview_promises_what_then_comes(halden, mail):
    found = halden(*FILES, "--path", str(mail), "--preview", "--json").json

    halden(*FILES, "--path", str(mail))
    stored = halden("sync", "--json").json["mailboxes"][0]["stored"]
    contacts = halden("contact", "list", "--json").json["contacts"]

    assert set(found) == {
        "folders",
        "skipped",
        "messages",
        "automatic",
        "internal",
        "contacts",
    }
    assert (found["messages"], found["contacts"]) == (stored, len(contacts))
