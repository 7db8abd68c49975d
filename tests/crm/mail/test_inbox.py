"""The inbox: paged without gap or repeat, searched as far as seen, shared as chosen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.base import bulk, ids
from crm.base.db import Session, table
from crm.base.errors import ForbiddenError, NotFoundError
from crm.mail import inbox, visibility
from crm.mail.inbox import Page
from crm.mail.models import InboxThread, Mailbox, Message, Shares, Thread, Turn
from crm.mail.visibility import Viewer
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def viewer(session: Session, user: User) -> Viewer:
    return visibility.viewer(session, user)


def pages(session: Session, viewer: Viewer, size: int, turn: Turn | None = None) -> list[Page]:
    found = [inbox.page(session, viewer, turn, size=size)]
    while (mark := found[-1].older) is not None and len(found) < 100:
        found.append(inbox.page(session, viewer, turn, before=mark, size=size))
    return found


def threads(found: list[Page]) -> list[UUID]:
    return [row.thread_id for page in found for row in page.rows]


ROWS = st.lists(
    st.tuples(
        # Which mailboxes have the thread: four of the viewer's, and the last a colleague's.
        st.sets(st.integers(0, 4), min_size=1),
        st.lists(st.integers(0, 2), min_size=5, max_size=5),  # minutes, one for each of them
        st.lists(st.sampled_from(Turn), min_size=5, max_size=5),
    ),
    max_size=12,
)


def fill(session: Session, rows: list[tuple[set[int], list[int], list[Turn]]]) -> User:
    """Write an inbox of four mailboxes as it might have become, without the way there."""
    workspace = make.workspace(session)
    user, sam = (make.user(session, workspace, f"{name}@halden.test") for name in ("ana", "sam"))
    boxes = [make.mailbox(session, user, f"{n}@halden.test") for n in range(4)]
    boxes.append(make.mailbox(session, sam))
    [message] = make.filed(session, boxes[0], make.raw()).new
    bulk.run(session, "delete from inbox_thread", ())
    made = ids.many(len(rows))
    moment = [[make.NOW + timedelta(minutes=m) for m in minutes] for _, minutes, _ in rows]
    bulk.insert(
        session,
        table(Thread),
        user.workspace_id,
        ("id", "subject", "last_at", "messages"),
        [(id_, "", max(at), 1) for id_, at in zip(made, moment, strict=True)],
    )
    columns = "mailbox_id thread_id last_at last_message_id messages unseen turn".split()
    bulk.insert(
        session,
        table(InboxThread),
        user.workspace_id,
        columns,
        [
            (boxes[n].id, id_, at[n], message, 1, 0, turns[n])
            for id_, at, (which, _, turns) in zip(made, moment, rows, strict=True)
            for n in which
        ],
    )
    return user


def newest_first(session: Session, user: User, turn: Turn | None) -> list[UUID]:
    """Return the threads whose newest row is of a turn: what is newer elsewhere counts alone."""
    rows = session.scalars(
        select(InboxThread).where(InboxThread.mailbox_id.in_(viewer(session, user).mailboxes))
    )
    newest: dict[UUID, InboxThread] = {}
    for row in sorted(rows, key=lambda row: (row.last_at, row.mailbox_id)):
        newest[row.thread_id] = row
    found = [row for row in newest.values() if turn is None or row.turn == turn]
    found.sort(key=lambda row: (row.last_at, row.thread_id), reverse=True)
    return [row.thread_id for row in found]


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS, st.integers(1, 5), st.sampled_from([None, *Turn]))
def test_pages_join_to_the_whole_inbox_whatever_mailboxes_have_a_thread(
    session: Session,
    rows: list[tuple[set[int], list[int], list[Turn]]],
    size: int,
    turn: Turn | None,
) -> None:
    user = fill(session, rows)

    found = pages(session, viewer(session, user), size, turn)

    assert threads(found) == newest_first(session, user, turn)
    assert all(len(page.rows) == size for page in found[:-1])
    counted = {t: len(newest_first(session, user, t)) for t in (Turn.OURS, Turn.THEIRS)}
    assert inbox.counts(session, viewer(session, user)) == counted


def test_a_thread_says_how_many_messages_it_has_and_whose_turn_it_is(
    session: Session, box: Mailbox, ana: User
) -> None:
    question = make.arrival(make.raw(message_id="q@x.test", subject="Q"), seen=False)
    answer = make.arrival(
        make.raw(
            "ana@halden.test",
            "jana@severka.test",
            "Re: Q",
            at=make.NOW + timedelta(hours=1),
            In_Reply_To="<q@x.test>",
        )
    )

    make.filed_arrivals(session, box, [question])
    [row] = inbox.page(session, viewer(session, ana)).rows
    assert (row.messages, row.unseen, row.turn, row.shares) == (1, 1, Turn.OURS, None)
    make.filed_arrivals(session, box, [answer], "Sent")

    [row] = inbox.page(session, viewer(session, ana)).rows
    assert (row.messages, row.unseen, row.turn) == (2, 1, Turn.THEIRS)
    assert (row.message.subject, row.last_at) == ("Re: Q", make.NOW + timedelta(hours=1))


def test_a_thread_in_two_mailboxes_of_ones_own_says_how_many_messages_both_have(
    session: Session, box: Mailbox, ana: User
) -> None:
    other = make.mailbox(session, ana, "ana.lenova@halden.test")
    later, last = (make.NOW + timedelta(hours=n) for n in (1, 2))
    first = make.raw(message_id="1@x.test")
    answer = make.raw(other.address, at=later, message_id="2@x.test", In_Reply_To="<1@x.test>")
    both = make.raw(
        to=f"{box.address}, {other.address}",
        at=last,
        message_id="3@x.test",
        In_Reply_To="<2@x.test>",
    )
    make.filed_arrivals(session, box, [make.arrival(first, seen=False)])
    make.filed(session, other, answer, folder_name="Sent")
    for one, seen in ((box, True), (other, False)):
        make.filed_arrivals(session, one, [make.arrival(both, seen=seen)])

    [row] = inbox.page(session, viewer(session, ana)).rows

    assert (row.messages, row.unseen) == (3, 1)  # Read in one of them, it is read.


def test_threads_are_counted_by_whose_turn_it_is(session: Session, box: Mailbox, ana: User) -> None:
    make.filed(session, box, *[make.raw() for _ in range(3)])
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test"), folder_name="Sent")
    make.filed(session, box, make.raw("news@shop.test", List_Unsubscribe="<https://x.test>"))

    counts = inbox.counts(session, viewer(session, ana))
    few = inbox.counts(session, viewer(session, ana), most=1)

    assert counts == {Turn.OURS: 3, Turn.THEIRS: 1}
    assert few == {Turn.OURS: 2, Turn.THEIRS: 1}
    [ours] = pages(session, viewer(session, ana), 50, Turn.OURS)
    assert len(ours.rows) == 3


def test_a_thread_answered_from_another_mailbox_waits_for_nobody_here(
    session: Session, box: Mailbox, ana: User
) -> None:
    other = make.mailbox(session, ana, "ana.lenova@halden.test")
    make.filed(session, box, make.raw(message_id="q@x.test"))
    answer = make.raw(
        other.address,
        "jana@severka.test",
        at=make.NOW + timedelta(hours=1),
        In_Reply_To="<q@x.test>",
    )
    make.filed(session, other, answer, folder_name="Sent")

    assert inbox.page(session, viewer(session, ana), Turn.OURS) == Page((), None)
    assert len(inbox.page(session, viewer(session, ana), Turn.THEIRS).rows) == 1
    assert inbox.counts(session, viewer(session, ana)) == {Turn.OURS: 0, Turn.THEIRS: 1}


def test_an_inbox_is_ones_own(session: Session, workspace: Workspace, box: Mailbox) -> None:
    sam = make.user(session, workspace, "sam@halden.test", role="admin")
    box.shares = Shares.EVERYTHING
    make.filed(session, box, make.raw())

    assert inbox.page(session, viewer(session, sam)) == Page((), None)
    assert inbox.counts(session, viewer(session, sam)) == {Turn.OURS: 0, Turn.THEIRS: 0}


SEARCHED = make.raw(
    "Jana Dvořáková <jana@severka.test>",
    subject="Łódź: nabídka",
    text="Příliš žluťoučký kůň. Иван Петров, Ёлка. قیمت فولاد. T-34/85, foo@bar.test\n> quoted",
)


@pytest.mark.parametrize(
    "words",
    [
        "žluťoučký",
        "zlutoucky",
        "ZLUTOUCKY",
        "dvorakova",
        "Lodz",
        "łódź NABIDKA",
        "иван",
        "ёлка",
        "елка",
        "فولاد",
        '"zlutoucky kun"',
        "kůň -slon",
        "slon or kun",
        "jana@severka.test",
        "T-34/85",
    ],
)
def test_words_are_found_whatever_their_case_and_diacritics(
    session: Session, box: Mailbox, ana: User, words: str
) -> None:
    make.filed(session, box, SEARCHED)

    assert len(inbox.search(session, viewer(session, ana), words).rows) == 1


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "\x00",
        "slon",
        "zlutoucky -kun",
        '"kun zlutoucky"',
        "%",
        "'",
        "'); drop table",
        "&|!:*<->",
        '"',
        "-",
        "a" * 500,
        "jana " * 200 + "slon",
    ],
)
def test_what_is_in_no_message_finds_nothing_and_breaks_nothing(
    session: Session, box: Mailbox, ana: User, words: str
) -> None:
    make.filed(session, box, make.raw("bo@severka.test"))

    assert inbox.search(session, viewer(session, ana), words) == Page((), None)


def test_a_thread_is_found_once_with_its_best_message(
    session: Session, box: Mailbox, ana: User
) -> None:
    first = make.raw(message_id="1@x.test", text="steel steel steel", subject="One")
    other = make.raw(In_Reply_To="<1@x.test>", text="No more of steel, please, ever", subject="Two")
    apart = make.raw(text="steel", subject="Three")
    make.filed(session, box, first, other, apart)

    rows = inbox.search(session, viewer(session, ana), "steel").rows

    assert len(rows) == 2
    assert {row.message.subject for row in rows} == {"One", "Three"}
    assert len(inbox.search(session, viewer(session, ana), "steel", size=1).rows) == 1


def test_the_mail_that_others_hide_does_not_hide_ones_own(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    make.filed(session, box, make.raw(text="steel", subject="Mine"))
    hidden = make.mailbox(session, sam, shares=Shares.NOTHING)
    later = make.NOW + timedelta(hours=1)
    newer = [make.raw("bo@x.test", "sam@halden.test", text="steel", at=later) for _ in range(501)]
    make.filed(session, hidden, *newer)

    rows = inbox.search(session, viewer(session, ana), "steel").rows

    assert [row.message.subject for row in rows] == ["Mine"]


def own_choice(session: Session, viewer: Viewer, thread_id: UUID) -> Shares | None:
    found = inbox.own_choices(session, viewer, thread_id)
    return found[0] if found else None


def test_only_who_has_a_thread_decides_who_sees_it(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test", role="admin")
    make.filed(session, box, make.raw())
    thread_id = session.scalars(select(Message.thread_id)).one()

    with pytest.raises(ForbiddenError):
        inbox.choose_shares(session, viewer(session, sam), thread_id, Shares.EVERYTHING)
    make.mailbox(session, sam)
    with pytest.raises(NotFoundError):
        inbox.choose_shares(session, viewer(session, sam), thread_id, Shares.EVERYTHING)
    with pytest.raises(NotFoundError):
        inbox.choose_shares(session, viewer(session, ana), ids.new(), Shares.EVERYTHING)

    assert own_choice(session, viewer(session, ana), thread_id) is None
    assert own_choice(session, viewer(session, sam), thread_id) is None


def test_a_choice_names_the_messages_whose_audience_changes(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(
        session,
        box,
        make.raw(message_id="1@x.test"),
        make.raw(In_Reply_To="<1@x.test>"),
        make.raw(),
    )
    thread_id = session.scalars(select(Thread.id).where(Thread.messages == 2)).one()
    wanted = set(session.scalars(select(Message.id).where(Message.thread_id == thread_id)))

    found = inbox.choose_shares(session, viewer(session, ana), thread_id, Shares.NOTHING)

    assert set(found) == wanted
    assert own_choice(session, viewer(session, ana), thread_id) == Shares.NOTHING
    inbox.choose_shares(session, viewer(session, ana), thread_id, None)
    assert own_choice(session, viewer(session, ana), thread_id) is None
