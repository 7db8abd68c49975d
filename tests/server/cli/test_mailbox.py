"""`inlay mailbox`: connect, look, pause, go on, and the ledger."""

from __future__ import annotations

import psutil
import pytest

from server.demo.gmail import App, GmailServer
from tests import make
from tests.commands import COMMAND, Inlay
from tests.conftest import environment

SHOWN = {"id", "address", "kind", "state", "trouble", "lag_seconds", "last_error"}
FOLDER = {
    "name",
    "server",
    "stored",
    "skipped",
    "failed",
    "pending",
    "stray",
    "gone",
    "balanced",
}
FILES = ("mailbox", "add", "files", "--user", "ana@halden.test", "--address", "ana@halden.test")


def imap(dovecot, login, *more):
    return (
        *("mailbox", "add", "imap", "--user", "ana@halden.test", "--address", "ana@halden.test"),
        *("--host", "127.0.0.1", "--port", str(dovecot.port), "--security", "none"),
        *("--login", login, "--password-stdin", *more),
    )


def test_what_was_added_is_shown_and_listed(halden, mail):
    added = halden(*FILES, "--path", str(mail), "--json").json

    assert set(added) == SHOWN
    assert (added["kind"], added["state"], added["trouble"]) == ("files", "connecting", "none")
    for name in ("ana@halden.test", "ANA@halden.test", added["id"]):
        assert halden("mailbox", "show", name, "--json").json == added
    assert halden("mailbox", "list", "--json").json == {"mailboxes": [added]}
    assert "ana@halden.test" in halden("mailbox", "list").out


@pytest.fixture
def google():
    with GmailServer() as server:
        server.register(App("Inlay", "inlay", "secret", ("http://127.0.0.1/back",)))
        for n in range(3):
            letter = make.raw(subject=f"Matter {n}", message_id=f"{n}@severka.test")
            server.add("ana@halden.test").deliver(letter)
        yield server


@pytest.mark.parametrize(
    ("over", "method"), [("imap", "imap.fetch"), ("api", "users.messages.get")]
)
def test_a_first_import_of_gmail_goes_the_way_that_is_chosen(house, google, over, method):
    inlay = Inlay(
        house,
        {
            "GOOGLE_API_URL": google.url,
            "GOOGLE_TOKEN_URL": google.token_url,
            "GOOGLE_IMAP_URL": google.imap_url,
            "GOOGLE_CLIENT_ID": "inlay",
            "GOOGLE_CLIENT_SECRET": "secret",
        },
    )
    assert inlay("workspace", "add", "Halden").code == 0
    person = ("user", "add", "ana@halden.test", "--role", "admin", "--name", "Ana Kovač")
    assert inlay(*person, "--password-stdin", stdin=b"a long password\n").code == 0
    words = (
        *("mailbox", "add", "gmail", "--user", "ana@halden.test", "--address", "ana@halden.test"),
        *("--refresh-token-stdin", "--import-over", over),
    )
    token = google.refresh_token("ana@halden.test", "inlay").encode()

    ended = inlay(*words, "--preview", "--json", stdin=token)
    assert ended.code == 0, ended.err
    found = ended.json
    assert found["seconds"] == {"api": 1, "imap": 0}
    assert "over IMAP" in inlay(*words, "--preview", stdin=token).out
    assert inlay(*words, stdin=token).code == 0
    before = len(google.calls)
    assert inlay("sync", "--json").json["mailboxes"][0]["stored"] == 3

    asked = [call.method for call in google.calls[before:]]
    assert {"imap.fetch", "users.messages.get"} & set(asked) == {method}
    assert asked.count(method) == 3


def test_adding_it_twice_is_a_conflict(halden, mail):
    halden(*FILES, "--path", str(mail))

    assert halden(*FILES, "--path", str(mail), "--json").error["kind"] == "conflict"


