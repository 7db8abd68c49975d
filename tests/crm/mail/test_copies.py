"""The ledger: every message of the server in one state, and sums that balance or say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.base import bulk
from crm.base.db import Session, table
from crm.mail import copies, folders, identity
from crm.mail.letter import Arrival, Unreadable
from crm.mail.models import Copy, CopyState, Folder
from crm.workspace.models import User, Workspace
from tests import make

COLUMNS = "folder_id uidvalidity uid mailbox_id state rule size received_at flags error".split()


def add(session: Session, folder: Folder, states: Sequence[tuple[CopyState, str]]) -> None:
    rows: list[tuple[Any, ...]] = [
        (folder.id, folder.uidvalidity, uid, folder.mailbox_id, state, rule, 1, make.NOW, "", "")
        for uid, (state, rule) in enumerate(states, 1)
    ]
    extra = [(*row, False, 0) for row in rows]
    columns = [*COLUMNS, "differs", "attempts"]
    bulk.insert(session, table(Copy), folder.workspace_id, columns, extra)


STATES = st.sampled_from(
    [
        (CopyState.STORED, ""),
        (CopyState.SKIPPED, "spam"),
        (CopyState.SKIPPED, "trash"),
        (CopyState.FAILED, ""),
        (CopyState.GONE, ""),
    ]
)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STATES, max_size=30), st.integers(-1, 1), st.integers(0, 1), st.integers(0, 1))
def test_a_ledger_balances_when_the_server_has_what_we_have_and_nothing_else(
    session: Session,
    states: list[tuple[CopyState, str]],
    lie: int,
    pending: int,
    stray: int,
) -> None:
    user = make.user(session, make.workspace(session))
    box, empty = make.mailbox(session, user), make.mailbox(session, user, "empty@halden.test")
    folder = make.folder(session, box)
    add(session, folder, states)
    kept = [state for state, _ in states if state is not CopyState.GONE]
    server = max(0, len(kept) + lie)

    copies.note_compared(session, folder, server=server, pending=pending, stray=stray, at=make.NOW)

    [line] = copies.ledger(session, box)
    assert line.stored == states.count((CopyState.STORED, ""))
    assert line.skipped.get("spam", 0) == states.count((CopyState.SKIPPED, "spam"))
    assert line.skipped.get("trash", 0) == states.count((CopyState.SKIPPED, "trash"))
    assert line.failed == states.count((CopyState.FAILED, ""))
    assert line.gone == states.count((CopyState.GONE, ""))
    assert line.balanced is (server == len(kept) and not pending and not stray)
    assert copies.ledger(session, empty) == []


def test_what_was_never_compared_does_not_balance(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.folder(session, box)

    [line] = copies.ledger(session, box)

    assert not line.balanced


def test_a_ledger_stands_by_the_names_of_folders(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    for name in ("Sent", "Archive", "INBOX"):
        add(session, make.folder(session, box, name), [(CopyState.STORED, "")])

    lines = copies.ledger(session, box)

    assert [(a.folder.name, a.stored) for a in lines] == [
        ("Archive", 1),
        ("INBOX", 1),
        ("Sent", 1),
    ]


def test_uids_are_told_in_order_page_by_page_and_without_what_is_gone(
    session: Session, ana: User
) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    add(session, folder, [(CopyState.STORED, "")] * 100)
    copies.mark_gone(session, folder, [1, 50, 51, 100])

    found: list[int] = []
    while page := copies.uids(session, folder, after=found[-1] if found else -1, size=7):
        assert len(page) <= 7
        found += page

    assert found == [n for n in range(1, 101) if n not in (1, 50, 51, 100)]
    assert copies.uids(session, folder) == found


def test_the_highest_uid_is_told_of_the_numbering_of_now(session: Session, ana: User) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    assert copies.highest(session, folder) == -1
    add(session, folder, [(CopyState.STORED, "")] * 3)
    copies.mark_gone(session, folder, [3])
    assert copies.highest(session, folder) == 3

    folders.renumber(session, folder, 2)

    assert copies.highest(session, folder) == -1


def test_uids_of_an_older_numbering_are_not_told(session: Session, ana: User) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    add(session, folder, [(CopyState.STORED, "")] * 3)

    folders.renumber(session, folder, 2)

    assert copies.uids(session, folder) == []


def test_what_is_gone_stays_known(session: Session, workspace: Workspace, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.filed_arrivals(session, box, [make.arrival(make.raw(), uid=1)])
    folder = make.folder(session, box)

    copies.mark_gone(session, folder, [1, 99])

    copy = session.scalars(select(Copy)).one()
    assert copy.state == CopyState.GONE
    assert copy.message_id is not None


def test_a_letter_that_was_gone_and_is_back_is_stored_once(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    arrival = make.arrival(make.raw(), uid=1)
    make.filed_arrivals(session, box, [arrival])
    copies.mark_gone(session, make.folder(session, box), [1])

    make.filed_arrivals(session, box, [arrival])

    [line] = copies.ledger(session, box)
    assert (line.stored, line.gone) == (1, 0)


@pytest.mark.parametrize("of_mailbox", [True, False])
def test_quarantine_is_listed_with_the_newest_first(
    session: Session, workspace: Workspace, ana: User, of_mailbox: bool
) -> None:
    boxes = [make.mailbox(session, ana), make.mailbox(session, ana, "other@halden.test")]
    for days, box in enumerate(boxes):
        broken = Unreadable(b"d" * 32, b"raw", "too deep", 3)
        at = make.NOW + timedelta(days=days)
        make.filed_arrivals(session, box, [Arrival(1, broken, at), make.arrival(make.raw())])

    found = copies.failed(session, workspace.id, boxes[0].id if of_mailbox else None)

    assert [copy.mailbox_id for copy in found] == (
        [boxes[0].id] if of_mailbox else [boxes[1].id, boxes[0].id]
    )
    assert {copy.error for copy in found} == {"too deep"}


def test_what_stands_under_an_older_number_is_told_and_left(session: Session, ana: User) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    add(session, folder, [(CopyState.STORED, "")] * 3)
    assert copies.numbers(session, folder) == {1}

    folders.renumber(session, folder, 2)
    add(session, folder, [(CopyState.STORED, "")] * 2)
    assert (copies.numbers(session, folder), copies.count(session, folder)) == ({1, 2}, 5)
    copies.mark_older_gone(session, folder)

    assert (copies.numbers(session, folder), copies.count(session, folder)) == ({2}, 2)
    assert copies.uids(session, folder) == [1, 2]


def test_all_of_a_folder_is_gone_whatever_its_number(session: Session, ana: User) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    add(session, folder, [(CopyState.STORED, ""), (CopyState.SKIPPED, "spam")])
    folders.renumber(session, folder, 2)
    add(session, folder, [(CopyState.FAILED, "")])

    copies.mark_all_gone(session, folder)

    assert copies.count(session, folder) == 0


def test_a_folder_in_trouble_does_not_balance(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box)
    copies.note_compared(session, folder, server=0, pending=0, stray=0, at=make.NOW)
    assert copies.ledger(session, box)[0].balanced

    folders.note_trouble(session, box, folder.name, "the server refuses")

    assert not copies.ledger(session, box)[0].balanced


def test_what_was_never_given_is_asked_for_so_many_times_and_again_when_somebody_says_so(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    arrivals = [
        Arrival(uid, Unreadable(identity.digest(raw), raw, "No", 10), make.NOW)
        for uid, raw in enumerate((b"", b"bytes that nobody can read"), 1)
    ]
    make.filed_arrivals(session, box, arrivals)
    assert [(name, copy.uid) for name, copy in copies.ungiven(session, box, 2)] == [("INBOX", 1)]
    make.filed_arrivals(session, box, arrivals)
    assert copies.ungiven(session, box, 2) == []

    copies.ask_again(session, box.workspace_id)

    assert [copy.uid for _, copy in copies.ungiven(session, box, 2)] == [1]


def test_what_was_long_not_given_takes_its_turn_by_chance_where_a_comparison_is_due(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    nothing = Unreadable(identity.digest(b""), b"", "No", 10)
    arrivals = [Arrival(uid, nothing, make.NOW) for uid in range(1, 1001)]
    make.filed_arrivals(session, box, arrivals)
    folder = folders.get_named(session, box, "INBOX")
    copies.note_compared(session, folder, server=1000, pending=0, stray=0, at=make.NOW)

    def listed(at: datetime, attempts: int, most: int = 5_000) -> int:
        bulk.run(session, "update copy set attempts = %s", (attempts,))
        session.expire_all()
        return len(copies.ungiven_long(session, box, 3, compared_before=at, most=most))

    later = make.NOW + timedelta(hours=1)
    assert listed(make.NOW, 3) == 0
    assert (listed(later, 2), listed(later, 3), listed(later, 3, most=7)) == (0, 1000, 7)
    assert 350 < listed(later, 4) < 650
    assert 1 <= listed(later, 30_000) < 100
