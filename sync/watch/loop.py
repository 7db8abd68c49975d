"""The loop that waits on all connections at once, and the few threads that open them.

One server that hangs or talks without end holds up nobody: getting in is done by threads with a
time-out, each turn of the loop reads a bounded piece of each connection, and what one connection
may say is bounded too (`line`). An encrypted connection may hold bytes that the kernel knows
nothing of: it is read until it has none, before anybody waits.
"""

from __future__ import annotations

import logging
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from crm.base.errors import CRMError
from sync.errors import AuthorizationRevokedError, SyncError
from sync.watch.clerk import Clerk
from sync.watch.doors import Doors
from sync.watch.knock import Opened, knock
from sync.watch.line import BrokenError
from sync.watch.pace import Pace
from sync.watch.watch import Watch

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from sync.watch.clerk import Table, Way

_log = logging.getLogger(__name__)

#: So many connections are opened at once.
_KNOCKERS = 8
#: So much of one connection is read before the others have their turn.
_PIECE, _PIECES = 16_384, 4


class Watcher:
    """Waits at every mailbox of the table, and calls for those where something is new."""

    def __init__(
        self, scheduler: Engine, settings: Settings, vault: Vault, pace: Pace | None = None
    ) -> None:
        self._settings, self._vault = settings, vault
        self._pace = pace or Pace()
        self._clerk = Clerk(scheduler, self._pace.look, self._tell)
        self._watches: dict[Way, Watch] = {}
        self._full: deque[Watch] = deque()  # There may be more to read than was read.
        self._selector = selectors.DefaultSelector()
        self._bell, self._ringer = socket.socketpair()
        self._news: deque[tuple[Watch, Opened | Exception] | Table] = deque()
        self._doors = Doors()
        self._next_tick = 0.0

    @property
    def waiting(self) -> int:
        """Return at how many mailboxes it waits now."""
        return sum(1 for watch in list(self._watches.values()) if watch.opened is not None)

    def run(self, ended: threading.Event) -> None:
        """Watch until told to end."""
        for end in (self._bell, self._ringer):
            end.settimeout(0)
        self._selector.register(self._bell, selectors.EVENT_READ, None)
        self._clerk.start()
        for number in range(_KNOCKERS):
            name = f"knocker-{number}"
            threading.Thread(target=self._knock, name=name, daemon=True).start()
        try:
            while not ended.is_set():
                self._turn()
        finally:
            self._clerk.stop()
            self._doors.close()
            for watch in list(self._watches.values()):
                self._drop(watch)
            self._selector.close()
            for end in (self._bell, self._ringer):
                end.close()

    def _turn(self) -> None:
        patience = 0.0 if self._full else max(0.0, self._next_tick - time.monotonic())
        ready = dict.fromkeys(self._full)
        self._full.clear()
        for key, _ in self._selector.select(patience):
            if key.data is None:
                self._bell.recv(4096)
            else:
                ready[key.data] = None
        for watch in ready:
            if watch.opened is not None:  # It may have been lost a moment ago.
                self._read(watch)
        while self._news:
            self._take(self._news.popleft())
        now = time.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + self._pace.tick
            for watch in list(self._watches.values()):
                self._look_after(watch, now)

    def _tell(self, news: tuple[Watch, Opened | Exception] | Table) -> None:
        """Leave word for the loop: what threads do with it, and all that they do."""
        self._news.append(news)
        with suppress(OSError):  # It is full, so that it rings already; or the loop has ended.
            self._ringer.send(b"!")

    def _knock(self) -> None:
        """Open what the loop asks for, one after the other."""
        while (watch := self._doors.take()) is not None:
            host = watch.way_in.host
            try:
                opened = knock(*watch.way, self._settings, self._vault, self._pace)
            except (SyncError, CRMError, SQLAlchemyError) as error:
                self._tell((watch, error))
            except Exception as error:  # noqa: BLE001 - The edge of a thread: the others go on.
                _log.error("Mailbox %s cannot be watched: %s", watch.way[1], type(error).__name__)
                self._tell((watch, error))
            else:
                if self._doors.closed:
                    opened.socket.close()  # The loop has ended: nobody waits there any more.
                self._tell((watch, opened))
            finally:
                self._doors.done(host)

    def _take(self, news: tuple[Watch, Opened | Exception] | Table) -> None:
        if isinstance(news, dict):
            self._follow(news)
            return
        watch, came = news
        now = time.monotonic()
        if isinstance(came, Opened):
            if watch.gone:  # It was paused, changed or removed meanwhile.
                came.socket.close()
            elif watch.way_in.refused:  # The run was refused meanwhile: it gets in first.
                came.socket.close()
                watch.fail(now, self._pace)
            else:
                self._welcome(watch, came)
        elif not watch.gone:
            _log.info("Mailbox %s is not watched: %s", watch.way[1], type(came).__name__)
            if isinstance(came, AuthorizationRevokedError):
                watch.refuse(now, self._pace)
                self._clerk.refuse(watch.way)
            else:
                watch.fail(now, self._pace)

    def _follow(self, table: Table) -> None:
        """Watch what the table names now, and nothing else.

        What a run is refused is left alone until one gets in, and longer each time: a server may
        refuse the run because of our connection, or ours because of the run's.
        """
        for way, watch in list(self._watches.items()):
            named = table.get(way)
            if named is None or named.mark != watch.way_in.mark:
                self._drop(watch)
                watch.gone = True
                del self._watches[way]
                continue
            refused = named.refused and not watch.way_in.refused
            watch.way_in = named
            if refused and not watch.knocking:
                self._drop(watch)
                watch.fail(time.monotonic(), self._pace)
        for way, named in table.items():
            if way not in self._watches:
                watch = self._watches[way] = Watch(way, named)
                if not named.refused:
                    self._ask(watch)

    def _ask(self, watch: Watch) -> None:
        watch.knocking = True
        self._doors.put(watch)

    def _welcome(self, watch: Watch, opened: Opened) -> None:
        now = time.monotonic()
        watch.open(opened, now)
        self._selector.register(opened.socket, selectors.EVENT_READ, watch)
        try:
            self._send(watch, opened.line.begin(now))
            self._send(watch, opened.line.hear(opened.held, now))
        except (OSError, BrokenError) as error:
            self._lose(watch, error)
            return
        self._clerk.call(watch.way)  # What came while nobody waited there.
        self._read(watch)

    def _read(self, watch: Watch) -> None:
        assert watch.opened is not None
        now = time.monotonic()
        try:
            for _ in range(_PIECES):
                try:
                    piece = watch.opened.socket.recv(_PIECE)
                except (ssl.SSLWantReadError, BlockingIOError):
                    break
                if not piece:
                    self._lose(watch, BrokenError("it closed the connection"))
                    return
                self._send(watch, watch.opened.line.hear(piece, now))
            else:
                self._full.append(watch)
        except (OSError, BrokenError) as error:
            self._lose(watch, error)
            return
        self._call_if_new(watch, now)

    def _look_after(self, watch: Watch, now: float) -> None:
        if watch.opened is not None:
            try:
                self._send(watch, watch.opened.line.look(now))
            except (OSError, BrokenError) as error:
                self._lose(watch, error)
                return
            self._call_if_new(watch, now)
        elif watch.is_due(now):
            self._ask(watch)

    def _call_if_new(self, watch: Watch, now: float) -> None:
        if watch.may_call(now, self._pace):
            self._clerk.call(watch.way)

    def _send(self, watch: Watch, words: bytes) -> None:
        if words and watch.opened is not None and watch.opened.socket.send(words) != len(words):
            raise BrokenError("it takes nothing")

    def _lose(self, watch: Watch, error: Exception) -> None:
        why = error if isinstance(error, BrokenError) else type(error).__name__
        _log.info("The line to mailbox %s broke: %s", watch.way[1], why)
        self._drop(watch)
        watch.fail(time.monotonic(), self._pace)

    def _drop(self, watch: Watch) -> None:
        if watch.opened is not None:
            with suppress(KeyError, ValueError):
                self._selector.unregister(watch.opened.socket)
            with suppress(OSError):
                watch.opened.socket.close()
            watch.opened = None
