"""What stretches name one by one, and how far they have come."""

from __future__ import annotations

from crm.base.db import Session
from crm.mail import awaited, stretches
from crm.mail.stretches import Piece
from crm.workspace.models import User
from tests import make


def test_what_is_named_is_awaited_until_its_stretch_has_come_to_it(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box, "All Mail")
    stretches.cut(session, folder, [Piece(3, 9, 2, (3, 5, 9)), Piece(1, 20, 1, (1, 20), way=1)])
    stretches.cut(session, folder, [Piece(50, None, 3)])
    assert awaited.among(session, folder, range(60)) == {1, 3, 5, 9, 20}

    first = stretches.unfinished(session, box.workspace_id, box.id)[1]
    claim = stretches.claim(session, box.workspace_id, first)
    assert claim is not None
    assert (claim.uids, claim.way) == ([3, 5, 9], 0)
    stretches.move(session, claim, 5)
    assert awaited.among(session, folder, range(60)) == {1, 9, 20}


def test_a_letter_that_is_singled_out_leaves_its_stretch_and_comes_before_all(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box, "All Mail")
    [plain] = stretches.cut(session, folder, [Piece(3, 9, 2**62, (3, 5, 9))])

    made = awaited.single_out(session, folder, 5, way=1, at_once=150)

    assert made is not None
    assert awaited.single_out(session, folder, 5, way=1, at_once=150) == made
    assert stretches.unfinished(session, box.workspace_id, box.id) == [made, plain]
    assert stretches.mailbox_of(session, box.workspace_id, made) == box.id
    assert awaited.singled_out(session, box.workspace_id, box.id) == [made]
    assert awaited.among(session, folder, range(60)) == {3, 5, 9}
    claim = stretches.claim(session, box.workspace_id, made)
    assert claim is not None
    assert (claim.uids, claim.way) == ([5], 1)
    assert awaited.single_out(session, folder, 5, way=1, at_once=150) is None, "it is in some hand"
    stretches.move(session, claim, 5)
    assert awaited.singled_out(session, box.workspace_id, box.id) == []


def test_what_a_worker_may_be_fetching_is_left_to_it(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box, "All Mail")
    [plain] = stretches.cut(session, folder, [Piece(1, 9, 0, (1, 2, 3, 5, 9))])
    claim = stretches.claim(session, box.workspace_id, plain)
    assert claim is not None
    stretches.move(session, claim, 1)

    assert awaited.single_out(session, folder, 3, way=1, at_once=2) is None
    assert awaited.fewer(session, claim, 5) is None
    assert awaited.single_out(session, folder, 5, way=1, at_once=2) is not None
    assert awaited.fewer(session, claim, 5) == [1, 2, 3, 9]


def test_what_the_ledger_has_is_not_singled_out(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.filed_arrivals(session, box, [make.arrival(make.raw(), uid=7)], folder_name="All Mail")

    folder = make.folder(session, box, "All Mail")

    assert awaited.single_out(session, folder, 7, way=1, at_once=150) is None
    assert stretches.unfinished(session, box.workspace_id, box.id) == []


def test_whoever_holds_a_stretch_that_is_wrested_away_cannot_commit(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box, "All Mail")
    stretches.cut(session, folder, [Piece(3, 9, 2, (3, 9))])
    [only] = stretches.unfinished(session, box.workspace_id, box.id)
    claim = stretches.claim(session, box.workspace_id, only)
    assert claim is not None

    awaited.wrest(session, folder)

    assert not stretches.holds(session, claim, claim.cursor)
    assert stretches.claim(session, box.workspace_id, only) is not None


def test_what_is_in_some_hand_may_have_been_fetched(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box, "All Mail")
    stretches.cut(session, folder, [Piece(3, 9, 2, (3, 5, 9)), Piece(1, 20, 1, (1, 20))])
    first, _ = stretches.unfinished(session, box.workspace_id, box.id)

    claim = stretches.claim(session, box.workspace_id, first)
    assert claim is not None

    assert awaited.among(session, folder, [1, 5, 6, 9, 30]) == {1, 5, 9}
    assert awaited.in_hand(session, folder, [1, 5, 6, 9, 30]) == {5, 9}
    stretches.move(session, claim, 5)
    assert awaited.in_hand(session, folder, [1, 5, 9]) == {9}
    stretches.release(session, claim)
    assert awaited.in_hand(session, folder, [1, 5, 9]) == frozenset()
    assert awaited.among(session, folder, []) == frozenset()
