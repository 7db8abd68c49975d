"""The schedule: a sweep finds in the database what is due, whatever the queue has forgotten."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, create_engine

from crm.base import db, queues
from crm.base.settings import Settings
from crm.mail import mailboxes
from server.demo.gmail import GmailServer
from sync import leases, schedule
from tests.soon import SOON
from tests.sync import rig


def test_a_sweep_asks_for_every_mailbox_that_is_due_in_every_workspace(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    boxes = {
        name: rig.connect_files(house, tmp_path / name)
        for name in ("due", "elsewhere", "later", "paused", "refused")
    }
    later = "update mailbox set due_at = now() + interval '1 minute' where id = %s"
    boxes["later"].ask(later, boxes["later"].id)
    for name, state in (("paused", "paused"), ("refused", "needs_login")):
        box = boxes[name]
        with db.transaction(box.workspace_id) as session:
            mailboxes.get(session, box.workspace_id, box.id).state = state

    assert schedule.sweep(scheduler) == 2

    jobs = queues.queue(valkey).jobs
    assert {tuple(job.args) for job in jobs} == {
        (str(boxes[name].workspace_id), str(boxes[name].id)) for name in ("due", "elsewhere")
    }
    assert {job.func_name for job in jobs} == {"sync.jobs.sync_mailbox"}


def test_a_wiped_queue_is_filled_again_by_the_next_sweep(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    rig.connect_files(house, tmp_path)
    schedule.sweep(scheduler)
    valkey.flushall()

    schedule.sweep(scheduler)

    assert queues.queue(valkey).count == 1
    assert schedule.EVERY + schedule.AGAIN <= 60


def test_sweeps_do_not_pile_up_jobs_for_a_mailbox_that_nobody_gets_to(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    rig.connect_files(house, tmp_path)

    hinted: schedule.Hinted = {}

    for _ in range(20):
        schedule.sweep(scheduler, hinted)

    assert queues.queue(valkey).count == 1


def test_who_was_looked_at_and_is_due_again_is_asked_for_at_once(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    """As when somebody presses "Look now" a moment after a look."""
    box = rig.connect_files(house, tmp_path)
    hinted: schedule.Hinted = {}
    schedule.sweep(scheduler, hinted)
    rig.bring(box)
    assert schedule.sweep(scheduler, hinted) == 0

    box.ask("update mailbox set due_at = now() where id = %s", box.id)

    assert schedule.sweep(scheduler, hinted) == 1


def test_what_a_queue_that_was_away_did_not_hear_is_asked_for_by_the_next_sweep(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    rig.connect_files(house, tmp_path)
    hinted: schedule.Hinted = {}
    queues.bind(queues.connect(f"unix://{tmp_path}/away.sock"))
    schedule.sweep(scheduler, hinted)

    queues.bind(valkey)
    schedule.sweep(scheduler, hinted)

    assert queues.queue(valkey).count == 1


def test_a_mailbox_that_a_worker_has_is_not_asked_for(
    house: Settings, scheduler: Engine, valkey: Redis, tmp_path: Path
) -> None:
    box = rig.connect_files(house, tmp_path)

    with leases.held(box.workspace_id, box.id):
        assert schedule.sweep(scheduler) == 0

    assert schedule.sweep(scheduler) == 1


def test_a_mailbox_of_gmail_is_watched_where_gmail_shall_push(
    house: Settings, scheduler: Engine, valkey: Redis, google: GmailServer
) -> None:
    box = rig.connect_gmail(house, google)
    hinted: schedule.Hinted = {}

    assert schedule.sweep(scheduler, hinted) == 1
    assert schedule.sweep(scheduler, hinted, pushes=True) == 1

    asked = [(job.func_name, tuple(job.args)) for job in queues.queue(valkey).jobs]
    way = (str(box.workspace_id), str(box.id))
    assert asked == [("sync.jobs.sync_mailbox", way), ("sync.jobs.watch_mailbox", way)]
    box.ask("update mailbox set watch_at = now() + interval '1 day'")
    valkey.flushall()
    assert schedule.sweep(scheduler, hinted, pushes=True) == 0


def test_a_scheduler_waits_for_a_database_that_is_away_and_ends_when_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    ended = threading.Event()
    thread = threading.Thread(target=schedule.run, args=(nowhere, ended))

    thread.start()
    rig.until(lambda: "waits for the database" in caplog.text)
    ended.set()
    thread.join(SOON)

    assert not thread.is_alive()
