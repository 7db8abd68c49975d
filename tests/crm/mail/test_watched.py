"""The watcher's mailboxes: which it waits at, and what its call does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crm.base import db
from crm.base.db import Session
from crm.base.settings import Settings
from crm.mail import mailboxes, watched
from crm.mail.models import MailboxState
from crm.mail.watched import WayIn
from crm.workspace.models import User
from tests import make

MINUTE = timedelta(minutes=1)
WATCHED: dict[str, dict[str, Any]] = {
    "live": {"kind": "imap", "state": "live"},
    "failing": {"kind": "imap", "state": "failing"},
    "refused": {"kind": "imap", "state": "live", "refusals": 1},
    "connecting": {"kind": "imap", "state": "connecting"},
    "paused": {"kind": "imap", "state": "paused"},
    "needs_login": {"kind": "imap", "state": "needs_login"},
    "files": {"kind": "files", "state": "live"},
}


def test_who_called_while_a_run_was_under_way_is_not_forgotten_by_its_end(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana, state=MailboxState.LIVE, due_at=make.NOW)
    asked, called_at = box.due_at, make.NOW + timedelta(seconds=3)
    assert watched.call(session, box.workspace_id, box.id, at=called_at)

    later = make.NOW + timedelta(seconds=5)
    mailboxes.note_success(session, box, at=later, again=5 * MINUTE, asked=asked)

    session.refresh(box)
    assert mailboxes.is_due(box, called_at)


@pytest.mark.parametrize("state", ["connecting", "paused", "needs_login", "failing"])
def test_a_mailbox_that_is_not_live_waits_for_its_turn_whoever_calls(
    session: Session, ana: User, state: str
) -> None:
    box = make.mailbox(session, ana, state=state, due_at=make.NOW + MINUTE)

    assert not watched.call(session, box.workspace_id, box.id, at=make.NOW)

    session.refresh(box)
    assert box.due_at == make.NOW + MINUTE


def test_the_watcher_is_told_of_live_imap_mailboxes_everywhere_and_when_their_way_in_changes(
    house: Settings,
) -> None:
    made = {}
    for name, values in WATCHED.items():
        with db.transaction() as session:
            user = make.user(session, make.workspace(session, name), "ana@halden.test")
            box = make.mailbox(session, user, **values, place={"host": "Mail.Halden.test"})
            made[name] = (box.workspace_id, box.id)
    scheduler = db.open_engine(house.database_scheduler_url)

    def table() -> dict[tuple[UUID, UUID], WayIn]:
        with Session(scheduler) as session:
            return watched.ways(session)

    before = table()
    with db.transaction(made["live"][0]) as session:
        mailboxes.get(session, *made["live"]).secret = b"other"
        mailboxes.get(session, *made["live"]).due_at = make.NOW + MINUTE
    with db.transaction(made["failing"][0]) as session:
        mailboxes.get(session, *made["failing"]).due_at = make.NOW + MINUTE
    after = table()
    scheduler.dispose()

    assert set(before) == set(after) == {made["live"], made["failing"], made["refused"]}
    assert before[made["live"]] != after[made["live"]]
    assert before[made["failing"]] == after[made["failing"]]
    assert [way for way, way_in in after.items() if way_in.refused] == [made["refused"]]
    assert {(len(way_in.mark), way_in.host) for way_in in after.values()} == {
        (32, "mail.halden.test")
    }
