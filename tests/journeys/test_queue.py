"""The queue is a hint: wiped, full, stale or doubled, it changes nothing but when."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import Engine

from crm.base import db, queues
from crm.base.settings import Settings
from sync import jobs, running, schedule, worker
from tests.servers.dovecot import Dovecot
from tests.sync import rig
from tests.sync.rig import Box, Served, Watcher

town, _town, liar = rig.town, rig._town, rig.liar

SYNC = "sync.jobs.sync_mailbox"


@pytest.fixture
def valkey(town: Settings) -> Iterator[Redis]:
    connection = queues.connect(town.redis_url)
    connection.flushall()
    queues.bind(connection)
    yield connection
    queues.bind(None)
    connection.config_set("maxmemory", "256mb")
    connection.flushall()
    connection.close()


@pytest.fixture
def scheduler(town: Settings) -> Iterator[Engine]:
    engine = db.open_engine(town.database_scheduler_url, pool_size=1)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def mail(long_dovecot: Dovecot) -> Served:
    rig.deliver(long_dovecot, "queued", rig.letters(6))
    return rig.served(long_dovecot, "queued")


@pytest.fixture
def box(town: Settings, liar: Watcher, mail: Served) -> Iterator[Box]:
    made = rig.connect(town, liar.port, "queued")
    jobs.bind(town, made.vault)
    yield made
    made.ask("update mailbox set due_at = now() + interval '1 day' where id = %s", made.id)
    jobs.bind(None, None)  # type: ignore[arg-type]


def work(connection: Redis) -> None:
    """Let a worker empty the queue."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    try:
        worker.make(connection, name=f"test-{uuid4().hex}").work(
            burst=True, logging_level="CRITICAL"
        )
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def test_a_queue_wiped_before_a_job_ran_delays_and_loses_nothing(
    valkey: Redis, scheduler: Engine, box: Box, mail: Served
) -> None:
    schedule.sweep(scheduler)
    valkey.flushall()
    work(valkey)
    assert rig.ledger_of(box) == []

    schedule.sweep(scheduler)
    work(valkey)

    rig.assert_exact(box, mail)


def test_a_queue_wiped_in_the_middle_of_a_job_lets_the_job_finish_and_the_worker_go_on(
    valkey: Redis, box: Box, mail: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = running.bring_up_to_date

    def wiped(*args: object, **more: object) -> object:
        valkey.flushall()
        return bring(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "bring_up_to_date", wiped)
    queues.hint(SYNC, box.workspace_id, box.id)

    work(valkey)

    rig.assert_exact(box, mail)
    rig.expire(box)
    queues.hint(SYNC, box.workspace_id, box.id)
    work(valkey)
    assert box.row().leased_until is None
    rig.assert_exact(box, mail)


def test_a_job_that_is_delivered_twice_changes_nothing_the_second_time(
    valkey: Redis, box: Box, mail: Served, liar: Watcher
) -> None:
    queues.hint(SYNC, box.workspace_id, box.id)
    queues.hint(SYNC, box.workspace_id, box.id)

    work(valkey)

    assert len(liar.bodies) == len(mail)
    rig.assert_exact(box, mail)


def test_old_jobs_of_a_restored_queue_change_nothing(
    valkey: Redis, box: Box, mail: Served, liar: Watcher
) -> None:
    queues.hint(SYNC, box.workspace_id, box.id)
    queues.hint("sync.jobs.take_stretches", box.workspace_id, box.id)
    queues.hint(SYNC, box.workspace_id, uuid4())  # A mailbox that was removed since.
    old = {key: valkey.dump(key) for key in valkey.scan_iter()}
    work(valkey)

    valkey.flushall()
    for key, value in old.items():
        valkey.restore(key, 0, value)
    work(valkey)

    assert queues.queue(valkey).count == 0
    assert len(liar.bodies) == len(mail)
    rig.assert_exact(box, mail)


def test_a_queue_that_is_full_loses_a_hint_and_no_transaction(
    valkey: Redis, scheduler: Engine, box: Box, mail: Served
) -> None:
    valkey.config_set("maxmemory", "1")

    with db.transaction(box.workspace_id) as session:
        queues.enqueue(session, SYNC, box.workspace_id, box.id)
    assert schedule.sweep(scheduler) >= 1
    assert queues.queue(valkey).count == 0

    valkey.config_set("maxmemory", "256mb")
    schedule.sweep(scheduler)
    work(valkey)
    rig.assert_exact(box, mail)


def test_a_worker_of_a_full_queue_neither_hangs_nor_harms(
    valkey: Redis, box: Box, mail: Served
) -> None:
    queues.hint(SYNC, box.workspace_id, box.id)
    valkey.config_set("maxmemory", "1")

    with pytest.raises(queues.redis.RedisError):  # It is started again and waits.
        work(valkey)

    valkey.config_set("maxmemory", "256mb")
    queues.hint(SYNC, box.workspace_id, box.id)
    work(valkey)
    rig.assert_exact(box, mail)
