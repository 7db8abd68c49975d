"""The watcher waits at real servers, and calls for a mailbox as soon as something is new in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import Engine

from crm.base import clock, db, queues
from crm.base.settings import Settings
from crm.base.vault import Vault, make_key
from crm.mail import watched
from sync.watch import Pace, Watcher
from tests.servers.dovecot import Dovecot
from tests.servers.dripping import Dripping
from tests.servers.proxy import Fault, Proxy
from tests.sync import rig
from tests.sync.rig import Box

QUICK = Pace(tick=0.05, look=0.1, calm=0.1, first=0.1, longest=0.4, answer=1.0, entry=1.5)


Watching = Callable[..., Watcher]


@pytest.fixture
def watching(house: Settings, scheduler: Engine, valkey: Redis) -> Iterator[Watching]:
    """Start watchers, and see that each ends soon after it was told."""
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
        ended.set()
        thread.join(10)
        assert not thread.is_alive()


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

    rig.until(lambda: is_called(box))
    rig.until(lambda: queues.queue(valkey).count)
    (job,) = queues.queue(valkey).jobs
    assert (job.func_name, job.args[1]) == ("sync.jobs.sync_mailbox", str(box.id))


def test_a_mark_and_an_expunge_are_news_too(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    box = live(house, dovecot.port, user)
    watcher = watching(box)
    waits(watcher, box)

    with dovecot.connect(user) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Flagged)")
        rig.until(lambda: is_called(box))
        settle(box)
        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()

    rig.until(lambda: is_called(box))


def test_an_encrypted_connection_is_watched_too(
    house: Settings,
    dovecot: Dovecot,
    watching: Watching,
    user: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    box = live(house, dovecot.tls_port, user)
    box.ask('update mailbox set place = place || \'{"security": "tls"}\' where id = %s', box.id)
    watcher = watching(box)
    waits(watcher, box)

    rig.deliver(dovecot, user, rig.letters(1, seed=2))

    rig.until(lambda: is_called(box))


def test_a_line_that_is_cut_is_taken_up_again_and_looked_at(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    with Proxy(dovecot.port) as liar:
        box = live(house, liar.port, user)
        watcher = watching(box)
        waits(watcher, box)
        for _ in range(2):
            liar.cut()
            rig.until(lambda: watcher.waiting == 0)
            waits(watcher, box)
        rig.deliver(dovecot, user, rig.letters(1, seed=2))

        rig.until(lambda: is_called(box))
        assert liar.connections == 3


def test_a_black_hole_ends_when_it_does_not_answer(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    with Proxy(dovecot.port) as liar:
        box = live(house, liar.port, user)
        watcher = watching(box, replace(QUICK, renew=0.5, answer=0.5))
        waits(watcher, box)
        settle(box)

        liar.swallow()

        rig.until(lambda: liar.connections >= 2)
        rig.until(lambda: is_called(box))


def test_a_server_without_idle_is_asked(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    with Proxy(dovecot.port) as liar:
        liar.plan(Fault("no_idle", times=None))
        box = live(house, liar.port, user)
        watcher = watching(box, replace(QUICK, rest=0.3))
        waits(watcher, box)

        rig.deliver(dovecot, user, rig.letters(1, seed=2))

        rig.until(lambda: is_called(box))
        words = b" ".join(liar.commands)
        assert b"NOOP" in words
        assert b"IDLE" not in words


@pytest.mark.parametrize("at", ["greeting", "LOGIN", "EXAMINE", "IDLE"])
def test_a_dripping_server_does_not_hold_up_a_good_one(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str, at: str
) -> None:
    with Dripping(at, pace=0.01) as bad:
        others = [
            live(house, bad.port, f"bad-{n}", address=f"bad{n}@halden.test") for n in range(10)
        ]
        box = live(house, dovecot.port, user, beside=others[0], address="good@halden.test")
        box.ask(
            'update mailbox set place = place || \'{"host": "localhost"}\' where id = %s', box.id
        )
        watcher = watching(box, replace(QUICK, entry=30.0))
        rig.until(lambda: watcher.waiting >= 1 and is_called(box))
        settle(box)

        rig.deliver(dovecot, user, rig.letters(1, seed=2))

        rig.until(lambda: is_called(box))


@pytest.mark.parametrize("look", [0.05, 30.0], ids=["the table tells of it", "a run was quicker"])
def test_a_refused_login_is_counted_once_and_tried_again_late(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str, look: float
) -> None:
    with Proxy(dovecot.port) as liar:
        liar.plan(Fault("auth_plain_no"))
        box = live(house, liar.port, user)
        began = time.monotonic()
        watcher = watching(box, replace(QUICK, look=look, longest=2.0))

        rig.until(lambda: box.row().refusals == 1)
        assert is_called(box)
        assert box.row().state == "live"
        if look < 1:
            time.sleep(0.5)
        settle(box)  # As a run does that got in.

        waits(watcher, box)
        assert time.monotonic() - began > 2
        assert sum(b"LOGIN" in words for words in liar.commands) == 2


def test_where_a_run_was_refused_the_watcher_goes_and_comes_back_after_a_while(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    with Proxy(dovecot.port) as liar:
        box = live(house, liar.port, user)
        watcher = watching(box, replace(QUICK, first=2.0, longest=2.0))
        waits(watcher, box)

        box.ask("update mailbox set refusals = 1 where id = %s", box.id)
        rig.until(lambda: watcher.waiting == 0)
        gone = time.monotonic()
        settle(box)

        waits(watcher, box)
        assert time.monotonic() - gone > 0.9
        assert liar.connections == 2


def test_a_password_that_our_vault_does_not_open_is_no_refusal_of_the_server(
    house: Settings,
    dovecot: Dovecot,
    watching: Watching,
    user: str,
    valkey: Redis,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "sync.watch")
    box = live(house, dovecot.port, user)
    sealed = Vault([make_key()]).seal("secret")
    box.ask("update mailbox set secret = %s where id = %s", sealed, box.id)
    watching(box)

    rig.until(lambda: caplog.text.count("is not watched: MailboxKeyMissingError") >= 2)

    assert box.row().refusals == 0
    assert queues.queue(valkey).count == 0


def test_what_is_paused_or_removed_is_left_and_what_is_resumed_is_watched(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    box = live(house, dovecot.port, user)
    watcher = watching(box)
    waits(watcher, box)

    for state, at in (("paused", 0), ("live", 1), ("needs_login", 0), ("live", 1)):
        box.ask("update mailbox set state = %s where id = %s", state, box.id)
        rig.until(lambda at=at: watcher.waiting == at)
    box.ask("delete from mailbox where id = %s", box.id)

    rig.until(lambda: watcher.waiting == 0)


def test_a_mailbox_that_moves_to_another_server_is_watched_there(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str
) -> None:
    with Proxy(dovecot.port) as liar:
        box = live(house, dovecot.port, user)
        watcher = watching(box)
        waits(watcher, box)

        port = f'{{"port": {liar.port}}}'
        box.ask("update mailbox set place = place || %s::jsonb where id = %s", port, box.id)

        rig.until(lambda: liar.connections == 1 and watcher.waiting == 1)


def test_two_watchers_only_look_twice(
    house: Settings, dovecot: Dovecot, watching: Watching, user: str, valkey: Redis
) -> None:
    box = live(house, dovecot.port, user)
    one, two = watching(box), watching(box)
    rig.until(lambda: one.waiting == two.waiting == 1 and queues.queue(valkey).count == 2)
    settle(box)

    rig.deliver(dovecot, user, rig.letters(1, seed=2))

    rig.until(lambda: is_called(box))
    rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, user))


def test_a_call_during_a_run_is_answered_by_another_run(
    house: Settings, dovecot: Dovecot, user: str
) -> None:
    box = rig.connect(house, dovecot.port, user)
    rig.bring(box)

    def call() -> None:
        with db.transaction(box.workspace_id) as session:
            watched.call(session, box.workspace_id, box.id, at=clock.now())

    rig.bring(box, planned=call)

    assert is_called(box)
    rig.bring(box)
    assert not is_called(box)
