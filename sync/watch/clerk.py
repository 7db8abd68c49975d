"""What the watcher reads from the database and writes to it, in a thread of its own.

The loop never waits for the database. What it asks for while the database is away is kept, once
for each mailbox, and done when it is back.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from crm.base import bulk, clock, db, faults, queues
from crm.base.errors import NotFoundError
from crm.mail import mailboxes, watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Engine

    from crm.mail.watched import WayIn

_log = logging.getLogger(__name__)

#: A row that somebody holds keeps the others waiting no longer than this.
_PATIENCE = "set local lock_timeout = '2s'"

Way = tuple["UUID", "UUID"]
Table = dict["Way", "WayIn"]


class Clerk:
    """Reads the table of mailboxes every so often, and does what it is asked to meanwhile."""

    def __init__(self, scheduler: Engine, look: float, told: Callable[[Table], None]) -> None:
        self._scheduler = scheduler
        self._look = look
        self._told = told
        self._asked: queue.SimpleQueue[tuple[Way, bool] | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._todo: dict[Way, bool] = {}
        self._thread = threading.Thread(target=self._work, name="clerk", daemon=True)

    def start(self) -> None:
        """Begin, with a first look at the table."""
        self._thread.start()

    def stop(self) -> None:
        """End soon. What was asked for and not done yet the clock finds."""
        self._ended.set()
        self._asked.put(None)

    def call(self, way: Way) -> None:
        """Ask for a mailbox to be looked at now."""
        self._asked.put((way, False))

    def refuse(self, way: Way) -> None:
        """Ask for a refused login to be counted, and left to the run."""
        self._asked.put((way, True))

    def _work(self) -> None:
        next_look = 0.0
        while not self._ended.is_set():
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + self._look
                self._try(self._read)
            for way, refused in list(self._todo.items()):
                del self._todo[way]
                if not self._try(partial(_do, way, refused=refused)):
                    self._note(way, refused=refused)  # Behind the others, and behind the table.
                    break
            self._gather(next_look)

    def _try(self, work: Callable[[], None]) -> bool:
        """Tell whether it went well; wait a little where it did not, for the next may fail too."""
        try:
            work()
        except (DBAPIError, PoolTimeoutError) as error:
            _log.warning("The watcher waits for the database: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - The edge of a thread: nobody would start another.
            _log.error("The watcher's clerk failed: %s", faults.place(error))
        else:
            return True
        self._ended.wait(min(self._look, 2.0))
        return False

    def _note(self, way: Way, *, refused: bool) -> None:
        self._todo[way] = self._todo.get(way, False) or refused

    def _gather(self, until: float) -> None:
        """Wait for something to do, and take all that is there."""
        timeout = 0.0 if self._todo else max(0.0, until - time.monotonic())
        while True:
            try:
                asked = self._asked.get(timeout=timeout) if timeout else self._asked.get_nowait()
            except queue.Empty:
                return
            if asked is not None:
                way, refused = asked
                self._note(way, refused=refused)
            timeout = 0.0

    def _read(self) -> None:
        with db.Session(self._scheduler) as session:
            table = watched.ways(session)
        self._told(table)


def _do(way: Way, *, refused: bool) -> None:
    workspace_id, mailbox_id = way
    with db.transaction(workspace_id) as session:
        bulk.run(session, _PATIENCE, ())
        if refused:
            try:
                mailbox = mailboxes.get(session, workspace_id, mailbox_id)
            except NotFoundError:
                return  # It was removed a moment ago.
            mailboxes.note_refusal(session, mailbox, at=clock.now())
        elif not watched.call(session, workspace_id, mailbox_id, at=clock.now()):
            return
        queues.enqueue(session, "sync.jobs.sync_mailbox", workspace_id, mailbox_id)
