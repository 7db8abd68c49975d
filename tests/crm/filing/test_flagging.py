"""Flags follow the mailbox, and the unread of its inbox with them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import flagging
from crm.mail import folders
from crm.mail.letter import Arrival, Flag, Unreadable
from crm.mail.models import Copy, InboxThread, Mailbox
from crm.workspace.models import User, Workspace
from sync import reading
from tests import make

SEEN = frozenset({Flag.SEEN})


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def unread(session: Session, box: Mailbox) -> list[int]:
    session.expire_all()
    query = select(InboxThread.unseen).where(InboxThread.mailbox_id == box.id)
    return list(session.scalars(query.order_by(InboxThread.unseen)))


def flags(session: Session, box: Mailbox) -> dict[int, str]:
    session.expire_all()
    found = session.execute(select(Copy.uid, Copy.flags).where(Copy.mailbox_id == box.id))
    return dict(found.all())


def note(session: Session, box: Mailbox, found: dict[int, frozenset[Flag]]) -> None:
    [folder] = folders.of_mailbox(session, box).values()
    flagging.note(session, box, folder, found, at=make.NOW)


def test_what_is_read_there_is_read_here_and_unread_again(session: Session, box: Mailbox) -> None:
    arrivals = [
        Arrival(
            n,
            reading.read(make.raw(message_id=f"<{n}@severka.test>", subject=f"No. {n}")),
            make.NOW,
        )
        for n in (1, 2)
    ]
    make.filed_arrivals(session, box, arrivals)
    before = unread(session, box)

    note(session, box, {1: SEEN | {Flag.ANSWERED}, 77: SEEN})
    read = unread(session, box), flags(session, box)
    note(session, box, {1: frozenset(), 2: frozenset()})

    assert before == [1, 1]
    assert read == ([0, 1], {1: "answered seen", 2: ""})
    assert unread(session, box) == [1, 1]


def test_one_mailbox_s_reading_is_not_another_s(
    session: Session, workspace: Workspace, ana: User, box: Mailbox
) -> None:
    ben = make.user(session, workspace, "ben@halden.test")
    other = make.mailbox(session, ben, address="ben@halden.test")
    for one in (box, other):
        make.filed_arrivals(session, one, [Arrival(1, reading.read(make.raw()), make.NOW)])

    note(session, box, {1: SEEN})

    assert (unread(session, box), unread(session, other)) == ([0], [1])
    assert (flags(session, box), flags(session, other)) == ({1: "seen"}, {1: ""})


def test_a_letter_in_quarantine_keeps_its_flags_too(session: Session, box: Mailbox) -> None:
    broken = Unreadable(b"d" * 32, b"From: x\r\n\r\n", "too deep", 11)
    make.filed_arrivals(session, box, [Arrival(1, broken, make.NOW)])

    note(session, box, {1: SEEN})

    assert (flags(session, box), unread(session, box)) == ({1: "seen"}, [])
