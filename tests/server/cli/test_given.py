"""What a command is given: a password, and words for a server. What cannot be one is told."""

from __future__ import annotations

import pytest

PLACE = {"--host": "imap.halden.test", "--port": "993", "--login": "ana"}


def imap(**other):
    place = PLACE | {f"--{name}": value for name, value in other.items()}
    words = ("mailbox", "add", "imap", "--user", "ana@halden.test", "--address", "ana@halden.test")
    return (*words, *(word for pair in place.items() for word in pair), "--password-stdin")


@pytest.mark.parametrize("stdin", [b"", b"\n", b"\r\n", b"\nsecret\n", b"\xff\xfe\n"])
@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "bo@halden.test", "--password-stdin"),
        ("mailbox", "resume", "ana@halden.test", "--password-stdin"),
        imap(),
    ],
)
def test_a_password_that_is_none_is_refused(halden, words, stdin):
    ended = halden(*words, "--json", stdin=stdin)

    assert (ended.code, ended.error["kind"]) == (1, "invalid")
    assert "password" in ended.error["message"]
    assert halden("mailbox", "list", "--json").json == {"mailboxes": []}


def test_a_closed_input_holds_no_password(halden):
    words = ("user", "add", "bo@halden.test", "--password-stdin", "--json")

    ended = halden.apart(*words, shell="<&-")

    assert (ended.code, ended.error["kind"]) == (1, "invalid")


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999", "imap"])
def test_a_port_that_is_none_is_wrong_usage(halden, port):
    ended = halden(*imap(port=port), "--json", stdin=b"secret\n")

    assert (ended.code, ended.error["kind"]) == (2, "usage")


@pytest.mark.parametrize("name", ["host", "login"])
@pytest.mark.parametrize("value", ["", "  ", "a\nb", "l\r\nX", "a\x1bb", "a\tb"])
def test_words_for_a_server_hold_no_control_character(halden, name, value):
    ended = halden(*imap(**{name: value}), "--json", stdin=b"secret\n")

    assert (ended.code, ended.error["kind"]) == (2, "usage")
    assert f"--{name}" in ended.error["message"]
