"""Jobs: hints that may come twice, late or not at all, and change nothing by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from crm.base import clock, db, queues
from crm.base.settings import Settings
from crm.mail import mailboxes
from sync import jobs, leases
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault
from tests.sync import rig
from tests.sync.rig import Box, Watcher


@pytest.fixture
def box(town: Settings, dovecot: Dovecot, liar: Watcher) -> Iterator[Box]:
    user = f"jobs-{uuid4().hex}"
    rig.deliver(dovecot, user, rig.letters(4))
    made = rig.connect(town, liar.port, user)
    jobs.bind(town, made.vault)
    yield made
    jobs.bind(None, None)  # type: ignore[arg-type]


def sync(box: Box) -> None:
    jobs.sync_mailbox(str(box.workspace_id), str(box.id))


def test_a_job_brings_a_mailbox_up_to_date_and_gives_it_back(box: Box) -> None:
    sync(box)

    assert len(rig.ledger_of(box)) == 4
    row = box.row()
    assert (row.state, row.leased_until) == ("live", None)


def test_a_job_that_comes_twice_finds_nothing_to_do(box: Box, liar: Watcher) -> None:
    sync(box)
    bodies = len(liar.bodies)
    rig.expire(box)
    sync(box)

    assert len(liar.bodies) == bodies == 4
    rig.assert_filed_once(box)


def test_an_old_job_for_a_mailbox_that_is_not_due_does_not_even_connect(
    box: Box, liar: Watcher
) -> None:
    sync(box)
    connections = liar.connections

    sync(box)

    assert liar.connections == connections


def test_a_job_leaves_a_mailbox_alone_that_another_worker_has(box: Box, liar: Watcher) -> None:
    with leases.held(box.workspace_id, box.id):
        sync(box)

    assert liar.connections == 0
    assert rig.ledger_of(box) == []


@pytest.mark.parametrize("state", ["paused", "needs_login"])
def test_an_old_job_does_not_wake_a_mailbox_that_stopped(
    box: Box, liar: Watcher, state: str
) -> None:
    with db.transaction(box.workspace_id) as session:
        mailboxes.get(session, box.workspace_id, box.id).state = state

    sync(box)

    assert (liar.connections, box.row().state) == (0, state)


def test_a_job_whose_worker_failed_gives_the_mailbox_back(box: Box) -> None:
    with db.transaction(box.workspace_id) as session:
        mailboxes.get(session, box.workspace_id, box.id).place = {}

    with pytest.raises(KeyError):
        sync(box)

    assert box.row().leased_until is None


def test_a_look_that_takes_longer_than_a_job_may_is_seen_and_begun_anew_later(
    box: Box, liar: Watcher
) -> None:
    liar.plan(Fault("black_hole", seconds=5))

    with UnixSignalDeathPenalty(1, JobTimeoutException):
        sync(box)

    row = box.row()
    assert (row.state, row.trouble, row.leased_until) == ("failing", "unfinished", None)
    assert "2 hours" in row.last_error
    assert row.due_at > clock.now() + timedelta(minutes=29)
    rig.expire(box)
    sync(box)
    assert (box.row().state, len(rig.ledger_of(box))) == ("live", 4)


def test_a_look_that_takes_too_long_notes_nothing_of_a_mailbox_that_was_stopped(
    box: Box, liar: Watcher
) -> None:
    liar.plan(Fault("black_hole", seconds=5))
    stop = threading.Timer(0.3, pause, (box,))
    stop.start()

    with UnixSignalDeathPenalty(1, JobTimeoutException):
        sync(box)

    stop.join()
    row = box.row()
    assert (row.state, row.trouble, row.failures) == ("paused", "none", 0)


def pause(box: Box) -> None:
    with db.transaction(box.workspace_id) as session:
        mailboxes.get(session, box.workspace_id, box.id).state = "paused"


def test_another_worker_takes_stretches_and_leaves_the_rest(box: Box) -> None:
    with pytest.raises(AssertionError):
        rig.assert_balanced(box)
    jobs.take_stretches(str(box.workspace_id), str(box.id))
    assert rig.ledger_of(box) == []  # Nothing has been planned yet.

    sync(box)
    jobs.take_stretches(str(box.workspace_id), str(box.id))

    assert len(rig.ledger_of(box)) == 4
    rig.assert_filed_once(box)


def test_others_are_called_only_where_there_is_enough_for_them(
    town: Settings, tmp_path: Path
) -> None:
    connection = queues.connect(town.redis_url)
    connection.flushall()
    counts = {}
    for folders in (1, 20):
        root = tmp_path / str(folders)
        for n in range(folders):
            (root / f"f{n}").mkdir(parents=True)
            (root / f"f{n}" / "1.eml").write_bytes(rig.letters(1)[0])
        many = rig.connect_files(town, root)
        jobs.bind(town, many.vault)
        queues.bind(connection)
        sync(many)
        queues.bind(None)
        counts[folders] = queues.queue(connection).count
        connection.flushall()
    jobs.bind(None, None)  # type: ignore[arg-type]
    connection.close()

    assert counts[1] == 0
    assert counts[20] == 3


def test_a_job_before_the_worker_has_settings_is_a_mistake_of_ours(town: Settings) -> None:
    with pytest.raises(RuntimeError):
        jobs.sync_mailbox("x", "y")
