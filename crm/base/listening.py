"""Hear of events as they are committed: one connection to the database a process.

Whoever waits for a workspace is woken by `NOTIFY`, and asks the database what happened: a ring is
a hint, as a job is. While the connection is away nobody is woken, and all are once it is back, so
that what was committed meanwhile is found then at the latest.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Any
from uuid import UUID

import psycopg

from crm.base import faults
from crm.base.db import normal_url
from crm.base.events import CHANNEL

_log = logging.getLogger(__name__)

#: Seconds until a connection that was lost is made anew.
_AGAIN = 1.0
#: Seconds between two looks whether it is to end.
_ROUND = 1.0
#: A server that is gone without a word is noticed within half a minute.
_KEEPALIVE = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 2}


class Listener:
    """Wakes those who wait for a workspace. It begins to listen when somebody waits first."""

    def __init__(self, url: str) -> None:
        self._url = normal_url(url).replace("postgresql+psycopg://", "postgresql://", 1)
        self._rung = threading.Condition()
        self._counts: Counter[UUID] = Counter()
        self._all = 0
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self.listens = threading.Event()

    def count(self, workspace_id: UUID) -> int:
        """Return how often it has rung for a workspace. It listens from the first time on."""
        with self._rung:
            if not self._closed.is_set() and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
                self._thread.start()
            return self._counts[workspace_id] + self._all

    def close(self) -> None:
        """Listen no more: the connection is let go within a second or two."""
        self._closed.set()

    def wait(self, workspace_id: UUID, heard: int, seconds: float) -> int:
        """Wait until it has rung more often than was heard, at most so long; return the count."""

        def rang() -> bool:
            return self._counts[workspace_id] + self._all != heard

        with self._rung:
            self._rung.wait_for(rang, seconds)
            return self._counts[workspace_id] + self._all

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with psycopg.connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=10,
                    application_name="inlay listener",
                    **_KEEPALIVE,  # type: ignore[arg-type]
                ) as connection:
                    self._hear(connection)
            except psycopg.Error as error:
                if not self._closed.is_set():
                    _log.warning("The listener waits for the database: %s", type(error).__name__)
            except Exception as error:  # noqa: BLE001 - The edge of a thread: pages wait for it.
                _log.error("The listener failed: %s", faults.place(error))
            self.listens.clear()
            self._closed.wait(_AGAIN)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"listen {CHANNEL}")
        self.listens.set()
        self._ring(None)
        while not self._closed.is_set():
            for notice in connection.notifies(timeout=_ROUND):
                self._ring(UUID(notice.payload))

    def _ring(self, workspace_id: UUID | None) -> None:
        with self._rung:
            if workspace_id is None:
                self._all += 1
            else:
                self._counts[workspace_id] += 1
            self._rung.notify_all()
