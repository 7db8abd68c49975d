"""Rows of threads and of the inbox: counts that hold, through copies, merges and moves."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm.base.db import Session
from crm.filing import linking, thread_rows
from crm.mail import copies, inbox, visibility
from crm.mail.models import (
    Copy,
    InboxThread,
    Mailbox,
    Mention,
    Message,
    Shares,
    Thread,
    Turn,
)
from crm.work import tasks
from crm.work.models import Activity, Task
from crm.workspace.models import User, Workspace
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def letter(number: int, parent: int | None = None, **values: str) -> bytes:
    headers = {} if parent is None else {"In_Reply_To": f"<{parent}@x.test>"}
    return make.raw(
        subject=f"{number}",
        message_id=f"{number}@x.test",
        at=make.NOW + number * HOUR,
        text=f"Text {number}",
        **headers,
        **values,
    )


def check_sums(session: Session, workspace_id: UUID) -> None:
    """Compare what threads and inboxes say of themselves with the messages that there are."""
    session.flush()
    session.expire_all()
    here = Message.workspace_id == workspace_id
    real = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(Message.thread_id, func.count(), func.max(Message.at))
            .where(here)
            .group_by(Message.thread_id)
        )
    }
    for thread in session.scalars(select(Thread).where(Thread.workspace_id == workspace_id)):
        if thread.merged_into is None:
            assert (thread.messages, thread.last_at) == real[thread.id]
        else:
            assert (thread.messages, thread.id in real) == (0, False)
    had = session.execute(
        select(
            Copy.mailbox_id,
            Message.thread_id,
            func.count(Message.id.distinct()),
            func.max(Message.at),
        )
        .join(
            Message, (Message.workspace_id == Copy.workspace_id) & (Message.id == Copy.message_id)
        )
        .where(here)
        .group_by(Copy.mailbox_id, Message.thread_id)
    )
    rows = session.scalars(select(InboxThread).where(InboxThread.workspace_id == workspace_id))
    said = {(r.mailbox_id, r.thread_id): (r.messages, r.last_at) for r in rows}
    assert said == {(box, thread): (count, at) for box, thread, count, at in had}
    mentioned = session.scalars(
        select(Mention.thread_id).where(Mention.workspace_id == workspace_id).distinct()
    )
    assert set(mentioned) == set(real)
    lines = select(Activity.thread_id).where(Activity.workspace_id == workspace_id).distinct()
    assert set(session.scalars(lines)) == set(real)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.none() | st.integers(0, 6), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
    st.integers(1, 4),
)
def test_any_order_of_arrival_leaves_the_same_threads_with_the_right_counts(
    session: Session, parents: list[int | None], random: Random, batch: int
) -> None:
    workspace = make.workspace(session)
    ana = make.user(session, workspace)
    boxes = [make.mailbox(session, ana), make.mailbox(session, ana, "other@halden.test")]
    tree = [p if p is not None and p < n else None for n, p in enumerate(parents)]
    letters = [letter(n, parent) for n, parent in enumerate(tree)]
    for box in boxes:
        random.shuffle(letters)
        for start in range(0, len(letters), batch):
            make.filed(session, box, *letters[start : start + batch])

    check_sums(session, workspace.id)

    rows = session.execute(
        select(Message.subject, Message.thread_id).where(Message.workspace_id == workspace.id)
    )
    threads = dict(rows.all())
    for number, parent in enumerate(tree):
        if parent is not None:
            assert threads[str(number)] == threads[str(parent)]
    assert len(set(threads.values())) == tree.count(None)


def test_a_merge_keeps_counts_tasks_and_the_way_to_where_it_went(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, letter(1))
    make.filed(session, box, letter(3, 2))
    younger = session.scalars(select(Message.thread_id).where(Message.subject == "3")).one()
    about = tasks.About(thread_id=younger)
    tasks.make(session, "Answer", by=ana, at=make.NOW, about=about)

    make.filed(session, box, letter(2, 1))

    check_sums(session, workspace.id)
    dead = session.get_one(Thread, (workspace.id, younger))
    alive = session.scalars(select(Message.thread_id).distinct()).one()
    assert dead.merged_into == alive
    assert session.scalars(select(Task.thread_id)).one() == alive


def test_the_same_message_in_two_folders_of_a_mailbox_counts_once_in_its_inbox(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    make.filed(session, box, letter(1))

    make.filed(session, box, letter(1), folder_name="All Mail")

    check_sums(session, workspace.id)


def test_the_same_message_twice_in_one_batch_counts_once(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    make.filed(session, box, letter(1), letter(1))

    check_sums(session, workspace.id)


def test_a_message_that_moved_to_another_folder_counts_once(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    unseen = make.arrival(letter(1), uid=1, seen=False)
    make.filed_arrivals(session, box, [unseen])
    copies.mark_gone(session, make.folder(session, box), [1])

    make.filed_arrivals(session, box, [unseen], "Archive")

    check_sums(session, workspace.id)
    assert session.scalars(select(InboxThread.unseen)).all() == [1]


def test_a_message_that_was_gone_and_is_back_counts_once(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    arrival = make.arrival(letter(1), uid=1, seen=False)
    make.filed_arrivals(session, box, [arrival])
    copies.mark_gone(session, make.folder(session, box), [1])

    make.filed_arrivals(session, box, [arrival])

    check_sums(session, workspace.id)


def test_an_older_letter_changes_neither_the_turn_nor_the_last_message(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, letter(5, 1))
    mine = make.raw("ana@halden.test", "jana@severka.test", In_Reply_To="<1@x.test>")
    make.filed(session, box, mine, folder_name="Sent")

    [row] = inbox.page(session, visibility.viewer(session, ana)).rows
    assert (row.turn, row.message.subject, row.messages) == (Turn.OURS, "5", 2)


@pytest.mark.parametrize(
    ("sender", "to", "headers", "turn"),
    [
        ("jana@severka.test", "ana@halden.test", {}, Turn.OURS),
        ("ana@halden.test", "jana@severka.test", {}, Turn.THEIRS),
        ("ana@halden.test", "sam@halden.test", {}, Turn.NOBODY),
        ("jana@severka.test", "ana@halden.test", {"Auto_Submitted": "auto-replied"}, Turn.NOBODY),
        ("ana@halden.test", "jana@severka.test", {"Auto_Submitted": "auto-replied"}, Turn.NOBODY),
    ],
)
def test_who_is_to_answer(
    session: Session, box: Mailbox, sender: str, to: str, headers: dict[str, str], turn: Turn
) -> None:
    make.filed(session, box, make.raw(sender, to, **headers))

    assert session.scalars(select(InboxThread.turn)).all() == [turn]


def choose(session: Session, user: User, subject: str, choice: Shares) -> None:
    thread_id = session.scalars(select(Message.thread_id).where(Message.subject == subject)).one()
    viewer = visibility.viewer(session, user)
    found = inbox.choose_shares(session, viewer, thread_id, choice)
    linking.share(session, user.workspace_id, found)


def levels(session: Session) -> dict[str, int]:
    session.expire_all()
    return dict(session.execute(select(Message.subject, Message.shares)).all())


def test_a_choice_is_known_for_the_threads_that_have_one(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, letter(1), letter(2))
    choose(session, ana, "1", Shares.NOTHING)
    threads = {m.subject: m.thread_id for m in session.scalars(select(Message))}

    found = thread_rows.choices(session, box, threads.values())

    assert found == {threads["1"]: Shares.NOTHING}
    other = make.mailbox(session, ana, "other@halden.test")
    assert thread_rows.choices(session, other, threads.values()) == {}


@pytest.mark.parametrize("private", ["1", "3"])
def test_a_private_thread_that_meets_another_makes_the_whole_private(
    session: Session, workspace: Workspace, box: Mailbox, ana: User, private: str
) -> None:
    make.filed(session, box, letter(1), letter(3, 2))
    choose(session, ana, private, Shares.NOTHING)

    make.filed(session, box, letter(2, 1))

    assert levels(session) == dict.fromkeys("123", Shares.NOTHING)


@pytest.mark.parametrize("opened", ["1", "3"])
def test_an_open_thread_that_meets_another_does_not_open_it(
    session: Session, workspace: Workspace, box: Mailbox, ana: User, opened: str
) -> None:
    make.filed(session, box, letter(1), letter(3, 2))
    choose(session, ana, opened, Shares.EVERYTHING)

    make.filed(session, box, letter(2, 1))
    linking.share(session, workspace.id, list(session.scalars(select(Message.id))))

    closed = "3" if opened == "1" else "1"
    assert levels(session)[closed] == Shares.HAPPENED
