"""Jobs are hints: sent after the commit or never, and only those of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from sqlalchemy import select

from crm.base import db, ids, queues
from crm.base.settings import Settings
from crm.workspace.models import Workspace
from tests import make

JOB = "sync.jobs.sync_mailbox"


@pytest.fixture
def valkey(house: Settings) -> Iterator[redis.Redis]:
    """Bind the process to an empty queue of the run's Valkey."""
    connection = queues.connect(house.redis_url)
    queues.queue(connection).empty()
    queues.bind(connection)
    yield connection
    queues.bind(None)
    queues.queue(connection).empty()
    connection.close()


def asked(connection: redis.Redis) -> list[tuple[str, list[str]]]:
    return [(job.func_name, list(job.args)) for job in queues.queue(connection).jobs]


def test_a_job_is_sent_once_its_transaction_has_committed(valkey: redis.Redis) -> None:
    one, two = ids.many(2)

    with db.transaction() as session:
        make.workspace(session)
        queues.enqueue(session, JOB, one, two)
        assert asked(valkey) == []

    assert asked(valkey) == [(JOB, [str(one), str(two)])]


def test_a_mailbox_is_given_the_time_to_be_listed_and_compared(valkey: redis.Redis) -> None:
    for job in (JOB, "sync.jobs.take_stretches"):
        queues.hint(job, *ids.many(2))

    mailbox, stretches = (job.timeout for job in queues.queue(valkey).jobs)
    assert stretches == queues.TIMEOUT
    assert mailbox >= 2 * 3600


def fail_after_asking() -> None:
    with db.transaction() as session:
        make.workspace(session)
        queues.enqueue(session, JOB, *ids.many(2))
        raise RuntimeError


def test_what_is_rolled_back_asks_for_nothing(valkey: redis.Redis) -> None:
    with pytest.raises(RuntimeError):
        fail_after_asking()

    assert asked(valkey) == []


def test_a_session_that_goes_on_after_a_rollback_forgets_what_it_asked_for(
    valkey: redis.Redis,
) -> None:
    with db.transaction() as session:
        make.workspace(session)
        queues.enqueue(session, JOB, *ids.many(2))
        session.rollback()
        make.workspace(session, "Another")

    assert asked(valkey) == []


def test_savepoints_neither_send_nor_lose_a_job(valkey: redis.Redis) -> None:
    with db.transaction() as session:
        make.workspace(session)
        queues.enqueue(session, JOB, *ids.many(2))
        with session.begin_nested():
            pass
        assert asked(valkey) == []
        with session.begin_nested() as savepoint:
            savepoint.rollback()

    assert len(asked(valkey)) == 1


def test_without_a_queue_the_transaction_commits_all_the_same(house: Settings) -> None:
    queues.bind(queues.connect(f"unix:///tmp/{uuid4().hex}.sock"))

    with db.transaction() as session:
        made = make.workspace(session).id
        queues.enqueue(session, JOB, *ids.many(2))

    queues.bind(None)
    queues.hint(JOB, *ids.many(2))
    with db.transaction(made) as session:
        assert session.scalars(select(Workspace.id)).all() == [made]


def test_only_jobs_of_the_table_with_their_ids_are_asked_for(house: Settings) -> None:
    with db.transaction() as session:
        with pytest.raises(KeyError):
            queues.enqueue(session, "os.system", ids.new())
        with pytest.raises(TypeError):
            queues.enqueue(session, JOB, ids.new())


def test_what_stands_in_the_queue_is_json(valkey: redis.Redis) -> None:
    queues.hint(JOB, *ids.many(2))

    [job] = queues.queue(valkey).jobs
    stored = valkey.hget(job.key, "data")
    assert isinstance(stored, bytes)
    assert re.search(rb"pickle|\x80\x04", stored) is None
