"""Meetings beside their messages and on timelines, as far as their viewer may know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named
from crm.mail.models import Shares
from crm.people.models import Contact
from crm.work import meetings, timeline
from crm.work.models import ActivityKind, MeetingRow
from tests import make


def filed(
    session,
    box,
    meeting,
    author="Jana <jana@severka.test>",
    to="ana@halden.test",
    hours=0,
    folder="INBOX",
):
    at = make.NOW + timedelta(hours=hours)
    letter = make.arrival(make.raw(author, to, at=at), meaning=Meaning(meetings=(meeting,)))
    return make.filed_arrivals(session, box, [letter], folder).new[0]


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.HEADERS)


@pytest.fixture
def own(session, ana):
    return visibility.viewer(session, ana)


def test_a_message_has_its_meeting_as_it_stands_now(session, box, own):
    asked = filed(session, box, make.meeting())
    attendee = Attendee(Named("", "ana@halden.test"), Answer.ACCEPTED)
    reply = make.meeting(method=Method.REPLY, attendees=[attendee])
    make.folder(session, box, "Sent", role="sent")
    said = filed(session, box, reply, "Ana <ana@halden.test>", "jana@severka.test", 1, "Sent")

    found = meetings.of_messages(session, own, [asked, said])

    (meeting,) = found[asked]
    assert found[said] == (meeting,)
    assert meeting.attendees == (Attendee(Named("Ana", "ana@halden.test"), Answer.ACCEPTED),)
    assert (meeting.summary, meeting.place, meeting.off) == ("Offer review", "Room 2", False)


def test_whoever_may_not_read_the_newest_letter_is_told_nothing_beside_an_older_one(
    session, workspace, ana, box
):
    sam = make.user(session, workspace, "sam@halden.test")
    shared = make.mailbox(session, sam, shares=Shares.EVERYTHING)
    older = filed(session, shared, make.meeting(), to="sam@halden.test")
    viewer = visibility.viewer(session, sam)
    assert older in meetings.of_messages(session, viewer, [older])

    filed(session, box, make.meeting(sequence=1, place="The secret room"), hours=1)

    assert meetings.of_messages(session, viewer, [older]) == {}


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_colleagues_private_letter_of_the_same_invitation_hides_it_from_nobody(
    session, workspace, ana, hours
):
    sam = make.user(session, workspace, "sam@halden.test")
    shared = make.mailbox(session, sam, shares=Shares.EVERYTHING)
    closed = make.mailbox(session, ana, shares=Shares.NOTHING)
    viewer = visibility.viewer(session, make.user(session, workspace, "bo@halden.test"))
    letters = [(shared, "sam@halden.test", 0), (closed, "ana@halden.test", hours)]

    ids = [
        filed(session, box, make.meeting(), to=to, hours=at)
        for box, to, at in (letters if hours > 0 else letters[::-1])
    ]

    found = meetings.of_messages(session, viewer, ids)
    assert [one.summary for several in found.values() for one in several][:1] == ["Offer review"]


@pytest.mark.parametrize(
    ("shares", "summary", "place"),
    [
        (Shares.NOTHING, None, None),
        (Shares.HAPPENED, "", None),
        (Shares.HEADERS, "Offer review", ""),
        (Shares.EVERYTHING, "Offer review", "Room 2"),
    ],
)
def test_a_line_tells_as_much_as_the_mailbox_shares(
    session, workspace, ana, shares, summary, place
):
    filed(session, make.mailbox(session, ana, shares=shares), make.meeting())
    sam = visibility.viewer(session, make.user(session, workspace, "sam@halden.test"))
    jana = session.scalars(select(Contact)).one()

    entries = timeline.page(session, sam, jana.id).entries
    line = next((e for e in entries if e.kind is ActivityKind.MEETING), None)

    assert (line and line.summary) == summary
    assert (line and line.meeting and line.meeting.place) == place
    if line is not None and line.meeting is not None:
        assert bool(line.meeting.attendees) == (shares is Shares.EVERYTHING)


def test_of_lines_none_is_asked_where_none_is_a_meeting(session, box, own):
    filed(session, box, make.meeting())
    meeting_id = session.scalars(select(MeetingRow.id)).one()

    assert meetings.of_lines(session, own, []) == {}
    assert meetings.of_lines(session, own, [meeting_id])[meeting_id].summary == "Offer review"


def test_a_meeting_to_come_stands_above_all_and_is_nothing_that_happened(session, box, own):
    filed(session, box, make.meeting())
    jana = session.scalars(select(Contact)).one()

    entries = timeline.page(session, own, jana.id).entries

    assert [e.kind for e in entries] == [ActivityKind.MEETING, ActivityKind.MESSAGE]
    assert timeline.last_of(session, own, [jana.id], at=make.NOW) == {jana.id: make.NOW}
