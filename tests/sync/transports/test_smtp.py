"""SMTP lets a letter leave once, and says what is certain about one that did not."""

from __future__ import annotations

import socket

import pytest

from crm.base.addresses import Address
from crm.mail.models import OutgoingTrouble
from sync.errors import SyncError
from sync.sources.imap import ImapLogin
from sync.transports import LaterError, NotSentError, Parcel, RefusedError, Verdict
from sync.transports.dialogue import Line, SmtpLogin
from sync.transports.smtp import SmtpTransport
from sync.writing import compose
from tests.servers.smtp import DROP, DROP_BEFORE_ANSWER, Smtp
from tests.sync import sending
from tests.sync.sending import draft

TWO = (Address("jana@severka.test"), Address("petr@severka.test"))


class Steps:
    """Notes what a transport does."""

    def __init__(self) -> None:
        self.left = False

    def remember(self, remote) -> None:
        """Keep what must be known again."""
        raise AssertionError("SMTP has nothing to remember")

    def leave(self) -> None:
        """Let the letter leave from now on."""
        assert not self.left
        self.left = True


def transport(server: Smtp, imap_port: int = 1, **values) -> SmtpTransport:
    smtp = SmtpLogin("127.0.0.1", server.port, "none", "ana", "secret")
    imap = ImapLogin("127.0.0.1", imap_port, "none", "ana", "secret")
    return SmtpTransport(smtp, imap, allow_plain=True, **values)


def parcel(tries: int = 0, **values) -> Parcel:
    made = draft(**values)
    return Parcel(made, compose(made), tries=tries)


def send(server: Smtp, given: Parcel | None = None):
    steps = Steps()
    try:
        return transport(server).send(given or parcel(), steps), steps
    except NotSentError as error:
        return error, steps


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "BODY", "AUTH"])
def test_not_now_is_later_and_the_letter_has_not_left(smtp, verb):
    smtp.plan(verb, "451 4.7.1 Come back later")

    error, _steps = send(smtp)

    assert isinstance(error, LaterError)
    assert error.trouble is OutgoingTrouble.DEFERRED
    assert smtp.received == []


@pytest.mark.parametrize(
    ("verb", "what", "trouble"),
    [
        ("MAIL", "550 5.7.1 Not from there", OutgoingTrouble.REFUSED),
        ("RCPT", "550 5.1.1 No such user", OutgoingTrouble.RECIPIENTS),
        ("DATA", "554 5.7.1 Not today", OutgoingTrouble.REFUSED),
        ("BODY", "554 5.7.1 Spam", OutgoingTrouble.REFUSED),
        ("BODY", "552 5.3.4 Too big", OutgoingTrouble.TOO_LARGE),
        ("AUTH", "535 5.7.8 No", OutgoingTrouble.LOGIN),
    ],
)
def test_no_is_no_and_says_why(smtp, verb, what, trouble):
    smtp.plan(verb, what)

    error, _steps = send(smtp)

    assert isinstance(error, RefusedError)
    assert error.trouble is trouble
    assert what.split(" ", 2)[2] in str(error)
    assert smtp.received == []


@pytest.mark.parametrize(
    ("verb", "what", "left"),
    [("MAIL", DROP, False), ("RCPT", DROP, False), ("BODY", DROP_BEFORE_ANSWER, True)],
)
def test_a_lost_answer_is_certain_before_the_letter_may_leave_and_never_after(
    smtp, verb, what, left
):
    smtp.plan(verb, what)
    steps = Steps()

    with pytest.raises(SyncError) as caught:
        transport(smtp).send(parcel(), steps)

    assert not isinstance(caught.value, NotSentError)
    assert steps.left is left


@pytest.mark.parametrize("said", ["250 OK", "221 Bye", DROP])
def test_a_server_that_does_not_ask_for_the_letter_has_none(smtp, said):
    smtp.plan("DATA", said)

    error, _steps = send(smtp)

    assert isinstance(error, LaterError)
    assert smtp.received == []


