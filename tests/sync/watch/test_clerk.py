"""The clerk: what fails waits behind the rest, and nothing ends it but the end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from crm.base import bulk, clock, db
from crm.base.settings import Settings
from crm.mail import mailboxes
from sync.watch.clerk import Clerk, Table, Way
from tests import make
from tests.sync import rig


@pytest.fixture
def ways(house: Settings) -> list[Way]:
    """Make two mailboxes that are up to date."""
    later = clock.now() + timedelta(hours=1)
    with db.transaction() as session:
        user = make.user(session, make.workspace(session), "ana@halden.test")
        boxes = [
            make.mailbox(session, user, f"{name}@halden.test", state="live", due_at=later)
            for name in ("one", "two")
        ]
        return [(box.workspace_id, box.id) for box in boxes]


def is_called(way: Way) -> bool:
    with db.transaction(way[0]) as session:
        return mailboxes.is_due(mailboxes.get(session, *way), clock.now())


def test_a_row_that_somebody_holds_keeps_no_other_waiting(
    scheduler: Engine, ways: list[Way]
) -> None:
    looks: list[Table] = []
    clerk = Clerk(scheduler, 0.1, looks.append)
    held, free = ways
    with db.transaction(held[0]) as session:
        bulk.run(session, "select 1 from mailbox where id = %s for update", (held[1],))
        for way in ways:
            clerk.call(way)
        clerk.start()
        try:
            rig.until(lambda: is_called(free))
            before = len(looks)
            rig.until(lambda: len(looks) > before)
        except BaseException:
            clerk.stop()
            raise

    rig.until(lambda: is_called(held))
    clerk.stop()


def test_a_fault_of_ours_is_said_without_its_words_and_the_clerk_goes_on(
    scheduler: Engine, ways: list[Way], caplog: pytest.LogCaptureFixture
) -> None:
    went_on = threading.Event()

    def told(_: Table) -> None:
        if "RuntimeError" in caplog.text:
            went_on.set()
        raise RuntimeError("the words of a letter")

    clerk = Clerk(scheduler, 0.1, told)
    clerk.start()
    try:
        assert went_on.wait(10)
        clerk.call(ways[0])
        rig.until(lambda: is_called(ways[0]))
    finally:
        clerk.stop()

    assert "RuntimeError at watch/test_clerk.py" in caplog.text
    assert "letter" not in caplog.text
