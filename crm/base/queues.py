"""Ask for a look, now: jobs are hints, and the database is the truth.

Whatever must happen is a row with a due time; a job only says "look". So a job is sent once its
transaction has committed, or never; and where the queue cannot be reached, nothing is lost: the
sweeper finds what is due. Workers run the functions of `JOBS` and nothing else, whatever a queue
holds: write access to it must not be a way to run code.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event

from crm.base.db import sessions

if TYPE_CHECKING:
    from crm.base.db import Session

#: What may be asked for, by dotted name, and how many ids it takes.
JOBS: dict[str, int] = {
    "sync.jobs.sync_mailbox": 2,
    "sync.jobs.take_stretches": 2,
    "sync.jobs.send_outgoing": 2,
    "sync.jobs.watch_mailbox": 2,
    "sync.jobs.tell_owner": 2,
    "sync.jobs.take_letter": 2,
}
#: What somebody waits for is taken off the queue before all the rest.
_FIRST = frozenset({"sync.jobs.take_letter"})
NAME = "inlay"
#: A job looks at the clock and stops at a batch's end; this is for one that does not.
TIMEOUT = 900
#: What a mailbox holds is listed and compared in one go: of millions of letters, each under some
#: labels, that takes more than an hour, and would begin anew for ever if it might not. Whatever
#: hangs without a server's fault keeps a worker for as long.
LONGER = {"sync.jobs.sync_mailbox": 2 * 3600}
_KEPT = 60

_queue: Queue | None = None


def bind(connection: redis.Redis | None) -> None:
    """Bind the process to a queue, or to none. A door does this once."""
    global _queue  # noqa: PLW0603 - one of the two process-wide objects
    _queue = queue(connection) if connection is not None else None


def queue(connection: redis.Redis) -> Queue:
    """Return the queue of a connection. What is in it is JSON, never a pickle."""
    return Queue(NAME, connection=connection, serializer=JSONSerializer)


def connect(url: str, timeout: float | None = None) -> redis.Redis:
    """Connect to Valkey or Redis; with a time-out, in seconds, for those who wait for no job."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=timeout or 5,
        socket_timeout=timeout,
        health_check_interval=30,
    )


def enqueue(session: Session, job: str, *ids: UUID) -> None:
    """Ask for a job once this transaction has committed."""
    if JOBS[job] != len(ids):
        raise TypeError(f"{job} takes {JOBS[job]} ids")
    session.info.setdefault("jobs", []).append((job, ids))


def hint(job: str, *ids: UUID) -> bool:
    """Ask for a look now, and tell whether the queue has heard it.

    Without the queue nothing is lost: the sweeper finds what is due.
    """
    if _queue is None:
        return False
    with suppress(redis.RedisError):
        _queue.enqueue(
            job,
            *(str(id_) for id_ in ids),
            job_timeout=LONGER.get(job, TIMEOUT),
            result_ttl=0,
            failure_ttl=_KEPT,
            at_front=job in _FIRST,
        )
        return True
    return False


@event.listens_for(sessions, "after_commit")
def _send(session: Session) -> None:
    if not session.in_nested_transaction():  # Savepoints come by here too.
        for job, ids in session.info.pop("jobs", []):
            hint(job, *ids)


@event.listens_for(sessions, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("jobs", None)