def test_a_preview_says_what_would_come_and_keeps_nothing(halden, mail):
    found = halden(*FILES, "--path", str(mail), "--preview", "--json").json

    assert found["messages"] == 5
    assert (found["automatic"], found["internal"], found["contacts"]) == (1, 1, 2)
    assert list(found["folders"].values()) == [5]
    assert halden("mailbox", "list", "--json").json == {"mailboxes": []}
    assert "Nothing was stored." in halden(*FILES, "--path", str(mail), "--preview").out


def test_a_path_that_is_not_there_is_wrong_usage(halden):
    assert halden(*FILES, "--path", "/nowhere", "--json").code == 2


def test_an_imap_mailbox_comes_in_and_balances(halden, dovecot):
    for n in range(3):
        dovecot.deliver("cli", make.raw(subject=f"Matter {n}"))
    dovecot.deliver("cli", make.raw(subject="Buy now"), folder="Junk")
    password = dovecot.password.encode() + b"\n"

    preview = halden(*imap(dovecot, "cli", "--preview", "--json"), stdin=password).json
    added = halden(*imap(dovecot, "cli", "--json"), stdin=password).json
    synced = halden("sync", "--json")
    ledger = halden("mailbox", "ledger", "ana@halden.test", "--json")

    assert (preview["messages"], preview["skipped"]["spam"]) == (3, 1)
    assert added["kind"] == "imap"
    assert synced.json["mailboxes"][0]["stored"] == 3
    assert (ledger.code, ledger.json["balanced"]) == (0, True)
    junk = next(f for f in ledger.json["folders"] if f["name"] == "Junk")
    assert (junk["server"], junk["skipped"]) == (1, {"spam": 1})
    assert halden("mailbox", "show", "ana@halden.test", "--json").json["state"] == "live"


def test_a_password_comes_by_standard_input_alone(halden, dovecot):
    words = [word for word in imap(dovecot, "cli", "--json") if word != "--password-stdin"]

    assert halden(*words).code == 2
    assert halden(*words, "--password", "secret").code == 2


def test_a_password_is_seen_in_no_process_and_no_output(halden, dovecot):
    password = b"canary-7f3a19\n"
    command = [str(COMMAND), *imap(dovecot, "cli2", "--json")]
    with psutil.Popen(
        command, stdin=-1, stdout=-1, stderr=-1, env=environment(halden.house)
    ) as process:
        seen = " ".join(process.cmdline()) + str(process.environ())
        out, err = process.communicate(password, timeout=60)

    assert process.returncode == 0, err
    for said in (seen, out.decode(), err.decode()):
        assert "canary-7f3a19" not in said
    assert "canary-7f3a19" not in halden("mailbox", "show", "ana@halden.test", "--json").out
    refused = halden("sync", "--json")
    assert "canary-7f3a19" not in refused.out + refused.err


def test_a_refused_login_is_told_and_ends_with_1(halden, dovecot):
    halden(*imap(dovecot, "cli3"), stdin=b"wrong\n")

    ended = halden("sync", "--json")
    shown = halden("mailbox", "show", "ana@halden.test", "--json").json

    assert ended.code == 1
    assert ended.json["mailboxes"][0]["stored"] == 0
    assert (shown["state"], shown["trouble"]) == ("failing", "login_refused")
    assert shown["last_error"]


def test_a_new_password_lets_it_go_on(halden, dovecot):
    dovecot.deliver("cli4", make.raw())
    halden(*imap(dovecot, "cli4"), stdin=b"wrong\n")
    halden("sync")

    again = halden(
        *("mailbox", "resume", "ana@halden.test", "--password-stdin", "--json"),
        stdin=dovecot.password.encode(),
    )

    assert (again.json["trouble"], again.json["last_error"]) == ("none", "")
    assert halden("sync", "--json").json["mailboxes"][0]["stored"] == 1


def test_a_paused_mailbox_is_not_read_until_it_is_resumed(halden, mail):
    halden(*FILES, "--path", str(mail))

    paused = halden("mailbox", "pause", "ana@halden.test", "--json").json
    assert (set(paused), paused["state"]) == (SHOWN, "paused")
    (left,) = halden("sync", "--json").json["mailboxes"]
    assert (left["paused"], left["stored"]) == (True, 0)
    resumed = halden("mailbox", "resume", "ana@halden.test", "--json").json
    assert resumed["state"] == "connecting"
    assert halden("sync", "--json").json["mailboxes"][0]["stored"] == 5


