"""Stretches: one worker at a time, and no commit for one that slept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import bulk, db
from crm.base.db import Session
from crm.base.settings import Settings
from crm.mail import folders, mailboxes, stretches
from crm.mail.models import StretchRow
from crm.mail.stretches import CAREFUL_AFTER, HOPELESS_AFTER, LEASE, Claim, Piece
from crm.workspace.models import User, Workspace
from tests import make


def cut(session: Session, user: User, *pieces: Piece) -> list[UUID]:
    box = make.mailbox(session, user)
    stretches.cut(session, make.folder(session, box), pieces)
    return stretches.unfinished(session, user.workspace_id, box.id)


def taken(session: Session, workspace_id: UUID, stretch_id: UUID) -> Claim:
    claim = stretches.claim(session, workspace_id, stretch_id)
    assert claim is not None
    return claim


def let_the_lease_run_out(session: Session) -> None:
    bulk.run(session, "update stretch set leased_until = now() - interval '1 second'", ())


def test_live_stretches_come_first_and_then_the_newest(session: Session, ana: User) -> None:
    pieces = (Piece(1, 100, 5), Piece(101, 200, 9), Piece(201, None, 0), Piece(301, 400, 7))

    found = cut(session, ana, *pieces)

    rows = [session.get_one(StretchRow, (ana.workspace_id, id_)) for id_ in found]
    assert [row.first for row in rows] == [201, 101, 301, 1]
    assert {row.cursor - row.first for row in rows} == {-1}


def test_cutting_nothing_makes_nothing(session: Session, ana: User) -> None:
    assert cut(session, ana) == []


def test_what_is_left_of_stretches_is_told_as_ranges(session: Session, ana: User) -> None:
    ids = cut(session, ana, Piece(1, 100, 2), Piece(101, 200, 1), Piece(201, None, 0))
    box = mailboxes.get_named(session, ana.workspace_id, ana.email)
    folder = folders.of_mailbox(session, box)["INBOX"]

    stretches.move(session, taken(session, ana.workspace_id, ids[1]), 40)
    stretches.move(session, taken(session, ana.workspace_id, ids[2]), 200)

    assert stretches.open_ranges(session, folder) == [(40, 100), (200, 2**63)]
    stretches.forget_done(session, folder)
    rows = session.scalars(select(StretchRow.first).order_by(StretchRow.first)).all()
    assert rows == [1, 201]


def test_a_claim_says_what_to_do_and_takes_the_next_epoch(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(11, 20, 0))

    first = taken(session, ana.workspace_id, id_)
    let_the_lease_run_out(session)
    second = taken(session, ana.workspace_id, id_)

    assert (first.folder, first.uidvalidity, first.last, first.cursor) == ("INBOX", 1, 20, 10)
    assert (first.epoch, first.tries) == (1, 1)
    assert (second.epoch, second.tries) == (2, 2)


def test_a_batch_moves_the_cursor_and_its_end_ends_the_stretch(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    claim = taken(session, ana.workspace_id, id_)

    assert stretches.holds(session, claim, 0)
    stretches.move(session, claim, 10)
    assert not stretches.holds(session, claim, 0)
    assert stretches.holds(session, claim, 10)
    stretches.move(session, claim, 20)

    assert stretches.unfinished(session, ana.workspace_id, claim.mailbox_id) == []
    let_the_lease_run_out(session)
    assert stretches.claim(session, ana.workspace_id, id_) is None


def test_a_live_stretch_never_ends_by_itself(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, None, 0))
    claim = taken(session, ana.workspace_id, id_)

    stretches.move(session, claim, 10**9)

    assert stretches.unfinished(session, ana.workspace_id, claim.mailbox_id) == [id_]


def test_what_is_given_back_can_be_taken_at_once(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, None, 0))
    claim = taken(session, ana.workspace_id, id_)
    assert stretches.left_over(session, ana.workspace_id, claim.mailbox_id) == [id_]

    stretches.release(session, claim)

    assert stretches.left_over(session, ana.workspace_id, claim.mailbox_id) == []
    assert taken(session, ana.workspace_id, id_).tries == 1


def test_a_lease_that_has_run_out_keeps_nobody_waiting(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, None, 0))
    claim = taken(session, ana.workspace_id, id_)

    let_the_lease_run_out(session)

    assert stretches.left_over(session, ana.workspace_id, claim.mailbox_id) == []


def test_a_fault_counts_like_a_worker_that_died_of_it(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))

    careful = []
    for _ in range(CAREFUL_AFTER + 1):
        claim = taken(session, ana.workspace_id, id_)
        careful.append(claim.careful)
        stretches.drop(session, claim)

    assert careful == [False] * CAREFUL_AFTER + [True]


def test_a_stretch_that_ends_workers_is_read_with_care_until_it_moves(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    careful = []
    for _ in range(CAREFUL_AFTER + 1):
        claim = taken(session, ana.workspace_id, id_)
        careful.append(claim.careful)
        let_the_lease_run_out(session)
    assert careful == [False] * CAREFUL_AFTER + [True]

    stretches.move(session, claim, 7)
    stretches.release(session, claim)
    claim = taken(session, ana.workspace_id, id_)
    assert (claim.careful, claim.tries) == (False, 1)


def test_a_worker_that_dies_after_a_batch_has_died_of_the_next(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    stretches.move(session, taken(session, ana.workspace_id, id_), 10)
    let_the_lease_run_out(session)

    assert taken(session, ana.workspace_id, id_).careful


def test_a_letter_in_whose_reading_two_workers_ended_is_tried_and_four_convict_it(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    tried, convicted = [], []
    for _ in range(5):
        claim = taken(session, ana.workspace_id, id_)
        tried.append(claim.tries_apart(7))
        convicted.append(claim.convicts(7))
        stretches.suspect(session, claim, 7)
        let_the_lease_run_out(session)

    assert tried == [False, False, True, True, True]
    assert convicted == [False, False, False, False, True]
    assert not claim.convicts(8)
    assert not claim.tries_apart(8)


def test_a_mailbox_is_beset_where_a_worker_ended_over_a_letter(session: Session, ana: User) -> None:
    [one, other] = cut(session, ana, Piece(1, 20, 1), Piece(21, 40, 0))
    claim = taken(session, ana.workspace_id, one)
    stretches.suspect(session, claim, 7)
    stretches.acquit(session, claim)
    stretches.move(session, claim, 20)

    assert not claim.beset
    assert taken(session, ana.workspace_id, other).beset


def test_a_letter_is_not_convicted_by_workers_that_ended_elsewhere(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    stretches.suspect(session, taken(session, ana.workspace_id, id_), 7)
    for _ in range(4):  # While they connect, say: none of them has come to the letter.
        let_the_lease_run_out(session)
        claim = taken(session, ana.workspace_id, id_)

    assert claim.careful
    assert not claim.tries_apart(7)


def test_a_letter_that_is_read_and_cannot_be_filed_is_convicted_too(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    convicted = []
    for _ in range(3):
        claim = taken(session, ana.workspace_id, id_)
        convicted.append(claim.convicts(7))
        stretches.suspect(session, claim, 7)
        stretches.acquit(session, claim)
        stretches.drop(session, claim, 7)

    assert convicted == [False, False, True]


def test_a_letter_that_was_read_is_not_accused_of_what_comes_after(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    for _ in range(5):
        claim = taken(session, ana.workspace_id, id_)
        stretches.suspect(session, claim, 7)
        stretches.acquit(session, claim)
        let_the_lease_run_out(session)

    assert (claim.careful, claim.tries_apart(7), claim.hopeless) == (True, False, False)


def test_a_place_that_nobody_gets_beyond_is_hopeless_at_last(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    hopeless = []
    for _ in range(HOPELESS_AFTER + 1):
        hopeless.append(taken(session, ana.workspace_id, id_).hopeless)
        let_the_lease_run_out(session)

    assert hopeless == [False] * HOPELESS_AFTER + [True]


def test_who_gives_a_stretch_back_in_order_accuses_nobody(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    claim = taken(session, ana.workspace_id, id_)
    stretches.suspect(session, claim, 7)

    stretches.release(session, claim)

    claim = taken(session, ana.workspace_id, id_)
    assert (claim.suspect, claim.tries, claim.careful) == (None, 1, False)


def test_what_the_database_lets_wait_stays_in_its_hand_and_accuses_nobody(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    for _ in range(HOPELESS_AFTER + 1):
        claim = taken(session, ana.workspace_id, id_)
        let_the_lease_run_out(session)
        stretches.excuse(session, claim)
        assert stretches.claim(session, ana.workspace_id, id_) is None
        let_the_lease_run_out(session)

    assert (claim.tries, claim.hopeless) == (2, False)


def test_a_sleeper_whom_the_database_let_wait_takes_nothing_from_who_went_on(
    session: Session, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    sleeper = taken(session, ana.workspace_id, id_)
    let_the_lease_run_out(session)
    awake = taken(session, ana.workspace_id, id_)
    let_the_lease_run_out(session)

    stretches.excuse(session, sleeper)

    assert stretches.holds(session, awake, 0)
    assert taken(session, ana.workspace_id, id_).tries == 2


def test_a_letter_at_which_the_work_fails_is_accused(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    stretches.drop(session, taken(session, ana.workspace_id, id_), 7)

    assert taken(session, ana.workspace_id, id_).suspect == 7


def test_a_sleeper_changes_nothing_any_more(session: Session, ana: User) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    sleeper = taken(session, ana.workspace_id, id_)
    let_the_lease_run_out(session)
    awake = taken(session, ana.workspace_id, id_)
    stretches.move(session, awake, 5)

    assert not stretches.holds(session, sleeper, 0)
    assert not stretches.holds(session, sleeper, 5)
    assert not stretches.suspect(session, sleeper, 6)
    stretches.move(session, sleeper, 20)
    stretches.release(session, sleeper)
    stretches.drop(session, sleeper)

    assert stretches.holds(session, awake, 5)
    assert stretches.unfinished(session, ana.workspace_id, awake.mailbox_id) == [id_]
    assert stretches.claim(session, ana.workspace_id, id_) is None


def test_a_stretch_of_another_workspace_cannot_be_claimed(
    session: Session, workspace: Workspace, ana: User
) -> None:
    [id_] = cut(session, ana, Piece(1, 20, 0))
    other = make.workspace(session, "Other")

    assert stretches.claim(session, other.id, id_) is None
    assert stretches.claim(session, workspace.id, id_) is None
    assert stretches.unfinished(session, other.id, workspace.id) == []


@pytest.fixture
def stretch(house: Settings) -> tuple[UUID, UUID]:
    """Cut one stretch in a database of its own, where several workers commit."""
    with db.transaction() as session:
        user = make.user(session, make.workspace(session))
        return user.workspace_id, cut(session, user, Piece(1, 20, 0))[0]


def test_a_second_worker_gets_nothing(stretch: tuple[UUID, UUID]) -> None:
    with db.transaction(stretch[0]) as one:
        assert stretches.claim(one, *stretch) is not None

    with db.transaction(stretch[0]) as two:
        assert stretches.claim(two, *stretch) is None


def test_of_many_workers_at_once_one_gets_it(stretch: tuple[UUID, UUID]) -> None:
    def work() -> bool:
        with db.transaction(stretch[0]) as session:
            return stretches.claim(session, *stretch) is not None

    with ThreadPoolExecutor(8) as pool:
        won = [job.result() for job in [pool.submit(work) for _ in range(24)]]

    assert won.count(True) == 1


def test_a_sleeper_whose_epoch_was_taken_cannot_commit(stretch: tuple[UUID, UUID]) -> None:
    with db.transaction(stretch[0]) as session:
        sleeper = taken(session, *stretch)
    with db.transaction(stretch[0]) as session:
        let_the_lease_run_out(session)
    with db.transaction(stretch[0]) as session:
        awake = taken(session, *stretch)

    with db.transaction(stretch[0]) as session:
        assert not stretches.holds(session, sleeper, 0)
        stretches.move(session, sleeper, 10)
    with db.transaction(stretch[0]) as session:
        assert stretches.holds(session, awake, 0)


def test_who_holds_the_row_makes_the_other_wait_and_then_lose(stretch: tuple[UUID, UUID]) -> None:
    with db.transaction(stretch[0]) as session:
        claim = taken(session, *stretch)

    def work() -> bool:
        with db.transaction(stretch[0]) as late:
            return stretches.holds(late, claim, 0)

    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        early = stack.enter_context(db.transaction(stretch[0]))
        assert stretches.holds(early, claim, 0)
        late = pool.submit(work)
        stretches.move(early, claim, 10)
        early.commit()

        assert late.result(timeout=20) is False


def test_the_databases_clock_counts_the_lease(stretch: tuple[UUID, UUID]) -> None:
    with db.transaction(stretch[0]) as session:
        taken(session, *stretch)
        row = session.get_one(StretchRow, stretch)
        now = bulk.run(session, "select now()", ()).scalar_one()

        assert row.leased_until is not None
        seconds = int(LEASE.removesuffix(" seconds"))
        assert seconds - 1 < (row.leased_until - now).total_seconds() <= seconds


def test_a_folder_is_taken_up_once_it_has_its_live_stretch(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    inbox, sent = make.folder(session, box), make.folder(session, box, "Sent")
    stretches.cut(session, inbox, [Piece(1, 10, 0), Piece(11, None, 0)])
    stretches.cut(session, sent, [Piece(1, 10, 0)])

    assert stretches.taken_up(session, box) == {inbox.id}
    assert stretches.is_taken_up(session, inbox)
    assert not stretches.is_taken_up(session, sent)


def test_what_a_run_waits_for_is_in_a_hand_or_was_given_back_undone(
    session: Session, ana: User
) -> None:
    live, one, two = cut(session, ana, Piece(1, 9, 2), Piece(10, 19, 1), Piece(20, None, 0))
    done = taken(session, ana.workspace_id, one)
    stretches.move(session, done, 9)
    held = taken(session, ana.workspace_id, live)

    waiting = stretches.left_over(session, ana.workspace_id, held.mailbox_id)
    stretches.release(session, held)
    later = stretches.left_over(session, ana.workspace_id, held.mailbox_id)

    assert (set(waiting), later) == ({live, two}, [two])
