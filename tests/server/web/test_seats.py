"""Seats: so many streams in all, so many a user, and each is given back."""

from __future__ import annotations

from crm.base import ids
from server.web.seats import PAGES, Seats


def test_nobody_has_more_than_a_few():
    ana, bo = ids.new(), ids.new()
    seats = Seats(seats=5, each=2)

    assert [seats.take(ana) for _ in range(3)] == [True, True, False]
    assert seats.take(bo)


def test_streams_leave_threads_for_pages():
    seats = Seats(seats=3, each=2)

    assert [seats.take(ids.new()) for _ in range(4)] == [True, True, True, False]
    assert PAGES >= 8


def test_a_seat_that_is_given_back_can_be_taken():
    ana = ids.new()
    seats = Seats(seats=1, each=1)
    seats.take(ana)
    seats.leave(ana)

    assert (seats.taken, seats.take(ana)) == (0, True)
