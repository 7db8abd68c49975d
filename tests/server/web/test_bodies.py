"""Bodies: taken in before the page, with few at a time, so that slow senders hold few threads."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest

from server.web import bodies
from server.web.bodies import EACH, SEATS, Bodies
from server.web.seats import PAGES
from tests.visiting import said


class Slow:
    """A body whose sender has not sent it yet."""

    def __init__(self):
        self.asked, self.sent = threading.Event(), threading.Event()

    def read(self, _most):
        """Wait for it."""
        self.asked.set()
        self.sent.wait(20)
        return b"late"


def echo(environ, _start):
    """Answer with what was sent, and whether there was a seat for it."""
    if bodies.is_refused(environ):
        return [b"no seat"]
    return [environ.get("CONTENT_LENGTH", ""), environ["wsgi.input"].read()]


def sent(stream, address="192.0.2.1", **more):
    return {"CONTENT_LENGTH": "4", "REMOTE_ADDR": address, "wsgi.input": stream, **more}


@pytest.fixture
def few(monkeypatch):
    """Take in bodies as the product does; nobody waits long for a seat."""
    monkeypatch.setattr(bodies, "WAIT", 0.05)
    return Bodies(echo, 10)


@pytest.fixture
def slowly(few):
    """Let slow senders take seats; they have sent it all in the end."""
    waiting = []

    def send(address):
        stream = Slow()
        thread = threading.Thread(target=few, args=(sent(stream, address), None))
        waiting.append((stream, thread))
        thread.start()
        stream.asked.wait(20)

    yield send
    for stream, thread in waiting:
        stream.sent.set()
        thread.join(20)


def test_a_body_is_handed_on_whole(few):
    assert few(sent(BytesIO(b"a=1&")), None) == ["4", b"a=1&"]


def test_a_body_in_pieces_is_given_its_length(few):
    stream = BytesIO(b"pieces")

    answer = few({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream}, None)

    assert answer == ["6", b"pieces"]


def test_of_pieces_without_an_end_no_more_is_kept_than_may_be(few):
    stream = BytesIO(b"x" * 1000)

    length, body = few({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": stream}, None)

    assert (length, len(body)) == ("11", 11)


def test_what_is_nothing_is_not_waited_for(few, slowly):
    for _ in range(EACH):
        slowly("192.0.2.1")

    for length in ("0", "", "x"):
        given = sent(BytesIO(b"unread"), CONTENT_LENGTH=length)
        assert few(given, None) == [length, b"unread"]


def test_what_is_big_is_handed_on_unread_and_holds_its_seat_until_it_is_read():
    held = []

    def app(environ, _start):
        held.append(several._seats.taken)
        return [environ["CONTENT_LENGTH"], environ["wsgi.input"].read()]

    several = Bodies(app, 10)

    assert several(sent(BytesIO(b"unread"), CONTENT_LENGTH="11"), None) == ["11", b"unread"]
    assert several(sent(BytesIO(b"read"), CONTENT_LENGTH="4"), None) == ["4", b"read"]
    assert (held, several._seats.taken) == ([1, 0], 0)


def test_what_is_big_finds_no_seat_where_none_is_left(few, slowly):
    for _ in range(EACH):
        slowly("192.0.2.1")

    assert few(sent(BytesIO(b"unread"), CONTENT_LENGTH="11"), None) == [b"no seat"]
    assert few(sent(BytesIO(b"unread"), "192.0.2.2", CONTENT_LENGTH="11"), None)[0] == "11"


def test_one_address_that_sends_slowly_leaves_seats_to_others(few, slowly):
    for _ in range(EACH):
        slowly("192.0.2.1")

    assert few(sent(BytesIO(b"a=1&")), None) == [b"no seat"]
    assert few(sent(BytesIO(b"a=1&"), "192.0.2.2"), None) == ["4", b"a=1&"]


def test_a_household_is_one_sender_however_many_addresses_it_has(few, slowly):
    for n in range(EACH):
        slowly(f"2001:db8:1:2::{n}")

    assert few(sent(BytesIO(b"a=1&"), "2001:db8:1:2::ff"), None) == [b"no seat"]
    assert few(sent(BytesIO(b"a=1&"), "2001:db8:1:3::1"), None) == ["4", b"a=1&"]


def test_seats_for_bodies_leave_threads_to_pages():
    assert SEATS <= PAGES // 2


def test_who_found_no_seat_is_told_in_their_language_and_asked_to_come_again(app):
    environ = {"inlay.refused": "yes"}

    answer = app.test_client().post(
        "/sign-in", data={"a": "1"}, environ_overrides=environ, headers={"Accept-Language": "cs"}
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Zkuste to za chvíli znovu." in said(answer)


def test_many_that_send_slowly_hold_no_more_threads_than_there_are_seats(few, slowly):
    for n in range(SEATS):
        slowly(f"192.0.2.{n}")

    assert few(sent(BytesIO(b"a=1&"), "198.51.100.1"), None) == [b"no seat"]


def test_a_seat_is_given_back_also_by_who_breaks_off(few):
    class Broken:
        def read(self, _most):
            raise OSError("gone")

    for _ in range(EACH + 1):
        with pytest.raises(OSError, match="gone"):
            few(sent(Broken()), None)

    assert few(sent(BytesIO(b"a=1&")), None) == ["4", b"a=1&"]
