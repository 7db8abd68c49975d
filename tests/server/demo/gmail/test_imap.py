"""Gmail's IMAP on this machine, read by a client of everybody's."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from server.demo.gmail import Fault, GmailServer, Mailbox
from server.demo.gmail.imap.grammar import BadCommandError, decoded, encoded, numbers, words
from tests.server.demo.gmail.asking import ANA, AUTH, letter

ALL = "[Gmail]/All Mail"


@pytest.fixture
def knock(google: GmailServer) -> Iterator[Callable[[], IMAPClient]]:
    opened = []

    def make() -> IMAPClient:
        parts = urlsplit(google.imap_url)
        client = IMAPClient(parts.hostname, parts.port, ssl=False, timeout=30, use_uid=True)
        opened.append(client)
        return client

    yield make
    for client in opened:
        with suppress(OSError):
            client.shutdown()


@pytest.fixture
def imap(google: GmailServer, ana: Mailbox, knock: Callable[[], IMAPClient]) -> IMAPClient:
    client = knock()
    client.oauth2_login(ANA, google.token(ANA))
    return client


def test_a_message_has_the_id_the_thread_and_the_labels_of_the_api(
    ana: Mailbox, imap: IMAPClient
) -> None:
    own = ana.labels.create('Größe & "Preis"')
    at = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)
    first = ana.deliver(letter(), labels=["INBOX", "UNREAD", "CATEGORY_UPDATES", own.id], at=at)
    ana.deliver(letter("Re: Offer", id_="2@acme.example", In_Reply_To="<1@acme.example>"))

    imap.select_folder(ALL, readonly=True)
    wanted = ["X-GM-MSGID", "X-GM-THRID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[]"]
    one, other = imap.fetch(imap.search(), wanted).values()

    assert f"{one[b'X-GM-MSGID']:016x}" == first
    assert one[b"X-GM-THRID"] == other[b"X-GM-THRID"] == one[b"X-GM-MSGID"]
    assert imap.get_gmail_labels([1]) == {1: ["\\Inbox", 'Größe & "Preis"']}
    assert one[b"FLAGS"] == ()
    assert one[b"INTERNALDATE"].timestamp() == at.timestamp()
    assert one[b"BODY[]"] == letter()
    assert one[b"RFC822.SIZE"] == len(letter())


def test_read_and_starred_are_flags(ana: Mailbox, imap: IMAPClient) -> None:
    ana.deliver(letter(), labels=["INBOX", "STARRED"])
    imap.select_folder("inbox", readonly=True)

    assert imap.get_flags([1]) == {1: (b"\\Seen", b"\\Flagged")}
    assert imap.get_gmail_labels([1]) == {1: ["\\Starred"]}


def test_folders_have_their_special_use_whatever_they_are_called(
    ana: Mailbox, imap: IMAPClient
) -> None:
    ana.shown.names["ALL"] = "Všechny zprávy"
    ana.shown.hidden.add("IMPORTANT")

    found = {name: flags for flags, _, name in imap.list_folders()}

    assert found["[Gmail]/Všechny zprávy"][0] == b"\\All"
    assert b"\\Noselect" in found["[Gmail]"]
    assert "[Gmail]/Important" not in found
    assert imap.select_folder("[Gmail]/Všechny zprávy", readonly=True)[b"EXISTS"] == 0


def test_what_is_thrown_away_lies_in_no_other_folder_and_comes_back_under_a_new_number(
    ana: Mailbox, imap: IMAPClient
) -> None:
    ids = [ana.deliver(letter(id_=f"{n}@acme.example")) for n in range(3)]
    assert imap.select_folder(ALL, readonly=True)[b"UIDNEXT"] == 4

    ana.trash(ids[0])
    assert imap.noop()[1] == [(1, b"EXPUNGE"), (2, b"EXISTS")]
    assert imap.search() == [2, 3]
    assert imap.folder_status("[Gmail]/Bin", ["MESSAGES"]) == {b"MESSAGES": 1}

    ana.untrash(ids[0])
    imap.select_folder(ALL, readonly=True)
    assert imap.search() == [2, 3, 4]
    assert imap.search(["X-GM-MSGID", str(int(ids[0], 16))]) == [4]


def test_a_message_that_has_gone_is_left_out_of_an_answer(ana: Mailbox, imap: IMAPClient) -> None:
    ids = [ana.deliver(letter(id_=f"{n}@acme.example")) for n in range(3)]
    imap.select_folder(ALL, readonly=True)
    ana.delete(ids[1])

    assert sorted(imap.fetch([1, 2, 3], ["X-GM-MSGID"])) == [1, 3]


def test_a_piece_of_a_letter_comes_by_itself(ana: Mailbox, imap: IMAPClient) -> None:
    ana.deliver(letter())
    imap.select_folder(ALL, readonly=True)

    said = imap.fetch([1], ["BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]<1.3>", "BODY.PEEK[]<9999.5>"])[1]

    assert said[b"BODY[HEADER]"] + b"Hello.\r\n" == letter()
    assert said[b"BODY[TEXT]<1>"] == b"ell"
    assert said[b"BODY[]<9999>"] == b""


def test_reading_aloud_marks_as_read_where_the_folder_is_open_for_that(
    ana: Mailbox, imap: IMAPClient
) -> None:
    id_ = ana.deliver(letter())
    imap.select_folder(ALL, readonly=True)
    imap.fetch([1], ["BODY[]"])
    assert "UNREAD" in ana.copies.get(id_).labels

    imap.select_folder(ALL)
    imap.fetch([1], ["BODY.PEEK[]"])
    assert "UNREAD" in ana.copies.get(id_).labels
    imap.fetch([1], ["BODY[]"])
    assert "UNREAD" not in ana.copies.get(id_).labels


def test_a_folder_may_show_the_newest_alone(ana: Mailbox, imap: IMAPClient) -> None:
    for n in range(5):
        ana.deliver(letter(id_=f"{n}@acme.example"))
    ana.shown.most = 2

    imap.select_folder(ALL, readonly=True)

    assert len(imap.search()) == 2


@pytest.mark.parametrize("reach", ["gmail.readonly", "gmail.modify"])
def test_a_token_for_less_than_all_mail_lets_nobody_in(
    google: GmailServer, ana: Mailbox, knock: Callable[[], IMAPClient], reach: str
) -> None:
    with pytest.raises(LoginError, match="AUTHENTICATIONFAILED"):
        knock().oauth2_login(ANA, google.token(ANA, [AUTH + reach]))


def test_a_token_is_for_its_own_mailbox_as_long_as_it_holds(
    google: GmailServer, ana: Mailbox, knock: Callable[[], IMAPClient]
) -> None:
    google.add("bo@halden.example")
    with pytest.raises(LoginError):
        knock().oauth2_login("bo@halden.example", google.token(ANA))
    token = google.token(ANA)
    google.expire_tokens()
    with pytest.raises(LoginError):
        knock().oauth2_login(ANA, token)


def test_who_may_not_use_imap_is_told_why(
    google: GmailServer, ana: Mailbox, knock: Callable[[], IMAPClient]
) -> None:
    ana.shown.enabled = False
    with pytest.raises(LoginError, match="not enabled for IMAP"):
        knock().oauth2_login(ANA, google.token(ANA))
    ana.shown.enabled, ana.shown.allowed = True, False
    with pytest.raises(LoginError, match="disabled for your domain"):
        knock().oauth2_login(ANA, google.token(ANA))


def test_there_are_fifteen_connections_and_one_that_ends_makes_room(
    google: GmailServer, ana: Mailbox, knock: Callable[[], IMAPClient]
) -> None:
    opened = []
    for _ in range(15):
        opened.append(knock())
        opened[-1].oauth2_login(ANA, google.token(ANA))

    with pytest.raises(LoginError, match="Too many simultaneous"):
        knock().oauth2_login(ANA, google.token(ANA))

    opened[0].logout()
    knock().oauth2_login(ANA, google.token(ANA))


def test_what_shall_go_wrong_goes_wrong(
    google: GmailServer, ana: Mailbox, imap: IMAPClient, knock: Callable[[], IMAPClient]
) -> None:
    for n in range(4):
        ana.deliver(letter(id_=f"{n}@acme.example"))
    imap.select_folder(ALL, readonly=True)

    google.plan(Fault("imap_overquota", nth=2))
    with pytest.raises(IMAPClientError, match="OVERQUOTA"):
        imap.fetch(imap.search(), ["BODY.PEEK[]"])
    assert len(imap.fetch(imap.search(), ["BODY.PEEK[]"])) == 4

    google.plan(Fault("imap_cut", nth=3))
    with pytest.raises((IMAPClientError, OSError)):
        imap.fetch(imap.search(), ["BODY.PEEK[]"])

    google.plan(Fault("imap_refused"))
    with pytest.raises(LoginError, match="not enabled"):
        knock().oauth2_login(ANA, google.token(ANA))
    faults = [call.fault for call in google.calls if call.method == "imap.fetch"]
    assert faults == ["", "imap_overquota", *[""] * 4, "", "", "imap_cut"]


def test_what_nobody_understands_is_refused_and_the_dialogue_goes_on(
    google: GmailServer, ana: Mailbox
) -> None:
    parts = urlsplit(google.imap_url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as raw:
        talk = raw.makefile("rwb")

        def say(line: bytes) -> bytes:
            talk.write(line)
            talk.flush()
            return bytes(talk.readline())

        assert talk.readline().startswith(b"* OK")
        for line in (b"\r\n", b"a\r\n", b"a FOO\r\n", b"a LIST (\r\n", b'a UID FETCH 1 "\r\n'):
            assert b" BAD " in say(line)
        assert say(b"a SELECT {5}\r\n") == b"+ go ahead\r\n"
        assert b" BAD " in say(b"INBOX\r\n")  # Nobody is signed in.
        assert say(b"b NOOP\r\n") == b"b OK Success\r\n"


def test_names_are_written_and_read_in_modified_utf_7() -> None:
    for name in ("Sales & more", "Größe", "日本語/新規", "~peter/mail", "Ω&Ω"):
        assert decoded(encoded(name)) == name
    assert encoded("台北 & 日本") == b"&U,BTFw- &- &ZeVnLA-"
    with pytest.raises(BadCommandError):
        decoded(b"\xff")


def test_commands_and_sets_are_read_as_the_grammar_has_them() -> None:
    said = words([b'a X "q \\" \\\\" (b (c)) {3}\r\n', bytearray(b"d\r\n"), b" e\r\n"])

    assert said == ["a", "X", b'q " \\', ["b", ["c"]], b"d\r\n", "e"]
    assert numbers("3:1,7,9:*", 12) == [range(1, 4), range(7, 8), range(9, 13)]
    with pytest.raises(BadCommandError):
        numbers("1:x", 3)
