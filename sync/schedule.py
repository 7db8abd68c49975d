"""What happens by the clock: a table, and the sweeper that finds what the queue forgot."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crm.base import clock, db, queues
from crm.mail import mailboxes

if TYPE_CHECKING:
    from threading import Event
    from uuid import UUID

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

#: Seconds between two sweeps.
EVERY = 5.0
#: Seconds before the same mailbox is asked for again, should the queue have forgotten it.
AGAIN = 30.0


def sweep(scheduler: Engine, hinted: dict[UUID, float] | None = None) -> int:
    """Ask for a look at every mailbox that is due and in nobody's hands; return how many.

    `hinted` remembers when each that is still due was asked for: a busy queue is not filled with
    the same again. What a queue that is away did not hear is asked for again by the next sweep.
    """
    hinted = {} if hinted is None else hinted
    with db.Session(scheduler) as session:
        due = mailboxes.due(session, clock.now())
    now = time.monotonic()
    for mailbox_id in hinted.keys() - {mailbox_id for _workspace_id, mailbox_id in due}:
        del hinted[mailbox_id]
    waiting = [way for way in due if now - hinted.get(way[1], -AGAIN) >= AGAIN]
    for workspace_id, mailbox_id in waiting:
        if queues.hint("sync.jobs.sync_mailbox", workspace_id, mailbox_id):
            hinted[mailbox_id] = now
    return len(waiting)


def run(scheduler: Engine, ended: Event) -> None:
    """Sweep until told to end. A database that is away is waited for."""
    hinted: dict[UUID, float] = {}
    while not ended.is_set():
        try:
            sweep(scheduler, hinted)
        except DBAPIError as error:
            _log.warning("The sweep waits for the database: %s", type(error.orig).__name__)
        ended.wait(EVERY)
