"""The loop: what blocks while something is sent is no silence, and costs the line."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from crm.base import ids
from crm.mail.watched import WayIn
from sync.watch.knock import Opened
from sync.watch.line import Line
from sync.watch.loop import Watcher
from sync.watch.pace import Pace
from sync.watch.watch import Watch


class Stuck:
    """A socket from which something can be read, and into which nothing goes."""

    def __init__(self, *said: bytes, fault: Exception) -> None:
        self._said, self._fault = list(said), fault
        self.closed = False

    def recv(self, _: int) -> bytes:
        """Return what is said next."""
        if not self._said:
            raise BlockingIOError
        return self._said.pop(0)

    def send(self, _: bytes) -> int:
        """Take nothing."""
        raise self._fault

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    made = Watcher(None, None, None)  # type: ignore[arg-type]  # It is not started.
    yield made
    made._selector.close()
    made._bell.close()
    made._ringer.close()


@pytest.mark.parametrize("fault", [BlockingIOError(), ssl.SSLWantReadError()])
def test_a_server_that_takes_nothing_loses_its_line(watcher: Watcher, fault: Exception) -> None:
    line = Line(Pace(), idles=True, count=3)
    line.begin(0)
    line.hear(b"+ idling\r\n", 0)
    stuck = Stuck(b"W1 OK Half an hour is over\r\n", fault=fault)
    watch = Watch((ids.new(), ids.new()), WayIn("", "a.test"))
    watch.open(Opened(stuck, b"", line), 0)  # type: ignore[arg-type]

    watcher._read(watch)

    assert stuck.closed
    assert watch.opened is None
