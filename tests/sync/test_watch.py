"""The watcher waits at real servers, and calls for a mailbox as soon as something is new in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import Engine

from crm.base import db, queues
from crm.base.settings import Settings
from sync.watch import Pace, Watcher
from tests.servers.dovecot import Dovecot
from tests.sync import rig
from tests.sync.rig import Box

QUICK = Pace(tick=0.05, look=0.1, calm=0.1, first=0.1, longest=0.4, answer=1.0, entry=1.5)


@pytest.fixture
def scheduler(house: Settings) -> Iterator[Engine]:
    engine = db.open_engine(house.database_scheduler_url, pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def valkey(house: Settings) -> Iterator[Redis]:
    connection = queues.connect(house.redis_url)
    connection.flushall()
    queues.bind(connection)
    yield connection
    queues.bind(None)
    connection.flushall()
    connection.close()


Watching = Callable[..., Watcher]


@pytest.fixture
def watching(house: Settings, scheduler: Engine, valkey: Redis) -> Iterator[Watching]:
    """Start watchers, and see that each ends within two seconds of being told."""
    started: list[tuple[threading.Event, threading.Thread]] = []

    def start(box: Box, pace: Pace = QUICK) -> Watcher:
        watcher = Watcher(scheduler, box.settings, box.vault, pace)
        ended = threading.Event()
        thread = threading.Thread(target=watcher.run, args=(ended,))
        thread.start()
        started.append((ended, thread))
        return watcher

    yield start
    for ended, thread in started:
        told = time.monotonic()
        ended.set()
        thread.join(10)
        assert not thread.is_alive()
        assert time.monotonic() - told < 2


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    name = f"watch-{uuid4().hex[:12]}"
    rig.deliver(dovecot, name, rig.letters(2))
    return name


def live(settings: Settings, port: int, login: str, **more: object) -> Box:
    """Connect a mailbox that was brought up to date a moment ago."""
    box = rig.connect(settings, port, login, **more)
    settle(box)
    return box


def settle(box: Box) -> None:
    box.ask(
        "update mailbox set state = 'live', refusals = 0, due_at = now() + interval '1 hour'"
        " where id = %s",
        box.id,
    )


def is_called(box: Box) -> bool:
    """Tell whether a mailbox is due, as the table says."""
    ((due,),) = box.ask("select due_at <= now() from mailbox where id = %s", box.id)
    return bool(due)


def waits(watcher: Watcher, box: Box, at: int = 1) -> None:
    """Wait until it waits, and forget that it called when it came."""
    rig.until(lambda: watcher.waiting == at and is_called(box))
    settle(box)


def test_a_letter_makes_its_mailbox_due_at_once(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str, valkey: Redis
) -> None:
    box = live(house, dovecot.port, user)
    watcher = watching(box)
    waits(watcher, box)
    valkey.flushall()

    rig.deliver(dovecot, user, rig.letters(1, seed=2))

    rig.until(lambda: is_called(box), 2)
    rig.until(lambda: queues.queue(valkey).count, 2)
    (job,) = queues.queue(valkey).jobs
    assert (job.func_name, job.args[1]) == ("sync.jobs.sync_mailbox", str(box.id))
