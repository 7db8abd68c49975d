"""Meetings beside their messages and on timelines, as far as their viewer may know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.filing import by_hand
from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named, Suspicion
from crm.mail.models import Message, Shares
from crm.people.models import Contact
from crm.work import meetings, timeline
from crm.work.models import Activity, ActivityKind
from tests import make

START = make.NOW + timedelta(days=4)


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


@pytest.fixture
def bo(session, workspace):
    """Look with the eyes of somebody who has no mailbox."""
    return visibility.viewer(session, make.user(session, workspace, "bo@halden.test"))


@pytest.fixture
def opened(session, workspace):
    sam = make.user(session, workspace, "sam@halden.test")
    return make.mailbox(session, sam, shares=Shares.EVERYTHING)


@pytest.fixture
def closed(session, ana):
    return make.mailbox(session, ana, shares=Shares.NOTHING)


LATER = make.NOW + timedelta(days=6)


def beside(session, viewer, message_id):
    (meeting,) = meetings.of_messages(session, viewer, [message_id])[message_id]
    return meeting


def on_timeline(session, viewer):
    jana = session.scalars(select(Contact)).one()
    page = timeline.page(session, viewer, jana.id)
    was, coming = timeline.around(session, viewer, jana.id, at=make.NOW)
    assert {*was.entries, *coming} == {*page.entries}
    return [(e.at, e.meeting) for e in page.entries if e.kind is ActivityKind.MEETING]


def test_a_change_that_is_known_from_a_private_mailbox_alone_is_its_owners_alone(
    session, opened, closed, own, bo
):
    older = filed(session, opened, make.meeting(), to="sam@halden.test")
    moved = make.meeting(sequence=1, place="The secret room", starts_at=LATER)
    filed(session, closed, moved, hours=1)

    before, after = beside(session, bo, older), beside(session, own, older)

    assert (before.place, before.starts_at, before.moved_from) == ("Room 2", START, None)
    assert (after.place, after.starts_at, after.moved_from) == ("The secret room", LATER, START)
    assert on_timeline(session, bo) == [(START, before)]
    assert on_timeline(session, own) == [(LATER, after)]


def test_a_meeting_that_is_called_off_in_a_private_mailbox_is_on_for_others(
    session, opened, closed, own, bo
):
    older = filed(session, opened, make.meeting(), to="sam@halden.test")
    filed(session, closed, make.meeting(method=Method.CANCEL, sequence=1), hours=1)

    assert not beside(session, bo, older).off
    assert beside(session, own, older).off
    assert [one.off for _at, one in on_timeline(session, bo)] == [False]
    assert [one.off for _at, one in on_timeline(session, own)] == [True]


def test_what_came_before_in_a_private_mailbox_is_not_where_it_was_moved_from_for_others(
    session, opened, closed, own, bo
):
    filed(session, closed, make.meeting())
    newer = filed(session, opened, make.meeting(sequence=1, starts_at=LATER), hours=1)

    assert beside(session, bo, newer).moved_from is None
    assert beside(session, own, newer).moved_from == START
    assert [at for at, _one in on_timeline(session, own)] == [LATER]


def test_an_answer_that_is_known_from_a_private_mailbox_alone_is_its_owners_alone(
    session, opened, closed, own, bo
):
    older = filed(session, opened, make.meeting(), to="sam@halden.test")
    make.folder(session, closed, "Sent", role="sent")
    no = [Attendee(Named("", "ana@halden.test"), Answer.DECLINED)]
    reply = make.meeting(method=Method.REPLY, attendees=no)
    filed(session, closed, reply, "Ana <ana@halden.test>", "jana@severka.test", 1, "Sent")

    assert [one.answer for one in beside(session, bo, older).attendees] == [Answer.NONE]
    assert [one.answer for one in beside(session, own, older).attendees] == [Answer.DECLINED]


def test_a_private_thread_takes_the_change_with_it_and_gives_it_back(session, opened, ana, bo):
    box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    own = visibility.viewer(session, ana)
    older = filed(session, opened, make.meeting(), to="sam@halden.test")
    newer = filed(session, box, make.meeting(sequence=1, starts_at=LATER), hours=1)
    thread_id = session.get_one(Message, (ana.workspace_id, newer)).thread_id
    assert beside(session, bo, older).starts_at == LATER

    by_hand.choose_shares(session, own, thread_id, Shares.NOTHING, at=make.NOW)

    assert beside(session, bo, older).starts_at == START
    assert [at for at, _one in on_timeline(session, bo)] == [START]
    by_hand.choose_shares(session, own, thread_id, None, at=make.NOW)
    assert [at for at, _one in on_timeline(session, bo)] == [LATER]
    assert [at for at, _one in on_timeline(session, own)] == [LATER]


def test_whoever_may_read_the_head_of_the_newest_letter_alone_is_told_what_and_when(
    session, opened, box, bo
):
    older = filed(session, opened, make.meeting(), to="sam@halden.test")

    filed(session, box, make.meeting(sequence=1, place="Away", starts_at=LATER), hours=1)

    seen = beside(session, bo, older)
    assert (seen.summary, seen.starts_at, seen.moved_from) == ("Offer review", LATER, START)
    assert (seen.place, seen.attendees, seen.organizer) == ("", (), Named())


def test_who_is_uninvited_in_a_letter_whose_head_alone_is_shown_stays_for_others(
    session, opened, box, own, bo
):
    guests = [Attendee(Named("", f"{one}@halden.test")) for one in ("ana", "sam")]
    older = filed(session, opened, make.meeting(attendees=guests), to="sam@halden.test")

    gone = make.meeting(method=Method.CANCEL, sequence=1, attendees=guests[:1])
    filed(session, box, gone, hours=1)

    assert len(beside(session, bo, older).attendees) == 2
    assert len(beside(session, own, older).attendees) == 1


def test_an_answer_whose_head_alone_is_shown_is_none_for_others(session, opened, box, own, bo):
    older = filed(session, opened, make.meeting(), to="sam@halden.test")
    make.folder(session, box, "Sent", role="sent")
    no = [Attendee(Named("", "ana@halden.test"), Answer.DECLINED)]
    reply = make.meeting(method=Method.REPLY, attendees=no)
    filed(session, box, reply, "Ana <ana@halden.test>", "jana@severka.test", 1, "Sent")

    assert [one.answer for one in beside(session, bo, older).attendees] == [Answer.NONE]
    assert [one.answer for one in beside(session, own, older).attendees] == [Answer.DECLINED]
    assert [one.attendees for _at, one in on_timeline(session, bo)] == [
        (Attendee(Named("Ana", "ana@halden.test"), Answer.NONE),)
    ]


def test_of_many_letters_the_organizers_are_heard_first(session, box, own):
    asked = filed(session, box, make.meeting())
    crowd = [f"guest-{n}@severka.test" for n in range(600)]
    answers = [
        make.arrival(
            make.raw(one, at=make.NOW + timedelta(hours=1)),
            meaning=Meaning(
                meetings=(
                    make.meeting(
                        method=Method.REPLY,
                        attendees=[Attendee(Named("", one), Answer.ACCEPTED)],
                    ),
                )
            ),
        )
        for one in crowd
    ]
    make.filed_arrivals(session, box, answers)

    assert beside(session, own, asked).place == "Room 2"


def test_letters_in_doubt_are_nobodys_where_a_meeting_names_no_organizer(session, box, own):
    told = Meaning(
        meetings=(make.meeting(organizer="", place="Elsewhere"),),
        suspicions=(Suspicion.DISOWNED,),
    )
    raws = [make.raw(at=make.NOW + timedelta(hours=1)) for _n in range(meetings.MOST)]
    asked = filed(session, box, make.meeting(organizer=""))

    make.filed_arrivals(session, box, [make.arrival(raw, meaning=told) for raw in raws])

    assert beside(session, own, asked).place == "Room 2"
    line = select(Activity.message_id).where(Activity.kind == ActivityKind.MEETING)
    assert session.scalars(line).all() == [asked]


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
        (Shares.HAPPENED, None, None),
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
    line = select(Activity).where(Activity.kind == ActivityKind.MEETING)
    one = session.scalars(line).one()

    assert meetings.of_lines(session, own, []) == {}
    assert meetings.of_lines(session, own, [one.message_id])[one.id].summary == "Offer review"


def test_a_meeting_to_come_stands_above_all_and_is_nothing_that_happened(session, box, own):
    filed(session, box, make.meeting())
    jana = session.scalars(select(Contact)).one()

    entries = timeline.page(session, own, jana.id).entries

    assert [e.kind for e in entries] == [ActivityKind.MEETING, ActivityKind.MESSAGE]
    assert timeline.last_of(session, own, [jana.id], at=make.NOW) == {jana.id: make.NOW}
