"""Rows of the ledger: what became of each letter, and the bytes of what could not be read."""

from __future__ import annotations

import zlib

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import copy_rows
from crm.mail.letter import Arrival, Flag, Unreadable
from crm.mail.models import Copy, CopyState, Mailbox, RawLetter
from crm.workspace.models import User, Workspace
from sync import reading
from tests import make

BROKEN = Unreadable(b"d" * 32, b"From: x\r\n\r\n" + b"\x00\xff" * 500, "too deep", 1011)


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def only(session: Session) -> Copy:
    session.expire_all()
    return session.scalars(select(Copy)).one()


def test_a_stored_copy_keeps_digest_headprint_flags_and_place(
    session: Session, box: Mailbox
) -> None:
    raw = make.raw()
    flags = frozenset({Flag.SEEN, Flag.ANSWERED})

    make.filed_arrivals(session, box, [Arrival(7, reading.read(raw), make.NOW, flags)])

    copy, letter = only(session), reading.read(raw)
    assert (copy.uid, copy.uidvalidity, copy.mailbox_id) == (7, 1, box.id)
    assert (copy.digest, copy.headprint, copy.size) == (letter.digest, letter.headprint, len(raw))
    assert (copy.state, copy.flags, copy.differs) == (CopyState.STORED, "answered seen", False)


def test_a_skipped_copy_says_by_which_rule_and_keeps_no_content(
    session: Session, box: Mailbox
) -> None:
    arrival = Arrival(7, None, make.NOW, skipped="before_start", headprint=b"h" * 32)

    filed = make.filed_arrivals(session, box, [arrival])

    copy = only(session)
    assert (filed.stored, filed.skipped, filed.failed) == (0, 1, 0)
    assert (copy.state, copy.rule) == (CopyState.SKIPPED, "before_start")
    assert (copy.headprint, copy.digest, copy.message_id) == (b"h" * 32, None, None)


def test_a_letter_that_cannot_be_read_keeps_its_bytes_and_its_error(
    session: Session, box: Mailbox
) -> None:
    twice = [Arrival(uid, BROKEN, make.NOW) for uid in (1, 2)]

    filed = make.filed_arrivals(session, box, twice)

    assert (filed.stored, filed.failed) == (0, 2)
    errors = session.execute(select(Copy.state, Copy.error, Copy.attempts)).all()
    assert [tuple(row) for row in errors] == [(CopyState.FAILED, "too deep", 1)] * 2
    raw = session.scalars(select(RawLetter)).one()
    assert (raw.size, zlib.decompress(raw.body)) == (len(BROKEN.raw), BROKEN.raw)


def test_bytes_that_the_server_would_not_give_are_not_kept(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    nothing = Unreadable(b"e" * 32, b"", "server gives no text", 10)

    make.filed_arrivals(session, box, [Arrival(1, nothing, make.NOW)])
    copy_rows.insert_raw(session, workspace.id, [None, nothing])

    assert session.scalars(select(RawLetter)).all() == []
    assert only(session).size == 10


def test_each_further_attempt_is_counted_until_the_letter_can_be_read(
    session: Session, box: Mailbox
) -> None:
    for _ in range(3):
        make.filed_arrivals(session, box, [Arrival(1, BROKEN, make.NOW)])
    assert (only(session).state, only(session).attempts) == (CopyState.FAILED, 3)

    make.filed_arrivals(session, box, [make.arrival(make.raw(), uid=1)])

    copy = only(session)
    assert (copy.state, copy.error, copy.attempts) == (CopyState.STORED, "", 3)
    assert copy.message_id is not None


def test_what_is_settled_is_left_alone(session: Session, box: Mailbox) -> None:
    make.filed_arrivals(session, box, [make.arrival(make.raw(subject="Read"), uid=1)])
    make.filed_arrivals(session, box, [Arrival(2, None, make.NOW, skipped="spam")])
    before = {c.uid: (c.state, c.rule) for c in session.scalars(select(Copy))}
    folder = make.folder(session, box)

    make.filed_arrivals(session, box, [Arrival(uid, BROKEN, make.NOW) for uid in (1, 2)])
    copy_rows.insert_copies(
        session, folder, [copy_rows.unread_copy(folder, Arrival(1, BROKEN, make.NOW))]
    )

    session.expire_all()
    assert {c.uid: (c.state, c.rule) for c in session.scalars(select(Copy))} == before
