"""The dialogue of a connection that waits: IDLE and its renewal, NOOP without it, and an end."""

from __future__ import annotations

import pytest

from crm.mail.watched import WayIn
from sync.watch.line import LONGEST_LINE, MOST, BrokenError, Line
from sync.watch.pace import Pace
from sync.watch.watch import Watch

PACE = Pace(renew=100, rest=10, answer=5)


def idling(count: int = 3) -> Line:
    """Return a line that idles since 0."""
    line = Line(PACE, idles=True, count=count)
    assert line.begin(0) == b"W1 IDLE\r\n"
    assert line.hear(b"+ idling\r\n", 0) == b""
    return line


@pytest.mark.parametrize(
    "said",
    ["* 4 EXISTS", "* 2 EXPUNGE", "* 1 FETCH (FLAGS (\\Seen))", "* VANISHED 7", "* 4 exists"],
)
def test_what_changes_the_inbox_is_news(said: str) -> None:
    line = idling()

    line.hear(said.encode() + b"\r\n", 1)

    assert line.news


@pytest.mark.parametrize(
    "said",
    [
        "* OK Still here",
        "* 3 EXISTS",
        "* 0 RECENT",
        "* FLAGS (\\Seen)",
        "* SEARCH 4",
        "garbage",
        "",
    ],
)
def test_what_does_not_is_none(said: str) -> None:
    line = idling()

    line.hear(said.encode() + b"\r\n", 1)

    assert not line.news


def test_a_letter_that_comes_for_one_that_went_is_news() -> None:
    line = idling()
    line.hear(b"* 1 EXPUNGE\r\n", 1)
    line.news = False

    line.hear(b"* 3 EXISTS\r\n", 1)

    assert line.news


def test_news_in_pieces_is_news_once_it_is_whole() -> None:
    line = idling()
    line.hear(b"* 4 EXI", 1)
    assert not line.news

    line.hear(b"STS\r\n", 1)

    assert line.news


def test_an_idle_is_renewed_before_it_is_forgotten() -> None:
    line = idling()

    assert line.look(99) == b""
    assert line.look(100) == b"DONE\r\n"
    assert line.hear(b"W1 OK Idle completed\r\n", 101) == b"W2 IDLE\r\n"
    line.hear(b"+ idling\r\n", 101)
    assert line.look(150) == b""


def test_a_server_that_does_not_answer_is_left() -> None:
    line = idling()
    line.look(100)

    line.hear(b"* OK Wait\r\n", 104)

    with pytest.raises(BrokenError):
        line.look(105)


def test_a_server_that_takes_idle_and_says_nothing_is_left() -> None:
    line = Line(PACE, idles=True, count=0)
    line.begin(0)

    with pytest.raises(BrokenError):
        line.look(5)


def test_a_server_without_idle_is_asked_every_so_often() -> None:
    line = Line(PACE, idles=False, count=3)

    assert line.begin(0) == b""
    assert line.look(9) == b""
    assert line.look(10) == b"W1 NOOP\r\n"
    assert line.hear(b"* 4 EXISTS\r\nW1 OK Done\r\n", 11) == b""
    assert line.news
    assert line.look(20) == b""
    assert line.look(21) == b"W2 NOOP\r\n"


@pytest.mark.parametrize("word", [b"NO", b"BAD"])
def test_a_server_that_announces_idle_and_refuses_it_is_asked_instead(word: bytes) -> None:
    line = Line(PACE, idles=True, count=3)
    line.begin(0)

    assert line.hear(b"W1 " + word + b" Not today\r\n", 1) == b""
    assert line.look(11) == b"W2 NOOP\r\n"


@pytest.mark.parametrize("said", [b"", b"+ idling\r\n"], ids=["before", "after it began"])
def test_an_idle_that_is_ended_at_once_is_as_good_as_refused(said: bytes) -> None:
    line = Line(PACE, idles=True, count=3)
    line.begin(0)

    assert line.hear(said + b"W1 OK Idle completed\r\n", 0.5) == b""
    assert line.look(10.5) == b"W2 NOOP\r\n"


def test_an_idle_that_a_server_ends_after_a_while_is_asked_for_anew() -> None:
    line = idling()

    assert line.hear(b"W1 OK Half an hour is over\r\n", 60) == b"W2 IDLE\r\n"


@pytest.mark.parametrize("word", [b"NO", b"BAD"])
@pytest.mark.parametrize("at", [0.5, 60, 101], ids=["at once", "later", "at its end"])
def test_a_server_that_refuses_an_idle_that_it_had_begun_is_left(word: bytes, at: float) -> None:
    line = idling()
    line.look(at)

    with pytest.raises(BrokenError):
        line.hear(b"W1 " + word + b" Not today\r\n", at)


@pytest.mark.parametrize(
    "said",
    [b"* BYE Going down\r\n", b"x" * (LONGEST_LINE + 1), b"* OK x\r\n" * (MOST // 8 + 1)],
    ids=["goodbye", "a line without an end", "too much"],
)
def test_a_server_that_cannot_be_followed_is_left(said: bytes) -> None:
    line = idling()

    with pytest.raises(BrokenError):
        line.hear(said, 1)


def test_the_wait_grows_with_each_failure_up_to_ten_minutes_and_is_spread() -> None:
    pace = Pace()
    waits = [pace.wait_after(failures) for failures in range(1, 40)]

    assert 0.5 <= waits[0] <= 1
    assert all(300 <= wait <= 600 for wait in waits[11:])
    assert len(set(waits)) > 30


def test_a_connection_that_lasted_makes_up_for_what_failed_before() -> None:
    watch, pace = Watch((None, None), WayIn("", "")), Pace()  # type: ignore[arg-type]
    for _ in range(8):
        watch.fail(0, pace)
    assert watch.again_at >= 64

    watch.open(None, 1000)  # type: ignore[arg-type]
    watch.fail(1000 + pace.steady, pace)

    assert watch.again_at - 1000 - pace.steady <= 1


def test_a_server_that_always_has_news_is_called_for_less_and_less() -> None:
    watch, pace = Watch((None, None), WayIn("", "")), Pace()  # type: ignore[arg-type]
    watch.opened = opened = type("Opened", (), {"line": idling()})()  # type: ignore[assignment]
    calls = []
    for tenth in range(600):
        opened.line.news = True
        if watch.may_call(tenth / 10, pace):
            calls.append(tenth / 10)

    assert calls[0] == 0
    assert calls[1] <= 1.1
    assert len(calls) <= 12
    assert calls[-1] - calls[-2] >= pace.calmest
