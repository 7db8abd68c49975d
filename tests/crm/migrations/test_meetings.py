"""Meetings of which older code kept how they stood alone stand by their newest messages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from crm.base import db, ids
from crm.base.settings import Settings
from crm.filing import meeting_rows
from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named
from crm.mail.models import Direction, Message, Shares
from crm.migrations import upgrading
from crm.work import meetings
from crm.work.models import MeetingMessage
from crm.workspace.models import User
from tests import make

START = make.NOW + timedelta(days=4)
JANA, ANA = "jana@severka.test", "ana@halden.test"


def test_what_was_known_stands_by_the_message_that_told_it(house: Settings) -> None:
    with db.transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, ANA)
        box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
        make.folder(session, box, "Sent", role="sent")
        hours = [make.NOW + timedelta(hours=n) for n in range(3)]
        forgotten, asked, answered = (
            make.filed_arrivals(session, box, [one], folder).new[0]
            for one, folder in (
                (letter(JANA, ANA, hours[0]), "INBOX"),
                (letter(JANA, ANA, hours[1]), "INBOX"),
                (letter(ANA, JANA, hours[2]), "Sent"),
            )
        )
        thread = session.get_one(Message, (workspace.id, asked)).thread_id
        here = workspace.id, ana.id
    upgrading.downgrade(house.database_owner_url, "0023")
    as_older_code_wrote_it(house, here[0], forgotten, asked, answered, thread)

    upgrading.upgrade(house.database_owner_url)

    with db.transaction(here[0]) as session:
        viewer = visibility.viewer(session, session.get_one(User, here))
        found = meetings.of_messages(session, viewer, [forgotten, asked, answered])
        assert set(found) == {asked, answered}
        (meeting,) = found[asked]
        assert (meeting.summary, meeting.place, meeting.starts_at) == ("Offer", "Room 2", START)
        assert meeting.attendees == (Attendee(Named("Ana", ANA), Answer.ACCEPTED),)
        assert not meeting.off
        meeting_rows.stand(session, here[0], [asked])
        lines = meetings.of_lines(session, viewer, [asked])
        assert [(one.at, one.summary) for one in lines.values()] == [(START, "Offer")]


@pytest.mark.parametrize(
    ("author", "believed"),
    [
        ("jana@severka.test", True),
        ("stranger@gmail.com", True),
        ("ana@halden.test", False),
        ("nobody@halden.test", False),
        ("nobody@mail.halden.test", False),
        ("ana@consultants.test", False),
        ("other@consultants.test", True),
        ("owner@gmail.com", False),
    ],
)
def test_nobody_takes_a_colleagues_name(house: Settings, author: str, believed: bool) -> None:
    with db.transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, ANA)
        box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
        box.place = {**box.place, "aliases": ["ana@consultants.test"]}
        make.mailbox(session, ana, "owner@gmail.com")
        # Of the three letters the second is theirs, and came in.
        hours = [make.NOW + timedelta(hours=n) for n in range(3)]
        forgotten, asked, answered = (
            make.filed_arrivals(session, box, [letter(one, ANA, at)]).new[0]
            for one, at in zip((JANA, author, JANA), hours, strict=True)
        )
        message = session.get_one(Message, (workspace.id, asked))
        message.direction = Direction.IN
        here = workspace.id
        thread = message.thread_id
    upgrading.downgrade(house.database_owner_url, "0023")
    as_older_code_wrote_it(house, here, forgotten, asked, answered, thread)

    upgrading.upgrade(house.database_owner_url)

    with db.transaction(here) as session:
        row = select(MeetingMessage.author).where(MeetingMessage.message_id == asked)
        assert session.scalars(row).all() == [author if believed else ""]


def letter(author, to, at):
    return make.arrival(make.raw(author, to, at=at), at=at, meaning=Meaning())


def as_older_code_wrote_it(
    house: Settings, ws: UUID, forgotten: UUID, asked: UUID, answered: UUID, thread: UUID
) -> None:
    """Write a meeting that was asked for twice, and whose guest has accepted."""
    meeting = ids.new()
    accepted = make.NOW + timedelta(hours=2)
    with psycopg.connect(house.database_owner_url) as owner:
        owner.execute(
            "insert into activity (workspace_id, id, kind, at, summary, message_id, thread_id)"
            " values (%s, %s, 7, %s, 'Offer', %s, %s)",
            (ws, meeting, START, asked, thread),
        )
        owner.execute(
            "insert into meeting values (%s, %s, %s, 'Offer', 'Room 2', %s, null, false, false, '',"
            " %s, 1, null, null, %s, %s)",
            (ws, meeting, ids.new(), START, JANA, asked, make.NOW + timedelta(hours=1)),
        )
        owner.execute(
            "insert into meeting_attendee values (%s, %s, 0, 'Ana', %s, %s, %s)",
            (ws, meeting, ANA, Answer.ACCEPTED, accepted),
        )
        for message, method in (
            (forgotten, Method.REQUEST),
            (asked, Method.REQUEST),
            (answered, Method.REPLY),
        ):
            owner.execute(
                "insert into meeting_message (workspace_id, message_id, meeting_id, method)"
                " values (%s, %s, %s, %s)",
                (ws, message, meeting, method),
            )
