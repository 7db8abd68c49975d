"""Messages: found by id or Message-ID, read whole or not at all, with where their copies are."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import NotFoundError
from crm.mail import copies, inbox, messages, visibility
from crm.mail.letter import Kind, Role
from crm.mail.messages import Seen
from crm.mail.models import Direction, Mailbox, Message, Shares
from crm.mail.visibility import Viewer
from crm.workspace.models import User, Workspace
from tests import make

WITH_A_FILE = b"""From: Jana <jana@severka.test>\r
To: ana@halden.test\r
Subject: The offer\r
Date: Fri, 20 Nov 2026 12:00:00 +0000\r
Message-ID: <file@severka.test>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
See the offer.\r
--b\r
Content-Type: application/pdf; name="offer.pdf"\r
Content-Disposition: attachment; filename="offer.pdf"\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0xLjQK\r
--b--\r
"""


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


@pytest.fixture
def viewer(session: Session, box: Mailbox, ana: User) -> Viewer:
    return visibility.viewer(session, ana)


@pytest.fixture
def sam(session: Session, workspace: Workspace, box: Mailbox) -> Viewer:
    user = make.user(session, workspace, "sam@halden.test")
    return visibility.viewer(session, user)


def only(session: Session) -> UUID:
    return session.scalars(select(Message.id)).one()


def test_a_message_is_found_by_id_and_by_its_message_id(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    make.filed(session, box, make.raw(message_id="1@severka.test"))
    id_ = only(session)

    for name in (str(id_), f" <{id_}> ", "1@severka.test", "<1@severka.test>"):
        [seen] = messages.named(session, viewer, name)
        assert seen.message.id == id_
    seen = messages.get(session, viewer, id_)
    assert (seen.kind, seen.direction, seen.at) == (Kind.PERSON, Direction.IN, make.NOW)


def test_a_message_id_that_looks_like_an_id_of_ours_is_found_all_the_same(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    make.filed(session, box, make.raw(message_id="5f2b8a52-3f0e-4f3e-8f5e-0d6c1a2b3c4d"))

    [seen] = messages.named(session, viewer, "<5f2b8a52-3f0e-4f3e-8f5e-0d6c1a2b3c4d>")

    assert seen.message.id == only(session)


def test_several_bear_one_message_id_and_the_newest_comes_first(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    for days in range(3):
        at = make.NOW - timedelta(days=days)
        letter = make.raw(subject=f"{days}", text=f"Text {days}", message_id="same@x.test", at=at)
        make.filed(session, box, letter)

    found = messages.named(session, viewer, "same@x.test")

    assert [seen.subject for seen in found] == ["0", "1", "2"]


def test_what_is_not_there_is_not_found(session: Session, viewer: Viewer) -> None:
    for name in ("nobody@x.test", str(ids.new()), "", "<>", "%"):
        with pytest.raises(NotFoundError):
            messages.named(session, viewer, name)


def test_a_thread_is_told_from_its_beginning(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    letters = [
        make.raw(
            subject=f"{n}",
            message_id=f"{n}@x.test",
            at=make.NOW + timedelta(hours=n),
            In_Reply_To=f"<{n - 1}@x.test>",
        )
        for n in (3, 1, 2)
    ]
    make.filed(session, box, *letters)

    thread_id = session.scalars(select(Message.thread_id)).first()
    assert thread_id is not None
    seen = messages.of_thread(session, viewer, thread_id)
    assert [one.subject for one in seen] == ["1", "2", "3"]
    assert messages.of_thread(session, viewer, ids.new()) == []


@pytest.mark.parametrize("level", Shares)
def test_texts_and_attachments_are_for_those_who_may_read_everything(
    session: Session, box: Mailbox, viewer: Viewer, sam: Viewer, level: Shares
) -> None:
    box.shares = level
    make.filed(session, box, WITH_A_FILE)

    mine = messages.get(session, viewer, only(session))
    body = messages.body(session, mine)
    assert body is not None
    assert body.text.strip() == "See the offer."
    assert [a.filename for a in messages.attachments(session, mine)] == ["offer.pdf"]
    if level:
        theirs = messages.get(session, sam, only(session))
        assert (messages.body(session, theirs) is None) is (level < Shares.EVERYTHING)
        assert bool(messages.attachments(session, theirs)) is (level == Shares.EVERYTHING)


@pytest.mark.parametrize("folder", ["Sent", "INBOX"])
def test_whom_a_blind_copy_went_to_is_the_sender_s_alone(
    session: Session, workspace: Workspace, box: Mailbox, viewer: Viewer, folder: str
) -> None:
    box.shares = Shares.EVERYTHING
    ben = make.user(session, workspace, "ben@halden.test")
    theirs = make.mailbox(session, ben, "ben@halden.test")
    people = {"to": "ben@halden.test", "Cc": "Eva <eva@x.test>", "message_id": "<1@halden.test>"}
    sent = make.raw("ana@halden.test", Bcc="Secret <secret@x.test>", **people)
    make.filed(session, box, sent, folder_name=folder)
    make.filed(session, theirs, make.raw("ana@halden.test", **people))
    other = visibility.viewer(session, ben)

    def told(who: Viewer) -> tuple[list[str], list[str]]:
        one = messages.participants_of(session, who, messages.get(session, who, only(session)))
        many = messages.participants(session, who, [only(session)])
        return [p.email for p in one], [p.email for p in many]

    everyone = ["ana@halden.test", "ben@halden.test", "eva@x.test"]
    assert told(viewer) == ([*everyone, "secret@x.test"],) * 2
    assert told(other) == (everyone,) * 2
    assert inbox.search(session, other, "eva@x.test").rows
    assert not inbox.search(session, other, "secret").rows


def test_who_stands_in_a_message_is_told_in_the_order_of_its_header(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    make.filed(
        session,
        box,
        make.raw(
            "Jana <jana@severka.test>", to="Ana <ana@halden.test>, bo@x.test", Cc="Eva <eva@x.test>"
        ),
    )

    people = messages.participants(session, viewer, [only(session)])
    seen = messages.get(session, viewer, only(session))

    assert [(p.role, p.email) for p in people] == [
        (Role.FROM, "jana@severka.test"),
        (Role.TO, "ana@halden.test"),
        (Role.TO, "bo@x.test"),
        (Role.CC, "eva@x.test"),
    ]
    assert messages.participants_of(session, viewer, seen) == people


def test_who_stands_in_a_hidden_message_is_not_told(
    session: Session, box: Mailbox, sam: Viewer
) -> None:
    box.shares = Shares.NOTHING
    make.filed(session, box, make.raw())

    assert messages.participants(session, sam, [only(session)]) == []
    message = session.scalars(select(Message)).one()
    assert messages.participants_of(session, viewer, Seen(message, Shares.NOTHING)) == []


def test_where_copies_are_is_told_with_the_folder_of_ones_own_alone(
    session: Session, box: Mailbox, viewer: Viewer, sam: Viewer
) -> None:
    theirs = make.mailbox(session, sam.user)
    letter = make.raw()
    make.filed_arrivals(session, box, [make.arrival(letter, uid=1)])
    make.filed(session, theirs, letter, folder_name="Private/Divorce")

    copies.mark_gone(session, make.folder(session, box), [1])

    places = messages.copies(session, viewer, only(session))
    assert [(p.mailbox, p.folder, p.gone) for p in places] == [
        ("ana@halden.test", "INBOX", True),
        ("sam@halden.test", "", False),
    ]


def test_where_copies_are_is_not_told_of_a_message_that_is_hidden(
    session: Session, box: Mailbox, sam: Viewer
) -> None:
    box.shares = Shares.NOTHING
    make.filed(session, box, make.raw())

    assert messages.copies(session, sam, only(session)) == []


def test_a_message_is_fetched_again_from_a_mailbox_of_ones_own_first(
    session: Session, workspace: Workspace, ana: User, box: Mailbox
) -> None:
    bo = make.user(session, workspace, "bo@halden.test")
    boxes = {ana: box, bo: make.mailbox(session, bo)}
    letter = make.raw()
    for each in boxes.values():
        make.filed(session, each, letter)

    for user, own in boxes.items():
        found = messages.stored_copy(session, visibility.viewer(session, user), only(session))
        assert found is not None
        assert (found[0].mailbox_id, found[1].mailbox_id) == (own.id, own.id)


def test_what_is_gone_everywhere_cannot_be_fetched_again(
    session: Session, box: Mailbox, viewer: Viewer
) -> None:
    make.filed_arrivals(session, box, [make.arrival(make.raw(), uid=1)])

    copies.mark_gone(session, make.folder(session, box), [1])

    assert messages.stored_copy(session, viewer, only(session)) is None


@pytest.mark.parametrize("level", Shares)
def test_nobody_fetches_again_what_they_may_not_read(
    session: Session, box: Mailbox, sam: Viewer, level: Shares
) -> None:
    box.shares = level
    make.filed(session, box, make.raw())

    found = messages.stored_copy(session, sam, only(session))

    assert (found is not None) is (level == Shares.EVERYTHING)


def test_of_a_very_long_thread_the_newest_are_listed(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.filed(session, box, make.raw(subject="0", message_id="0@x.test"))
    for batch in range(0, messages.MOST + 20, 260):
        letters = [
            make.raw(subject=f"{n}", In_Reply_To="<0@x.test>", at=make.NOW + timedelta(seconds=n))
            for n in range(batch + 1, batch + 261)
        ]
        make.filed(session, box, *letters)
    thread_id = session.scalars(select(Message.thread_id).distinct()).one()

    seen = messages.of_thread(session, visibility.viewer(session, ana), thread_id)

    assert len(seen) == messages.MOST
    assert seen[-1].subject == "520"
    assert [one.at for one in seen] == sorted(one.at for one in seen)
