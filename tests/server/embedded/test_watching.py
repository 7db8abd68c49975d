"""A server that died is started again by whoever watches: once, with everything, and in time."""

from __future__ import annotations

import contextlib
import itertools
import logging
import shutil
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from server import embedded
from server.embedded import daemons, place, postgresql, sharing, valkey, watching
from tests.sync.rig import until

#: What is committed must outlive the server's death here, though not the machine's.
TUNING = {"fsync": "off", "full_page_writes": "off"}
IN_TIME = 10


@pytest.fixture
def home():
    """Make a place under /tmp: pytest's own is closed to the user that root's servers run as."""
    path = Path(tempfile.mkdtemp(prefix="inlay-test-", dir="/tmp"))
    yield path
    for process in left(path):
        process.kill()
    shutil.rmtree(path)


@pytest.fixture
def told(caplog):
    """List what the log says of servers that came back."""
    caplog.set_level(logging.WARNING, watching.__name__)
    return lambda: sorted(record.args[0] for record in caplog.records)


def left(home):
    """List the first processes of the servers of a place."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            if str(home) in words and ("/bin/postgres" in words or "valkey-server" in words):
                found.append(process)
    return found


def kill(home):
    """Kill the servers of a place as the kernel does when memory is short."""
    found = left(home)
    for process in found:
        process.kill()
    return found


def answer(servers):
    """Tell whether both servers answer."""
    with contextlib.suppress(psycopg.OperationalError, redis.RedisError):
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("select 1")
        with redis.Redis.from_url(servers.redis_url) as queue:
            return bool(queue.ping())
    return False


def test_both_servers_come_back_and_nothing_committed_is_lost(home, told):
    with embedded.running(home, tuning=TUNING, watched=True) as servers:
        with psycopg.connect(servers.owner_url) as connection:
            connection.execute("create table kept as select 7 as n")

        assert len(kill(home)) == 2
        until(lambda: answer(servers), IN_TIME)

        with psycopg.connect(servers.owner_url) as connection:
            assert connection.execute("select n from kept").fetchone() == (7,)
    assert told() == ["PostgreSQL", "Valkey"]
    assert left(home) == []


def test_a_server_is_started_once_however_many_watch(home, told):
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            servers = stack.enter_context(embedded.running(home, tuning=TUNING, watched=True))

        for deaths in (1, 2):
            kill(home)
            until(lambda: answer(servers), IN_TIME)
            time.sleep(2 * watching.EVERY)

            assert told() == ["PostgreSQL"] * deaths + ["Valkey"] * deaths
            assert len(left(home)) == 2
    assert left(home) == []


def test_nothing_comes_back_behind_whoever_leaves_last(home):
    for wait in (0.0, 0.95, 1.0, 1.05):
        with embedded.running(home, postgresql=False, watched=True):
            time.sleep(wait)
            kill(home)

        assert left(home) == []
    time.sleep(2 * watching.EVERY)
    assert left(home) == []


def test_only_what_was_asked_for_is_watched(home, told):
    here = place.settle(home)
    with (
        embedded.running(home, postgresql=False, watched=True),
        embedded.running(home, valkey=False, tuning=TUNING),
    ):
        assert len(kill(home)) == 2
        until(valkey.daemon(here).answers, IN_TIME)
        time.sleep(2 * watching.EVERY)

        assert not daemons.is_alive(postgresql.daemon(here))
    assert told() == ["Valkey"]


def test_nobody_who_does_not_watch_starts_anything(home):
    with embedded.running(home, postgresql=False):
        kill(home)
        time.sleep(2 * watching.EVERY)

        assert left(home) == []


def test_nothing_is_started_while_somebody_else_has_the_turn(home):
    here = place.settle(home)
    with embedded.running(home, postgresql=False, watched=True):
        with sharing.turn(here.run):
            kill(home)
            time.sleep(2 * watching.EVERY)
            assert left(home) == []

        until(valkey.daemon(here).answers, IN_TIME)


def test_a_start_that_fails_is_tried_again_and_later_each_time(home, caplog, monkeypatch):
    monkeypatch.setattr(watching, "EVERY", 0.2)
    here = place.settle(home)
    here.furnish()
    tried, came = [], threading.Event()

    def start():
        tried.append(time.monotonic())
        if len(tried) < 4:
            raise embedded.EmbeddedError("The disk is full.", hint="Make room.")
        valkey.start(here)
        came.set()

    with watching.watched(here.run, {valkey.daemon(here): start}):
        assert came.wait(IN_TIME)

    first, second, third = (b - a for a, b in itertools.pairwise(tried))
    assert first < second < third
    assert caplog.text.count("could not be started: The disk is full.") == 3
