"""`inlay send`: through the outbox, once; 0 only when it was sent."""

from __future__ import annotations

import json
from email import message_from_bytes, policy

import pytest

from server.demo.gmail import GmailServer
from sync.google import READING, SENDING
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Smtp
from tests.sync import rig

TO = ("--to", "Jana <jana@severka.test>")
SEND = ("send", "--as", "ana@halden.test", "--body-stdin", "--json")


@pytest.fixture
def posting(halden, dovecot: Dovecot, smtp: Smtp):
    dovecot.maildir("ana")
    ended = halden(
        *("mailbox", "add", "imap", "--user", "ana@halden.test", "--address", "ana@halden.test"),
        *("--host", "127.0.0.1", "--port", str(dovecot.port), "--security", "none"),
        *("--login", "ana", "--password-stdin", "--json"),
        *("--smtp-host", "127.0.0.1", "--smtp-port", str(smtp.port), "--smtp-security", "none"),
        stdin=b"secret\n",
    )
    assert ended.code == 0, ended.err
    assert halden("sync").code == 0
    return halden


def test_a_message_is_sent_with_its_attachment(posting, smtp, tmp_path):
    offer = tmp_path / "nabídka.pdf"
    offer.write_bytes(b"%PDF-1.7 offer")

    ended = posting(
        *SEND, *TO, "--cc", "bo@halden.test", "--subject", "Nabídka", "--attach", str(offer),
        stdin="Dobrý den".encode(),
    )  # fmt: skip

    assert (ended.code, ended.json["state"]) == (0, "sent"), ended.err
    [letter] = smtp.received
    assert letter.recipients == ("jana@severka.test", "bo@halden.test")
    read = message_from_bytes(letter.raw, policy=policy.default)
    assert read["Subject"] == "Nabídka"
    assert read["Message-ID"] == f"<{ended.json['message_id']}>"
    [part] = read.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("nabídka.pdf", b"%PDF-1.7 offer")


def test_an_answer_names_what_it_answers(posting, smtp):
    first = posting(*SEND, *TO, "--subject", "One", stdin=b"One").json["message_id"]

    ended = posting(*SEND, *TO, "--reply-to", f"<{first}>", stdin=b"Two")

    assert ended.code == 0, ended.err
    read = message_from_bytes(smtp.received[1].raw)
    assert read["In-Reply-To"] == read["References"] == f"<{first}>"
    assert read["Subject"] == "Re: One"


def test_what_the_server_turns_down_ends_with_1_and_says_why(posting, smtp):
    smtp.plan("RCPT", "550 5.1.1 No such user here")

    ended = posting(*SEND, *TO, stdin=b"Hello")

    assert ended.code == 1
    assert (ended.json["state"], ended.json["trouble"]) == ("failed", "recipients")
    assert "No such user here" in ended.json["said"]
    assert smtp.received == []


def test_what_is_not_over_in_time_stays_in_the_outbox(posting, smtp):
    smtp.plan("MAIL", "451 4.7.1 Come back later")

    ended = posting(*SEND, *TO, "--wait", "1", stdin=b"Hello")

    assert (ended.code, ended.json["state"], ended.json["trouble"]) == (1, "waiting", "deferred")


def test_what_is_no_address_is_refused(posting, smtp):
    ended = posting(*SEND, "--to", "jana@severka.test\r\nRCPT TO:<eve@evil.test>", stdin=b"Hello")

    assert (ended.code, json.loads(ended.err)["error"]["kind"]) == (1, "invalid")
    assert smtp.received == []


def test_nothing_leaves_a_mailbox_of_files(stored):
    ended = stored(*SEND, *TO, stdin=b"Hello")

    assert (ended.code, ended.json["state"], ended.json["trouble"]) == (1, "failed", "no_way")


def test_a_mailbox_of_gmail_sends_and_a_message_is_answered_by_the_id_it_has(halden):
    with GmailServer() as google:
        jana = google.add("jana@severka.test")
        google.register(rig.APP)
        token = google.refresh_token("ana@halden.test", rig.APP.client_id, (*READING, *SENDING))
        halden.more |= {
            "GOOGLE_CLIENT_ID": rig.APP.client_id,
            "GOOGLE_CLIENT_SECRET": rig.APP.client_secret,
            "GOOGLE_API_URL": google.url,
            "GOOGLE_TOKEN_URL": google.token_url,
        }
        ended = halden(
            *("mailbox", "add", "gmail", "--user", "ana@halden.test"),
            *("--address", "ana@halden.test", "--refresh-token-stdin", "--json"),
            stdin=token.encode(),
        )
        assert ended.code == 0, ended.err
        assert halden("sync").code == 0

        first = halden(*SEND, *TO, "--subject", "One", stdin=b"One")
        assert (first.code, first.json["state"]) == (0, "sent"), first.err
        name = first.json["message_id"]
        ended = halden(*SEND, *TO, "--reply-to", name, "--subject", "Re: One", stdin=b"Two")

        assert ended.code == 0, ended.err
        assert name.endswith("@mail.gmail.com")
        letters = [message_from_bytes(copy.raw) for copy in jana.copies]
        assert [letter["In-Reply-To"] for letter in letters] == [None, f"<{name}>"]
        ana = google.add("ana@halden.test")
        assert len({copy.thread for copy in ana.copies if "SENT" in copy.labels}) == 1


def test_a_name_that_is_no_utf_8_is_sent_readably(posting, smtp, tmp_path):
    offer = tmp_path / "offer\udcff.pdf"
    offer.write_bytes(b"%PDF-1.4")

    ended = posting(*SEND, *TO, "--subject", "A\udcff", "--attach", str(offer), stdin=b"Hello")

    assert (ended.code, ended.json["state"]) == (0, "sent")
    assert b'filename="offer?.pdf"' in smtp.received[0].raw
