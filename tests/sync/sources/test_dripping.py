"""What ImapSource makes of a server that talks and does not answer: the time is bounded."""

from __future__ import annotations

import socket
import time

import pytest

from sync.errors import SourceUnavailableError
from sync.source import FolderRole, FolderState, Place
from sync.sources.imap import ImapLogin, ImapSource, login, wire
from sync.sources.imap.login import Security
from sync.sources.imap.words import plain_words
from tests.servers.dripping import Dripping

LATE = "timed out: it takes too long"
INBOX = FolderState("INBOX", FolderRole.INBOX, 1, 4, 3)
#: What is no answer to anything, the last of each without end.
TALK = {
    "chatter": [b"* OK x\r\n"],
    "news": [b"* 5 EXISTS\r\n", b"* 2 FETCH (FLAGS ())\r\n"],
    "more": [b"+ go on\r\n"],
    "one line": [b"* OK ", b"x"],
    "no word": [b"x"],
}


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "ENTRY", 1.2)
    monkeypatch.setattr(login, "GOODBYE", 0.2)
    monkeypatch.setattr(wire, "CHATTER", 0.3)


def source(server: Dripping, security: Security = "none") -> ImapSource:
    return ImapSource(ImapLogin("127.0.0.1", server.port, security, "ann", "secret"), timeout=2)


@pytest.mark.parametrize("at", ["greeting", "CAPABILITY", "LOGIN"])
def test_getting_in_has_its_time_however_much_is_said(at: str) -> None:
    with (
        Dripping(at) as server,
        source(server) as mail,
        pytest.raises(SourceUnavailableError, match=LATE),
    ):
        mail.folders()


def test_switching_to_tls_counts_among_getting_in() -> None:
    with (
        Dripping("STARTTLS") as server,
        source(server, "starttls") as mail,
        pytest.raises(SourceUnavailableError, match=LATE),
    ):
        mail.folders()


def test_time_that_ends_while_a_command_is_sent_is_told_as_any_other() -> None:
    # What meets imaplib while it sends, it calls a socket error, whatever it is.
    with Dripping("LOGOUT") as server:
        reached = socket.create_connection(("127.0.0.1", server.port), 2)
        late = wire.Wire(reached, "", 0, time.monotonic() + 2)
        late.until = 0.0
        with pytest.raises(SourceUnavailableError, match=LATE), plain_words("mail.halden.test"):
            late.ask("NOOP")
        late.shutdown()


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
@pytest.mark.parametrize("at", ["LOGIN", "LIST"])
def test_talk_that_is_no_answer_ends_the_question(at: str, talk: list[bytes]) -> None:
    with (
        Dripping(at, *talk) as server,
        source(server) as mail,
        pytest.raises(SourceUnavailableError, match=LATE),
    ):
        mail.folders()


@pytest.mark.parametrize("at", ["EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_folder_is_not_waited_for_either(at: str) -> None:
    with (
        Dripping(at) as server,
        source(server) as mail,
        pytest.raises(SourceUnavailableError, match=LATE),
    ):
        list(mail.flags(INBOX, None))


def test_a_long_list_that_keeps_coming_may_take_its_time() -> None:
    search = [b"* SEARCH", *(b" %d" % uid for uid in range(100, 140)), b"\r\n"]

    with Dripping("UID SEARCH", *search, ever=False) as server, source(server) as mail:
        found = list(mail.uids(INBOX))

    assert found == list(range(100, 140))


def test_many_answers_that_keep_coming_may_take_their_time() -> None:
    fetched = [b"* %d FETCH (UID %d FLAGS ())\r\n* OK x\r\n" % (uid, uid) for uid in (1, 2, 3)]

    with Dripping("UID FETCH", *fetched, ever=False, pace=0.2) as server, source(server) as mail:
        found = dict(mail.flags(INBOX, None))

    assert found == {1: frozenset(), 2: frozenset(), 3: frozenset()}


def test_a_long_letter_that_keeps_coming_may_take_its_time() -> None:
    letter = [b"* 1 FETCH (UID 1 RFC822.SIZE 60 BODY[] {60}\r\n", *[b"Hello\n"] * 10, b")\r\n"]

    with Dripping("UID FETCH", *letter, ever=False, pace=0.05) as server, source(server) as mail:
        found = mail.letter(Place("INBOX", 1, 1))

    assert found.raw == b"Hello\n" * 10


def test_a_goodbye_is_not_waited_for() -> None:
    with Dripping("LOGOUT") as server:
        with source(server) as mail:
            mail.folders()
            began = time.monotonic()
        took = time.monotonic() - began

    assert took < 1
