"""Kills: a worker dies or sleeps anywhere on the road, and nothing is lost, doubled or altered."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from crm.base import crash, db
from crm.base.settings import Settings
from crm.filing import known
from crm.mail.models import CopyState
from sync import leases
from sync.sources.imap import mailbox
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault
from tests.soon import LONG, soon
from tests.sync import rig
from tests.sync.rig import Box, Served, Watcher

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

town, _town, liar = rig.town, rig._town, rig.liar

#: So few letters are taken at once here: where a worker has died, they go one by one.
BATCH = 40
#: Two batches, so that there is a middle to die in.
COUNT = BATCH + 10


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "BATCH_COUNT", BATCH)


def start(box: Box, crash_at: str = "", poison: bytes = b"") -> ForkServerProcess:
    """Start a worker that takes small batches."""
    return rig.start(box, crash_at, poison=poison, batch=BATCH)


@pytest.fixture(scope="module")
def mail(long_dovecot: Dovecot) -> Served:
    """Deliver a mailbox of several folders that every test here reads, and none changes."""
    letters = rig.letters(COUNT + 20, seed=3, size=200)
    rig.deliver(long_dovecot, "kills", letters[:COUNT])
    rig.deliver(long_dovecot, "kills", letters[COUNT:], "Sent")
    return rig.served(long_dovecot, "kills")


@pytest.mark.parametrize("point", crash.POINTS)
def test_a_worker_that_dies_at_a_point_of_the_road_loses_and_doubles_nothing(
    town: Settings, liar: Watcher, mail: Served, point: str
) -> None:
    box = rig.connect(town, liar.port, "kills")

    assert rig.finish(start(box, point)) == 137
    rig.expire_leases(box)
    rig.bring(box)

    rig.assert_exact(box, mail)
    again = len(liar.bodies) - len(mail)
    assert 0 <= again <= BATCH


@pytest.mark.parametrize("point", ["after filing:2", "before commit:3", "after commit:2"])
def test_a_worker_that_dies_in_a_later_batch_keeps_the_earlier(
    town: Settings, liar: Watcher, mail: Served, point: str
) -> None:
    box = rig.connect(town, liar.port, "kills")

    assert rig.finish(start(box, point)) == 137
    assert len(rig.ledger_of(box)) >= 10
    rig.expire_leases(box)
    rig.bring(box)

    rig.assert_exact(box, mail)
    assert len(liar.bodies) - len(mail) <= BATCH


@pytest.fixture(scope="module")
def long_mail(long_dovecot: Dovecot) -> Served:
    """Deliver a mailbox that is not taken in at once."""
    rig.deliver(long_dovecot, "random", rig.letters(200, seed=4, size=200))
    return rig.served(long_dovecot, "random")


@pytest.mark.parametrize("seed", range(5))
def test_workers_that_are_killed_at_random_lose_and_double_nothing(
    town: Settings, liar: Watcher, long_mail: Served, seed: int
) -> None:
    dice = random.Random(seed)
    box = rig.connect(town, liar.port, "random")
    kills = 0

    for _ in range(4):
        worker, enough = start(box), len(liar.bodies) + dice.randint(1, len(long_mail) // 4)
        while worker.is_alive() and len(liar.bodies) < enough:
            worker.join(0.005)
        if worker.is_alive():
            worker.kill()
            kills += 1
        worker.join()
        rig.expire_leases(box)
    rig.bring(box)

    assert kills > 0
    rig.assert_exact(box, long_mail)
    assert len(liar.bodies) - len(long_mail) <= kills * BATCH


def test_a_worker_that_slept_while_another_took_over_cannot_commit(
    town: Settings, liar: Watcher, mail: Served
) -> None:
    box = rig.connect(town, liar.port, "kills")
    liar.plan(Fault("stall", uid=BATCH // 2, seconds=1.5))
    sleeper = start(box)
    rig.until(lambda: liar.happened)
    assert sleeper.pid is not None
    os.kill(sleeper.pid, signal.SIGSTOP)

    rig.expire_leases(box)
    rig.bring(box)
    before = rig.ledger_of(box)
    os.kill(sleeper.pid, signal.SIGCONT)
    rig.finish(sleeper)

    assert rig.ledger_of(box) == before
    rig.assert_exact(box, mail)


@pytest.mark.parametrize("seed", range(3))
def test_two_workers_without_any_lease_between_them_double_nothing(
    town: Settings, dovecot: Dovecot, mail: Served, seed: int
) -> None:
    dice = random.Random(seed)
    box = rig.connect(town, dovecot.port, "kills")
    rig.finish(start(box, "after plan"))

    workers = [start(box), start(box)]
    while any(worker.is_alive() for worker in workers):
        rig.expire_leases(box)
        time.sleep(dice.uniform(0, 0.05))
    assert [rig.finish(worker) for worker in workers] == [0, 0]
    rig.expire_leases(box)
    rig.bring(box)

    rig.assert_exact(box, mail)


def hold_the_lock(box: Box) -> None:
    """Take the filing lock and sit in a query that lasts."""
    db.bind(db.open_engine(box.settings.database_url))
    with db.transaction(box.workspace_id) as session:
        known.lock(session, box.workspace_id)
        session.execute(text(f"select pg_sleep({LONG})"))


def test_the_filing_lock_of_a_worker_killed_in_a_query_is_free_within_two_seconds(
    town: Settings, dovecot: Dovecot
) -> None:
    box = rig.connect(town, dovecot.port, "kills")
    holder = rig.run(hold_the_lock, box)
    asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
    rig.until(lambda: box.ask(asleep))

    holder.kill()
    with soon(), db.transaction(box.workspace_id) as session:
        known.lock(session, box.workspace_id)

    holder.join()


@pytest.fixture
def poisoned(dovecot: Dovecot) -> Iterator[Served]:
    """Deliver a letter that no worker survives reading, in the middle of others."""
    letters = rig.letters(12, seed=6)
    letters[6] = make.raw(subject="Poison", message_id="poison@x", X_Poison="yes")
    rig.deliver(dovecot, "poisoned", letters)
    return rig.served(dovecot, "poisoned")


def test_a_letter_that_ends_every_worker_is_kept_raw_after_three_and_the_rest_comes_in(
    town: Settings, dovecot: Dovecot, poisoned: Served
) -> None:
    box = rig.connect(town, dovecot.port, "poisoned")
    deaths = 0

    while rig.finish(start(box, poison=b"X-Poison")) == 137 and deaths < 12:
        deaths += 1
        rig.expire_leases(box)

    (row,) = box.ask(
        "select uid, error, digest from copy where mailbox_id = %s and state = %s",
        *(box.id, CopyState.FAILED),
    )
    assert row[:2] == (7, "reading or filing it ended the worker")
    assert bytes(row[2]) == hashlib.sha256(poisoned["INBOX", 7]).digest()
    rig.assert_exact(box, poisoned, failed=1)
    assert deaths <= 3


def test_a_deadly_letter_far_down_a_folder_is_found_by_three_deaths_too(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(BATCH + 6, seed=7, size=40)
    letters[-3] = make.raw(subject="Poison", message_id="far@x", X_Poison="yes")
    rig.deliver(dovecot, "farpoison", letters)
    box = rig.connect(town, dovecot.port, "farpoison")
    deaths = 0

    while rig.finish(start(box, poison=b"X-Poison")) == 137 and deaths < 12:
        deaths += 1
        rig.expire_leases(box)

    assert rig.places_of(box, CopyState.FAILED) == {("INBOX", BATCH + 4)}
    rig.assert_exact(box, rig.served(dovecot, "farpoison"), failed=1)
    assert deaths <= 3


def hold_the_mailbox(box: Box) -> None:
    """Hold a mailbox's lease until killed."""
    db.bind(db.open_engine(box.settings.database_url))
    with leases.held(box.workspace_id, box.id) as held:
        assert held
        signal.pause()


def test_what_a_worker_held_that_is_gone_without_a_trace_is_free_within_ninety_seconds(
    town: Settings, dovecot: Dovecot, mail: Served
) -> None:
    box = rig.connect(town, dovecot.port, "kills")
    rig.finish(start(box, "after fetch"))
    holder = rig.run(hold_the_mailbox, box)
    leased = (
        "select count(*), max(leased_until) <= now() + interval '90 seconds' from {table}"
        " where workspace_id = %s and leased_until > now()"
    )
    rig.until(lambda: box.ask(leased.format(table="mailbox"), box.workspace_id)[0][0])
    holder.kill()
    holder.join()

    for table in ("mailbox", "stretch"):
        assert box.ask(leased.format(table=table), box.workspace_id) == [(1, True)]
    with leases.held(box.workspace_id, box.id) as held:
        assert not held
    rig.expire_leases(box)
    with leases.held(box.workspace_id, box.id) as held:
        assert held
