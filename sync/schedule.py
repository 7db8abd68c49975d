"""What happens by the clock: a table, and the sweeper that finds what the queue forgot."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crm.base import clock, db, queues
from crm.mail import mailboxes, outbox, pushed, telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event
    from uuid import UUID

    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

#: Seconds between two sweeps.
EVERY = 5.0
#: Seconds before the same is asked for again, should the queue have forgotten it.
AGAIN = 30.0

#: When each that is still due was asked for: by what for, and its id.
Hinted = dict[tuple[str, "UUID"], float]


def sweep(
    scheduler: Engine,
    hinted: Hinted | None = None,
    *,
    pushes: bool = False,
    tells: bool = False,
) -> int:
    """Ask for a look at all that is due and in nobody's hands; return how many were asked for.

    `hinted` remembers when each that is still due was asked for: a busy queue is not filled with
    the same again. What a queue that is away did not hear is asked for again by the next sweep.
    `pushes` says whether Gmail shall push at all, and `tells` whether owners are told by mail.
    """
    hinted = {} if hinted is None else hinted
    with db.Session(scheduler) as session:
        at = clock.now()
        # What somebody sends comes first: they wait for it.
        due: list[tuple[Callable[[UUID, UUID], bool], UUID, UUID]]
        due = [(_send, *way) for way in outbox.due(session, at)]
        due += [(_sync, *way) for way in mailboxes.due(session, at)]
        due += [(_watch, *way) for way in pushed.due(session, at, pushes=pushes)]
        due += [(_tell, *way) for way in telling.due(session, at) if tells]
    now = time.monotonic()
    for known in hinted.keys() - {(hint.__name__, id_) for hint, _workspace_id, id_ in due}:
        del hinted[known]
    waiting = [one for one in due if now - hinted.get((one[0].__name__, one[2]), -AGAIN) >= AGAIN]
    for hint, workspace_id, id_ in waiting:
        if hint(workspace_id, id_):
            hinted[hint.__name__, id_] = now
    return len(waiting)


def run(scheduler: Engine, ended: Event, *, pushes: bool = False, tells: bool = False) -> None:
    """Sweep until told to end. A database that is away is waited for."""
    hinted: Hinted = {}
    while not ended.is_set():
        try:
            sweep(scheduler, hinted, pushes=pushes, tells=tells)
        except DBAPIError as error:
            _log.warning("The sweep waits for the database: %s", type(error.orig).__name__)
        ended.wait(EVERY)


def _send(workspace_id: UUID, outgoing_id: UUID) -> bool:
    return queues.hint("sync.jobs.send_outgoing", workspace_id, outgoing_id)


def _sync(workspace_id: UUID, mailbox_id: UUID) -> bool:
    return queues.hint("sync.jobs.sync_mailbox", workspace_id, mailbox_id)


def _watch(workspace_id: UUID, mailbox_id: UUID) -> bool:
    return queues.hint("sync.jobs.watch_mailbox", workspace_id, mailbox_id)


def _tell(workspace_id: UUID, mailbox_id: UUID) -> bool:
    return queues.hint("sync.jobs.tell_owner", workspace_id, mailbox_id)
