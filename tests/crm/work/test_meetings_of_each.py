"""Whatever is filed and shared in whichever order, a meeting stands by what its viewer may read."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.filing import by_hand, sharing
from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named
from crm.mail.models import Copy, Message, Shares
from crm.people.models import Company
from crm.work import convening, meetings, timeline
from crm.work.convening import Said
from crm.work.models import ActivityKind
from tests import make

GUESTS = [f"guest-{n}@severka.test" for n in range(3)]
METHODS = [Method.REQUEST, Method.REQUEST, Method.CANCEL, Method.REPLY]


class Story:
    """Letters about one meeting, in mailboxes of two people who share as they like."""

    def __init__(self, session, workspace, ana, seed):
        self.session, self.workspace = session, workspace
        self.dice = random.Random(seed)
        sam, bo = (make.user(session, workspace, f"{name}@halden.test") for name in ("sam", "bo"))
        self.people = {one.id: one for one in (ana, sam, bo)}
        self.boxes = [
            make.mailbox(session, owner, f"{owner.email[0]}-{n}@halden.test", shares=self.shares())
            for owner in (ana, sam)
            for n in range(2)
        ]
        self.letters = {}

    def shares(self):
        """Choose how much is shared."""
        return self.dice.choice(list(Shares))

    def go_on(self):
        """File one letter more, perhaps in two mailboxes; perhaps somebody shares otherwise."""
        number = len(self.letters)
        at = make.NOW + timedelta(hours=self.dice.randint(0, 9), minutes=number)
        author, meeting = self.letter(number)
        first, *others = self.dice.sample(self.boxes, 2 if self.dice.random() < 0.3 else 1)
        raw = make.raw(author, first.address, at=at)
        arrival = make.arrival(raw, at=at, meaning=Meaning(meetings=(meeting,)))
        (message_id,) = make.filed_arrivals(self.session, first, [arrival]).new
        for box in others:
            make.filed_arrivals(self.session, box, [arrival])
        self.letters[message_id] = meeting, Said(author, message_id, at)
        if self.dice.random() < 0.3:
            box = self.dice.choice(self.boxes)
            sharing.share(
                self.session, box, self.shares(), by=self.people[box.user_id], at=make.NOW
            )
        if self.dice.random() < 0.3:
            viewer = visibility.viewer(self.session, self.people[first.user_id])
            thread_id = self.message(message_id).thread_id
            chosen = self.dice.choice([*Shares, None])
            by_hand.choose_shares(self.session, viewer, thread_id, chosen, at=make.NOW)

    def letter(self, number):
        """Write a letter about the meeting; return whose it is, and what it says."""
        method, author = self.dice.choice(METHODS), "jana@severka.test"
        guests = [Attendee(Named("", one)) for one in GUESTS if self.dice.random() < 0.6]
        if method is Method.REPLY:
            author = self.dice.choice(GUESTS)
            guests = [Attendee(Named("", author), self.dice.choice(list(Answer)[1:]))]
        return author, make.meeting(
            method=method,
            sequence=self.dice.randint(0, 2),
            attendees=guests,
            place=f"Room {number}",
            starts_at=make.NOW + timedelta(days=self.dice.randint(1, 3)),
            cancelled=self.dice.random() < 0.5,
        )

    def message(self, message_id):
        """Return a message as it is now."""
        return self.session.get_one(Message, (self.workspace.id, message_id))

    def read_by(self, viewer):
        """Return the letters of which somebody may read the head at least."""
        own = set(
            self.session.scalars(
                select(Copy.message_id).where(Copy.mailbox_id.in_(viewer.mailboxes))
            )
        )
        found = []
        for message_id, (meeting, by) in self.letters.items():
            level = Shares.EVERYTHING if message_id in own else self.message(message_id).shares
            if level >= Shares.HEADERS:
                whole = level >= Shares.EVERYTHING
                found.append((meeting, Said(by.author, message_id, by.at, whole)))
        return found


@pytest.mark.parametrize("seed", range(16))
def test_each_sees_the_meeting_of_the_letters_that_they_may_read(session, workspace, ana, seed):
    story = Story(session, workspace, ana, seed)
    for _letter in range(1 + seed % 7):
        story.go_on()
    session.expire_all()
    company = session.scalars(select(Company)).one()

    for user in story.people.values():
        viewer = visibility.viewer(session, user)
        read = story.read_by(viewer)
        standing = convening.stand(read)
        whole = [said.message_id for _meeting, said in read if said.whole]
        beside = meetings.of_messages(session, viewer, whole)
        entries = timeline.page(session, viewer, company.id, size=100).entries
        lines = [e for e in entries if e.kind is ActivityKind.MEETING]

        if standing is None:
            assert (beside, lines) == ({}, [])
            continue
        (line,) = lines
        assert (line.at, line.message_id) == (standing.at, standing.said.message_id)
        for shown in (line.meeting, *(one for id_ in whole for one in beside[id_])):
            assert told(shown) == expected(standing)


def told(meeting):
    answers = [(one.who.email, one.answer) for one in meeting.attendees]
    return meeting.starts_at, meeting.moved_from, meeting.off, meeting.place, answers


def expected(standing):
    answers = [(seat.who.email, seat.answer) for seat in standing.seats.values()]
    place, answers = (standing.place, answers) if standing.said.whole else ("", [])
    off = standing.cancelled_at is not None
    return standing.starts_at, standing.moved_from, off, place, answers
