"""A worker: takes jobs off the queue, and runs only what the table of jobs names.

A job's name, arguments and callbacks come from the queue; whoever can write there must not be able
to run code here. So the name is looked up in `crm.base.queues.JOBS` and every argument must be an
id, before anything is imported; and callbacks, which rq would import by name, do not exist.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from crm.base import queues

if TYPE_CHECKING:
    from redis import Redis
    from rq.executions import Execution

_log = logging.getLogger(__name__)


class RefusedJobError(Exception):
    """A job that is not in the table, or whose arguments are no ids."""


class TableJob(Job):
    """A job that can be nothing but a function of the table, without callbacks."""

    success_callback = failure_callback = stopped_callback = None

    @property
    def webhooks(self) -> list[Any]:
        """Return none: whoever writes to the queue must not choose whom the worker calls."""
        return []

    @webhooks.setter
    def webhooks(self, _value: object) -> None:
        """Take none."""

    @property
    def func(self) -> Any:
        """Return the function, once it is known to be one of the table."""
        check(self)
        return super().func


class TableQueue(Queue):
    """The queue as a worker reads it."""

    job_class = TableJob


class Worker(SimpleWorker):
    """Runs jobs in its own process: they are long, and each ends at a batch's end when asked."""

    job_class = TableJob
    queue_class = TableQueue

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run a job that may be run; drop any other, unread."""
        try:
            check(job)
        except RefusedJobError as refusal:
            _log.error("A job was refused: %s", refusal)
            job.delete()
            return False
        done: bool = super().perform_job(job, queue, execution)
        return done


def check(job: Job) -> None:
    """Refuse what is not a function of the table with ids for arguments. RefusedJobError."""
    try:
        name, args, kwargs, instance = job.func_name, job.args, job.kwargs, job.instance
    except Exception as error:
        raise RefusedJobError("it cannot be read") from error
    if queues.JOBS.get(name or "") != len(args or ()) or kwargs or instance is not None:
        raise RefusedJobError("it is not in the table of jobs")
    for arg in args or ():
        if not _is_id(arg):
            raise RefusedJobError("an argument is no id")


def make(connection: Redis, *, name: str) -> Worker:
    """Make a worker for the queue."""
    queue = TableQueue(queues.NAME, connection=connection, serializer=JSONSerializer)
    return Worker(
        [queue],
        connection=connection,
        serializer=JSONSerializer,
        name=name,
        maintenance_interval=60,
    )


def _is_id(arg: Any) -> bool:
    try:
        return isinstance(arg, str) and str(UUID(arg)) == arg
    except ValueError:
        return False