def test_what_breaks_off_before_its_last_line_has_not_left(smtp, monkeypatch):
    pour = Line.pour

    def broken(line: Line, letter: bytes) -> None:
        pour(line, letter[: len(letter) // 2])
        line.sock.shutdown(socket.SHUT_RDWR)
        pour(line, letter[len(letter) // 2 :])

    monkeypatch.setattr(Line, "pour", broken)

    error, steps = send(smtp, parcel(text="All of it.\n" * 100_000))

    assert (error.trouble, steps.left) == (OutgoingTrouble.UNREACHABLE, True)
    assert isinstance(error, LaterError)
    assert smtp.received == []


def test_only_a_piece_of_a_letter_is_waited_for_at_a_time(smtp, monkeypatch):
    pieces = []
    send_piece = Line.send

    def counted(line: Line, piece: bytes | str) -> None:
        pieces.append(len(piece))
        send_piece(line, piece)

    monkeypatch.setattr(Line, "send", counted)
    given = parcel(text=".dots\n" * 100_000)

    send(smtp, given)

    assert max(pieces) == 65_536
    assert smtp.received[0].raw == given.raw


def test_one_of_several_who_is_refused_is_named_and_the_others_have_it(smtp):
    smtp.plan("RCPT", "550 5.1.1 No such user")

    departure, _steps = send(smtp, parcel(to=TWO))

    assert list(departure.refused) == ["jana@severka.test"]
    assert "No such user" in departure.refused["jana@severka.test"]
    assert smtp.received[0].recipients == ("petr@severka.test",)


def test_one_of_several_who_is_put_off_is_waited_for_and_then_left_out(smtp):
    smtp.always("RCPT", None)
    smtp.plan("RCPT", "451 4.2.1 Greylisted")
    error, _steps = send(smtp, parcel(to=TWO))
    assert isinstance(error, LaterError)
    assert smtp.received == []

    smtp.plan("RCPT", "451 4.2.1 Greylisted")
    departure, _steps = send(smtp, parcel(tries=9, to=TWO))

    assert list(departure.refused) == ["jana@severka.test"]
    assert smtp.received[0].recipients == ("petr@severka.test",)


def test_where_one_is_refused_and_one_put_off_it_is_tried_again_however_often(smtp):
    smtp.plan("RCPT", "550 5.1.1 No such user", "451 4.2.1 Greylisted")

    error, _steps = send(smtp, parcel(tries=9, to=TWO))

    assert isinstance(error, LaterError)
    assert sorted(error.refused) == ["jana@severka.test", "petr@severka.test"]


def test_a_blind_copy_arrives_and_is_not_told_of(smtp):
    send(smtp, parcel(bcc=(Address("boss@kovar.test"),)))

    [letter] = smtp.received
    assert letter.recipients == ("jana@severka.test", "boss@kovar.test")
    assert b"boss" not in letter.raw


def test_a_letter_larger_than_the_server_takes_is_not_begun():
    with Smtp(most=1_000) as server:
        error, steps = send(server, parcel(text="x" * 2_000))

    assert (error.trouble, steps.left) == (OutgoingTrouble.TOO_LARGE, False)


def test_an_address_of_other_letters_wants_a_server_that_can_write_it(smtp):
    people = (Address("jaña@severka.test"),)
    error, steps = send(smtp, parcel(to=people))
    assert (error.trouble, steps.left) == (OutgoingTrouble.ALPHABET, False)

    with Smtp(smtputf8=True) as server:
        send(server, parcel(to=people))

        assert server.received[0].recipients == ("jaña@severka.test",)


def test_nothing_is_smuggled_and_no_line_of_dots_ends_a_letter(smtp):
    text = "One\n.\n..\r\n.\r\nMAIL FROM:<eve@evil.test>\r\n\r.\r\nlast"

    send(smtp, parcel(text=text))

    [letter] = smtp.received
    assert smtp.smuggled == 0
    assert letter.sender == "ana@halden.test"
    assert letter.raw == parcel(text=text).raw
    assert not any("evil" in command for command in smtp.commands)


def test_a_copy_is_kept_once_however_often_it_is_seen_to(smtp, dovecot):
    dovecot.maildir("ana")
    keeper, given = transport(smtp, dovecot.port), parcel()

    assert [keeper.keep(given) for _ in range(3)] == [True] * 3

    assert sending.in_sent(dovecot) == [given.draft.rfc_id]


def test_where_the_server_keeps_it_itself_nothing_is_added(smtp, dovecot):
    dovecot.maildir("ana")
    keeper, given = transport(smtp, dovecot.port, keeps_sent=True), parcel()

    assert not keeper.keep(given)
    dovecot.deliver("ana", given.raw, "Sent")

    assert keeper.keep(given)
    assert sending.in_sent(dovecot) == [given.draft.rfc_id]


def test_where_the_server_should_keep_it_and_does_not_it_is_added_at_last(smtp, dovecot):
    dovecot.maildir("ana")
    keeper = transport(smtp, dovecot.port, keeps_sent=True)

    assert keeper.keep(parcel(tries=6))

    assert sending.in_sent(dovecot) == [parcel().draft.rfc_id]


def test_what_the_server_keeps_under_an_id_of_its_own_is_no_second_copy(smtp, dovecot):
    dovecot.maildir("ana")
    keeper, given = transport(smtp, dovecot.port), parcel(html="<p>Good morning.</p>")
    renamed = given.raw.replace(b"<1@halden.test>", b"<7@server.test>")
    dovecot.deliver("ana", renamed, "Sent")

    assert keeper.keep(given)
    assert keeper.look(given) is Verdict.LEFT
    assert sending.in_sent(dovecot) == ["7@server.test"]

    # One with the same words, of the same second, is another letter.
    assert keeper.keep(parcel(rfc_id="2@halden.test", html="<p>Good morning.</p>"))
    assert sorted(sending.in_sent(dovecot)) == ["2@halden.test", "7@server.test"]


@pytest.mark.parametrize("folder", ["Sent", "INBOX"])
def test_a_letter_is_found_where_it_came_to_lie(smtp, dovecot, folder):
    dovecot.maildir("ana")
    looker, given = transport(smtp, dovecot.port), parcel()
    assert looker.look(given) is Verdict.CANNOT_TELL

    dovecot.deliver("ana", given.raw, folder)

    assert looker.look(given) is Verdict.LEFT
