"""Leases: one worker at a time looks after a mailbox, as far as everybody is awake."""

from __future__ import annotations

import time
from uuid import UUID

import pytest

from crm.base import bulk, db, ids
from crm.base.settings import Settings
from sync import leases, schedule
from tests import make


@pytest.fixture
def box(house: Settings) -> tuple[UUID, UUID]:
    with db.transaction() as session:
        made = make.mailbox(session, make.user(session, make.workspace(session)))
        return made.workspace_id, made.id


def let_it_run_out(workspace_id: UUID) -> None:
    with db.transaction(workspace_id) as session:
        bulk.run(session, "update mailbox set leased_until = now() - interval '1 second'", ())


def test_while_one_holds_a_mailbox_another_does_not(box: tuple[UUID, UUID]) -> None:
    with leases.held(*box) as one, leases.held(*box) as two:
        assert (one, two) == (True, False)

    with leases.held(*box) as three:
        assert three


def test_a_worker_that_fails_gives_the_mailbox_back(box: tuple[UUID, UUID]) -> None:
    with pytest.raises(RuntimeError), leases.held(*box):
        raise RuntimeError

    with leases.held(*box) as again:
        assert again


def test_a_lease_that_has_run_out_is_for_whoever_comes(box: tuple[UUID, UUID]) -> None:
    with leases.held(*box) as sleeper:
        let_it_run_out(box[0])
        with leases.held(*box) as awake:
            assert (sleeper, awake) == (True, True)


def test_a_lease_ends_early_enough_for_another_to_go_on_within_ninety_seconds(
    box: tuple[UUID, UUID],
) -> None:
    with leases.held(*box), db.transaction(box[0]) as session:
        left = "select extract(epoch from leased_until - now()) from mailbox"
        seconds = bulk.run(session, left, ()).scalar_one()

    assert 3 * leases._RENEWED_EVERY < seconds <= 90 - 2 * schedule.EVERY


def test_who_slept_does_not_give_back_what_another_holds_now(box: tuple[UUID, UUID]) -> None:
    sleeper = leases.held(*box)
    sleeper.__enter__()
    let_it_run_out(box[0])

    with leases.held(*box) as awake:
        sleeper.__exit__(None, None, None)
        with leases.held(*box) as third:
            assert (awake, third) == (True, False)


def test_who_slept_does_not_renew_what_another_holds_now(
    box: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "_RENEWED_EVERY", 0.05)
    with leases.held(*box), db.transaction(box[0]) as session:
        taken = "update mailbox set leased_by = %s, leased_until = now() + interval '9 seconds'"
        bulk.run(session, taken, (ids.new(),))
        session.commit()
        time.sleep(0.3)
        left = "select leased_until < now() + interval '10 seconds' from mailbox"
        assert bulk.run(session, left, ()).scalar_one()


def test_a_mailbox_of_another_workspace_is_not_held(box: tuple[UUID, UUID]) -> None:
    with db.transaction() as session:
        other = make.workspace(session, "Other").id

    with leases.held(other, box[1]) as held:
        assert not held