def test_the_ledger_accounts_for_every_letter(stored):
    ended = stored("mailbox", "ledger", "ana@halden.test", "--json")

    (folder,) = ended.json["folders"]
    assert set(ended.json) == {"mailbox", "balanced", "as_of", "folders"}
    assert set(folder) == FOLDER
    assert (ended.code, ended.json["balanced"], folder["balanced"]) == (0, True, True)
    assert (folder["server"], folder["stored"], folder["failed"], folder["gone"]) == (5, 5, 0, 0)
    assert ended.json["as_of"].endswith("Z")
    assert "It balances." in stored("mailbox", "ledger", "ana@halden.test").out


def test_the_ledger_asks_the_server_unless_told_not_to(stored, mail):
    (mail / "late.eml").write_bytes(make.raw())

    offline = stored("mailbox", "ledger", "ana@halden.test", "--offline", "--json")
    asked = stored("mailbox", "ledger", "ana@halden.test", "--json")

    assert (offline.code, offline.json["balanced"]) == (0, True)
    assert (asked.code, asked.json["balanced"]) == (1, False)
    assert asked.json["folders"][0]["pending"] == 1
    assert "1 missing" in stored("mailbox", "ledger", "ana@halden.test", "--offline").out
    stored("sync")
    assert stored("mailbox", "ledger", "ana@halden.test").code == 0


def test_what_the_server_no_longer_has_is_gone(stored, mail):
    (mail / "3.eml").unlink()

    stored("sync")
    ended = stored("mailbox", "ledger", "ana@halden.test", "--json")

    (folder,) = ended.json["folders"]
    assert (ended.code, folder["server"], folder["stored"], folder["gone"]) == (0, 4, 4, 1)


def test_a_mailbox_that_was_never_compared_does_not_balance(halden, mail):
    halden(*FILES, "--path", str(mail))

    ended = halden("mailbox", "ledger", "ana@halden.test", "--offline", "--json")

    assert (ended.code, ended.json["balanced"], ended.json["as_of"]) == (1, False, None)


def test_a_server_that_does_not_answer_is_told_and_the_last_word_offered(halden, dovecot):
    words = [str(9) if word == str(dovecot.port) else word for word in imap(dovecot, "cli5")]
    halden(*words, stdin=b"x\n")

    ended = halden("mailbox", "ledger", "ana@halden.test", "--json")

    assert (ended.code, ended.out) == (1, "")
    assert "--offline" in ended.error["message"] + ended.error["hint"]


@pytest.mark.parametrize("role", ["reader"])
def test_who_may_not_connect_does_not(halden, mail, role):
    halden("user", "add", "bo@halden.test", "--role", role)
    words = ("mailbox", "add", "files", "--user", "bo@halden.test", "--address", "bo@halden.test")

    ended = halden(*words, "--path", str(mail), "--json")

    assert (ended.code, ended.error["kind"]) == (1, "forbidden")


def test_a_folder_that_cannot_be_opened_is_shown_with_its_trouble(halden, dovecot):
    dovecot.deliver("cli6", make.raw())
    dovecot.deliver("cli6", make.raw(), folder="Closed")
    halden(*imap(dovecot, "cli6"), stdin=dovecot.password.encode())
    path = dovecot.maildir("cli6", "Closed")
    path.chmod(0)

    halden("sync")
    told = halden("mailbox", "ledger", "ana@halden.test", "--json")
    shown = halden("mailbox", "ledger", "ana@halden.test", "--offline")

    path.chmod(0o700)
    by_name = {folder["name"]: folder for folder in told.json["folders"]}
    assert (told.code, told.json["balanced"], by_name["Closed"]["balanced"]) == (1, False, False)
    assert "refuses" in by_name["Closed"]["trouble"]
    assert set(by_name["INBOX"]) == FOLDER
    assert any(line.startswith("Closed") and "refuses" in line for line in shown.out.splitlines())
