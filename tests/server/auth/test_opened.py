"""Which message is open: asked of Gmail by the event's own tokens, and never waited for."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from addon import event
from crm.base import settings
from server.auth import opened
from server.auth.opened import Head
from tests.soon import LONG, soon

HOST_ID = "msg-f:1847000000000000001"


@dataclass
class Gmail:
    """Gmail's API, as far as it says one header."""

    url: str = ""
    body: bytes = b"{}"
    status: int = 200
    slow: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    cookie: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def says(self, *headers: tuple[str, str]) -> None:
        """Let a message have these headers."""
        named = [{"name": name, "value": value} for name, value in headers]
        self.body = json.dumps({"id": "19a", "payload": {"headers": named}}).encode()


@pytest.fixture
def gmail() -> Iterator[Gmail]:
    """Serve messages as Gmail does."""
    found = Gmail()

    class Messages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            found.ended.wait(LONG if found.slow else 0)
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(found.body)))
            if found.cookie:
                self.send_header("Set-Cookie", found.cookie)
            self.end_headers()
            with suppress(BrokenPipeError):  # Whoever asked did not wait.
                self.wfile.write(found.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Messages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}"
        yield found
        found.ended.set()
        server.shutdown()


def look(gmail, message_id=HOST_ID, user="ya29.user", token="of.the.message"):
    asked = {
        "commonEventObject": {},
        "authorizationEventObject": {"userOAuthToken": user},
        "gmail": {"messageId": message_id, "accessToken": token},
    }
    return opened.look(settings.read({"GOOGLE_API_URL": gmail.url}), event.parse(asked))


def test_gmail_is_asked_for_the_head_with_both_tokens(gmail):
    wrote = ("From", "Jana <jana@severka.test>")
    date = ("DATE", "Fri, 20 Nov 2026 12:00:00 +0100")
    gmail.says(("Subject", "x"), ("Message-Id", " <first@severka.test> "), wrote, date)

    head = look(gmail)
    letter = head.letter

    assert (head.uid, head.gone) == (0x19A, False)
    assert letter.message_id == "first@severka.test"
    assert letter.author.email == "jana@severka.test"
    assert letter.sent_at == dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    assert letter.subject == ""

    ((path, headers),) = gmail.asked
    assert path == (
        "/gmail/v1/users/me/messages/msg-f%3A1847000000000000001"
        "?format=metadata&metadataHeaders=message-id&metadataHeaders=from&metadataHeaders=date"
        "&metadataHeaders=to&metadataHeaders=cc"
    )
    assert headers["Authorization"] == "Bearer ya29.user"
    assert headers["X-Goog-Gmail-Access-Token"] == "of.the.message"


@pytest.mark.parametrize(
    "missing", [{"message_id": ""}, {"user": ""}, {"token": ""}, {"message_id": "../../x?y"}]
)
def test_without_a_message_or_its_tokens_nobody_is_asked(gmail, missing):
    assert look(gmail, **missing) == Head()
    assert gmail.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"payload": 7}',
        b'{"payload": {"headers": [7, {}]}}',
        b"[" * 9999,
        b'{"payload": {"headers": [{"name": "Message-ID", "value": null}]}}',
        b'{"id": 7, "labelIds": 7, "sizeEstimate": "big"}',
        b'{"id": "../1", "labelIds": null}',
        b'{"id": "ffffffffffffffff"}',
    ],
)
def test_an_answer_that_says_nothing_is_nothing(gmail, body):
    gmail.body = body

    assert look(gmail) in (Head(), Head(uid=7))


def test_labels_and_size_are_told_with_the_id(gmail):
    gmail.body = b'{"id": "18c2", "labelIds": ["SPAM", "UNREAD"], "sizeEstimate": 9000}'

    assert look(gmail) == Head(0x18C2, None, frozenset({"SPAM", "UNREAD"}), 9000)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 500])
def test_a_refusal_says_nothing_and_is_written_down_without_a_token(gmail, status, caplog):
    gmail.status = status

    with caplog.at_level(logging.WARNING):
        assert look(gmail) == Head(gone=status == 404)

    assert str(status) in caplog.text
    assert "ya29" not in caplog.text + str(caplog.records[0].args)


def test_what_one_user_is_told_is_not_kept_for_the_next(gmail):
    gmail.cookie = "session=of-ana"
    gmail.says(("Message-ID", "<a@x.test>"))

    look(gmail)
    look(gmail)

    assert ["Cookie" in headers for _path, headers in gmail.asked] == [False, False]


def test_half_a_character_is_no_fault(gmail):
    gmail.says(("Message-ID", "<a\ud800@x.test>"))

    assert look(gmail).letter is not None


def test_a_header_cannot_bring_another(gmail):
    gmail.says(("Message-ID", "<a@x.test>\r\nSubject: forged\r\n\r\nText"))

    letter = look(gmail).letter

    assert letter is None or (letter.subject, letter.text.strip()) == ("", "")


def test_gmail_that_is_away_or_slow_is_not_waited_for(gmail, monkeypatch):
    monkeypatch.setattr(opened, "_PATIENCE", (0.3, 0.3))
    gmail.slow = True

    with soon():
        assert look(gmail) == Head()
    assert look(Gmail(url="http://127.0.0.1:9")) == Head()
