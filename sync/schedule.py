"""What happens by the clock: a table, and the sweeper that finds what the queue forgot."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crm.base import clock, db, queues
from crm.mail import mailboxes

if TYPE_CHECKING:
    from threading import Event

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

#: Seconds between two sweeps.
EVERY = 5.0


def sweep(scheduler: Engine) -> int:
    """Ask for a look at every mailbox that is due; return how many there were."""
    with db.Session(scheduler) as session:
        due = mailboxes.due(session, clock.now())
    for workspace_id, mailbox_id in due:
        queues.hint("sync.jobs.sync_mailbox", workspace_id, mailbox_id)
    return len(due)


def run(scheduler: Engine, ended: Event) -> None:
    """Sweep until told to end. A database that is away is waited for."""
    while not ended.is_set():
        try:
            sweep(scheduler)
        except DBAPIError as error:
            _log.warning("The sweep waits for the database: %s", type(error.orig).__name__)
        ended.wait(EVERY)
