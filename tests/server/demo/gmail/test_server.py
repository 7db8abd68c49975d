"""The server as a whole: where it listens, what it refuses, what it loads, and how it ends."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from server.demo.gmail import GmailServer
from tests.server.demo.gmail.asking import ANA, letter, packed

ROOT = Path(__file__).parents[4]


@pytest.fixture
def ask(google, ana):
    """Ask for a path; return the status and the JSON."""
    connection = http.client.HTTPConnection(google.url.removeprefix("http://"))

    def asked(verb, path, body=None, token=None):
        head = {"Authorization": f"Bearer {token or google.token(ANA)}"}
        connection.request(verb, path, body, head)
        answer = connection.getresponse()
        said = answer.read()
        return answer.status, json.loads(said) if said else {}

    yield asked
    connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_it_listens_on_this_machine_alone(host):
    with pytest.raises(ValueError, match="one machine"):
        GmailServer(host=host)


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/gmail/v1/users/me/mails"),
        ("GET", "/gmail/v2/users/me/profile"),
        ("DELETE", "/gmail/v1/users/me/profile"),
        ("POST", "/upload/gmail/v1/users/me/labels"),
        ("GET", "/"),
    ],
)
def test_a_path_that_gmail_does_not_have_is_not_found(ask, verb, path):
    status, said = ask(verb, path)

    assert status == said["error"]["code"] == 404


@pytest.mark.parametrize(
    "query", ["colour=red", "maxResults=many", "includeSpamTrash=perhaps", "fields=)"]
)
def test_a_parameter_that_gmail_does_not_know_is_refused(ask, query):
    status, said = ask("GET", f"/gmail/v1/users/me/messages?{query}")

    assert (status, said["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_an_odd_format_or_body_is_refused(ask, ana):
    path = f"/gmail/v1/users/me/messages/{ana.deliver(letter())}"

    assert ask("GET", f"{path}?format=html")[0] == 400
    assert ask("POST", f"{path}/modify", '{"addLabels": ["STARRED"]}')[0] == 400
    assert ask("POST", f"{path}/modify", '{"addLabelIds": "STARRED"}')[0] == 400
    assert ask("POST", f"{path}/modify", "[]")[0] == 400
    body = json.dumps({"raw": packed(letter()), "threadId": [1]})
    assert ask("POST", "/gmail/v1/users/me/messages/send", body)[0] == 400
    assert ask("POST", f"{path}/modify", "{")[0] == 400


def test_a_letter_larger_than_gmail_takes_is_refused(ask, ana):
    path = "/upload/gmail/v1/users/me/messages/send?uploadType=media"

    status, said = ask("POST", path, letter() + b"x" * 36_700_160)

    assert (status, said["error"]["errors"][0]["reason"]) == (413, "uploadTooLarge")
    assert len(ana) == 0


def test_what_gmail_has_and_this_does_not_is_said(ask, google):
    token = google.token(ANA, ["https://www.googleapis.com/auth/gmail.settings.basic"])

    status, said = ask("GET", "/gmail/v1/users/me/settings/filters", token=token)

    assert status == 501
    assert "users.settings.filters.list is not served here" in said["error"]["message"]


def test_what_is_no_http_is_refused_and_the_server_goes_on(google, ask):
    host, _, port = google.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert b"400" in line.recv(1000)

    assert ask("GET", "/gmail/v1/users/me/profile")[0] == 200


def test_one_connection_stays_open_for_many_calls(ask, google):
    threads = threading.active_count()

    for _ in range(5):
        assert ask("GET", "/gmail/v1/users/me/profile")[0] == 200

    assert threading.active_count() <= threads + 1


def test_many_threads_change_one_mailbox_and_nothing_is_lost(google, ana, client):
    ids = [ana.deliver(letter()) for _ in range(20)]
    body = {"removeLabelIds": ["UNREAD"]}
    clients = [client().users() for _ in range(4)]

    def change(gmail, mine):
        for id_ in mine:
            gmail.messages().modify(userId="me", id=id_, body=body).execute()

    work = [
        threading.Thread(target=change, args=(gmail, ids[at::4]))
        for at, gmail in enumerate(clients)
    ]
    start = ana.history.now
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()

    assert sorted(record.message for record in ana.history.after(start)) == sorted(ids)
    assert all(copy.labels == {"INBOX"} for copy in ana.copies)


def test_it_runs_as_a_program_of_its_own_and_imports_neither_web_nor_database(tmp_path):
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1772366400.1.host:2,S").write_bytes(letter())
    spy = (
        "import sys, server.demo.gmail as g;"
        "bad = {'flask', 'sqlalchemy', 'googleapiclient', 'cryptography'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", spy], cwd=ROOT, check=False).returncode == 0

    words = ["--address", ANA, "--maildir", str(tmp_path), "--redirect", "http://localhost/back"]
    command = [sys.executable, "-m", "server.demo.gmail", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        said = child.stdout.readline()
        url = said.split(" at ")[1].partition(": ")[0]
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        connection.request("GET", "/oauth2/v1/certs")
        keys = json.loads(connection.getresponse().read())
        connection.close()
        child.terminate()
        ended = child.wait(timeout=60)

    assert said.endswith(": 1 letters\n")
    assert all("BEGIN CERTIFICATE" in key for key in keys.values())
    assert ended == 0
