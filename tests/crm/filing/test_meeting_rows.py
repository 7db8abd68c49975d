"""Meetings become rows and lines, which stand where their newest letters do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from crm.filing import adding, by_hand, meeting_rows, sharing
from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named, Suspicion, Voucher
from crm.mail.models import Message, Shares
from crm.people.models import Contact
from crm.work import convening, meetings, timeline
from crm.work.models import Activity, ActivityKind, ActivityLink, MeetingMessage, Record
from crm.workspace.models import User
from tests import make

START = make.NOW + timedelta(days=4)


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.EVERYTHING)


def letter(
    meeting, author="Jana <jana@severka.test>", to="ana@halden.test", hours=0, suspicions=()
):
    at = make.NOW + timedelta(hours=hours)
    raw = make.raw(author, to, subject="Invitation: Offer review", at=at)
    meaning = Meaning(meetings=(meeting,), suspicions=suspicions)
    return make.arrival(raw, at=at, meaning=meaning)


def filed(session, box, *letters, folder="INBOX"):
    make.folder(session, box, "Sent", role="sent")
    return make.filed_arrivals(session, box, letters, folder).new


def lines(session, activity_id):
    link = select(ActivityLink).where(ActivityLink.activity_id == activity_id)
    return {(row.record_id, row.audience, row.rule) for row in session.scalars(link)}


def arranged(session):
    """Return the meetings as Ana, whose mailbox it is, may know them."""
    session.expire_all()
    ana = session.scalars(select(User).where(User.email == "ana@halden.test")).one()
    about = session.scalars(select(MeetingMessage.message_id)).all()
    found = meetings.of_messages(session, visibility.viewer(session, ana), about)
    return list(
        {one.id: replace(one, unheard=None) for some in found.values() for one in some}.values()
    )


def the_meeting(session):
    (meeting,) = arranged(session)
    return meeting


def test_an_invitation_is_a_line_where_its_message_stands_at_the_time_it_takes_place(session, box):
    (message_id,) = filed(session, box, letter(make.meeting()))

    meeting = the_meeting(session)
    activity = session.get_one(Activity, (box.workspace_id, meeting.id))
    assert (activity.kind, activity.at, activity.summary) == (
        ActivityKind.MEETING,
        START,
        "Offer review",
    )
    assert lines(session, meeting.id) == lines(session, message_id) != set()


def test_one_meeting_is_one_however_many_letters_are_about_it(session, ana, box):
    answer = make.meeting(
        method=Method.REPLY, attendees=[Attendee(Named("", "ana@halden.test"), Answer.ACCEPTED)]
    )
    moved = make.meeting(sequence=1, starts_at=START + timedelta(days=1))
    asked, answered, anew = (
        letter(make.meeting()),
        letter(answer, "Ana <ana@halden.test>", "jana@severka.test", 1),
        letter(moved, hours=2),
    )

    filed(session, box, asked)
    filed(session, box, answered, folder="Sent")
    filed(session, box, anew)

    meeting = the_meeting(session)
    assert meeting.moved_from == START
    assert len(session.scalars(select(MeetingMessage)).all()) == 3
    assert len(meeting.attendees) == 1
    viewer = visibility.viewer(session, ana)
    entry = timeline.page(session, viewer, jana(session).id).entries[0]
    assert (entry.kind, entry.at) == (ActivityKind.MEETING, START + timedelta(days=1))
    assert {link[0] for link in lines(session, meeting.id)} == {
        jana(session).id,
        jana(session).company_id,
    }


def test_an_older_letter_that_comes_late_leaves_every_row_as_it_is(session, box):
    filed(session, box, letter(make.meeting(sequence=1, place="Room 3"), hours=2))
    before = lines(session, the_meeting(session).id)

    filed(session, box, letter(make.meeting()))

    assert the_meeting(session).place == "Room 3"
    assert lines(session, the_meeting(session).id) == before


def test_another_recurrence_is_another_meeting(session, box):
    filed(session, box, letter(make.meeting()))

    filed(session, box, letter(make.meeting(recurrence="20261124T100000Z")))

    assert len(arranged(session)) == 2


def test_nobody_takes_anothers_meeting_by_being_quicker(session, box):
    eve = make.meeting(organizer="eve@evil.test", summary="Eve's")
    filed(session, box, letter(eve, "Eve <eve@evil.test>", hours=-1))

    filed(session, box, letter(make.meeting(sequence=3)))
    off = make.meeting(method=Method.CANCEL, organizer="eve@evil.test", sequence=9)
    filed(session, box, letter(off, "Eve <eve@evil.test>", hours=1))

    assert {one.summary: one.off for one in arranged(session)} == {
        "Eve's": True,
        "Offer review": False,
    }


@pytest.mark.parametrize("method", [Method.CANCEL, Method.REPLY])
def test_what_names_no_organizer_is_about_the_meeting_of_whom_it_can_mean(session, box, method):
    filed(session, box, letter(make.meeting(organizer="Jana@Severka.TEST")))
    accepted = [Attendee(Named("", "ana@halden.test"), Answer.ACCEPTED)]
    said = replace(make.meeting(method=method, sequence=1, attendees=accepted), organizer=None)
    sent = letter(said, "Ana <ana@halden.test>", "bo@halden.test, jana@severka.test", 1)

    if method is Method.CANCEL:
        filed(session, box, letter(said, hours=1))
    else:
        filed(session, box, sent, folder="Sent")

    meeting = the_meeting(session)
    assert meeting.off is (method is Method.CANCEL)
    assert (meeting.attendees[0].answer is Answer.ACCEPTED) is (method is Method.REPLY)


@pytest.mark.parametrize("suspicion", list(Suspicion))
def test_a_letter_under_suspicion_changes_no_meeting_and_answers_none(session, box, suspicion):
    filed(session, box, letter(make.meeting()))
    changed = make.meeting(sequence=1, place="Elsewhere")
    answer = [Attendee(Named("", "jana@severka.test"), Answer.DECLINED)]

    for one in (
        changed,
        make.meeting(method=Method.CANCEL, sequence=1),
        make.meeting(method=Method.REPLY, attendees=answer),
    ):
        filed(session, box, letter(one, hours=1, suspicions=(suspicion,)))

    assert (the_meeting(session).place, the_meeting(session).off) == ("Room 2", False)


def test_what_was_first_told_under_suspicion_is_the_organizers_to_tell(session, box):
    posing = make.meeting(sequence=9, place="Elsewhere")
    filed(session, box, letter(posing, hours=1, suspicions=(Suspicion.DISOWNED,)))

    filed(session, box, letter(make.meeting()))

    assert the_meeting(session).place == "Room 2"


def test_of_a_colleague_only_what_left_their_mailbox_is_believed(session, workspace, ana, box):
    sam = make.mailbox(session, make.user(session, workspace, "sam@halden.test"))
    own = {"author": "Ana <ana@halden.test>", "to": "jana@severka.test, sam@halden.test"}
    of_ana = make.meeting(organizer="ana@halden.test")
    off = replace(of_ana, method=Method.CANCEL, sequence=2)
    filed(session, box, letter(of_ana, **own), folder="Sent")
    moved = letter(replace(of_ana, sequence=1, place="Room 3"), hours=1, **own)

    filed(session, box, letter(off, "Ana <ana@halden.test>", hours=2))
    filed(session, sam, letter(off, hours=2, **own), folder="Sent")
    filed(session, sam, moved)
    before = the_meeting(session).place, the_meeting(session).off
    filed(session, box, moved, folder="Sent")

    session.expire_all()
    assert before == ("Room 2", False)
    assert the_meeting(session).place == "Room 3"


@pytest.mark.parametrize("believed", [True, False])
def test_a_colleagues_change_is_heard_where_the_server_of_another_mailbox_vouches_for_it(
    session, workspace, box, believed
):
    of_ana = make.meeting(organizer="ana@halden.test")
    own = {"author": "Ana <ana@halden.test>", "to": "jana@severka.test, sam@halden.test"}
    filed(session, box, letter(of_ana, **own), folder="Sent")
    user = make.user(session, workspace, "sam@halden.test")
    sam = make.mailbox(session, user, kind="gmail", shares=Shares.EVERYTHING)
    moved = letter(replace(of_ana, sequence=1, place="Room 3"), hours=1, **own)
    word = Voucher("mx.google.com" if believed else "mx.evil.test", last=False)
    meaning = replace(moved.letter.meaning, voucher=word)

    filed(session, sam, replace(moved, letter=replace(moved.letter, meaning=meaning)))

    assert the_meeting(session).place == ("Room 3" if believed else "Room 2")


def test_a_copy_that_nobody_vouches_for_takes_back_no_word(session, workspace, box):
    of_ana = make.meeting(organizer="ana@halden.test")
    own = {"author": "Ana <ana@halden.test>", "to": "jana@severka.test, sam@halden.test"}
    user = make.user(session, workspace, "sam@halden.test")
    sam = make.mailbox(session, user, shares=Shares.EVERYTHING)
    asked = letter(of_ana, **own)
    filed(session, box, asked, folder="Sent")

    filed(session, sam, asked)

    assert session.scalars(select(MeetingMessage.author)).all() == ["ana@halden.test"]


OF_ANA = make.meeting(organizer="ana@halden.test")
OTHER = make.meeting("other@halden.test", organizer="ana@halden.test", summary="Other")


def replayed(one, *meetings):
    """Return another copy that is the same but for what its file says of meetings."""
    said = replace(one.letter, meaning=Meaning(meetings=meetings))
    return replace(one, uid=make.arrival(make.raw()).uid, letter=said)


@pytest.mark.parametrize("order", list(permutations(("sent", "replayed", "again"))))
def test_a_replayed_copy_has_no_colleagues_word_about_any_meeting(session, workspace, box, order):
    user = make.user(session, workspace, "sam@halden.test")
    sam = make.mailbox(session, user, shares=Shares.EVERYTHING)
    own = {"author": "Ana <ana@halden.test>", "to": "jana@severka.test, sam@halden.test"}
    filed(session, box, letter(OTHER, **own), folder="Sent")
    sent = letter(OF_ANA, hours=1, **own)
    off = [replace(one, method=Method.CANCEL, sequence=3, place="") for one in (OF_ANA, OTHER)]

    for step in order:
        if step == "sent":
            filed(session, box, sent, folder="Sent")
        else:
            filed(session, sam, replayed(sent, *off))

    assert {(one.summary, one.place, one.off) for one in arranged(session)} == {
        ("Offer review", "Room 2", False),
        ("Other", "Room 2", False),
    }


def test_of_two_copies_in_a_batch_the_one_that_was_sent_is_heard(session, ana):
    box = make.mailbox(session, ana, kind="gmail")
    own = {"author": "Ana <ana@halden.test>", "to": "ana@halden.test"}
    sent = replace(letter(OF_ANA, **own), labels=("SENT",))
    off = replayed(sent, replace(OF_ANA, method=Method.CANCEL, sequence=3))

    filed(session, box, replace(off, labels=("INBOX",)), sent)

    assert not the_meeting(session).off
    assert session.scalars(select(MeetingMessage.author)).all() == ["ana@halden.test"]


def test_gmail_says_by_its_label_what_was_sent(session, ana):
    box = make.mailbox(session, ana, kind="gmail")
    of_ana = make.meeting(organizer="ana@halden.test")
    sent = {"author": "Ana <ana@halden.test>", "to": "jana@severka.test"}
    filed(session, box, replace(letter(of_ana, **sent), labels=("SENT",)))
    moved = letter(replace(of_ana, sequence=1, place="Room 3"), hours=1, **sent)

    filed(session, box, replace(moved, labels=("INBOX",)), folder="Sent")
    assert the_meeting(session).place == "Room 2"
    again = replace(of_ana, sequence=1, place="Room 4")
    filed(session, box, replace(letter(again, hours=2, **sent), labels=("SENT",)))

    session.expire_all()
    assert the_meeting(session).place == "Room 4"


def test_a_mailing_to_many_publishes_no_meeting_of_ours(session, box):
    raw = make.raw(List_Unsubscribe="<https://news.test/off>", Precedence="bulk")
    meant = Meaning(meetings=(make.meeting(method=Method.PUBLISH),))

    make.filed_arrivals(session, box, [make.arrival(raw, meaning=meant)])

    assert session.scalars(select(MeetingMessage)).all() == []


def test_a_meeting_goes_and_comes_with_its_message_when_the_thread_is_private(session, ana, box):
    (message_id,) = filed(session, box, letter(make.meeting()))
    meeting, viewer = the_meeting(session), visibility.viewer(session, ana)
    thread_id = session.get_one(Message, (ana.workspace_id, message_id)).thread_id
    open_lines = lines(session, meeting.id)

    by_hand.choose_shares(session, viewer, thread_id, Shares.NOTHING, at=make.NOW)

    assert lines(session, meeting.id) == lines(session, message_id) != open_lines
    assert {audience for _r, audience, _rule in lines(session, meeting.id)} == {box.id}
    by_hand.choose_shares(session, viewer, thread_id, None, at=make.NOW)
    assert lines(session, meeting.id) == open_lines


def test_a_meeting_goes_with_the_whole_mailbox(session, ana, box):
    filed(session, box, letter(make.meeting()))

    sharing.share(session, box, Shares.NOTHING, by=ana, at=make.NOW)

    meeting = the_meeting(session)
    assert {audience for _r, audience, _rule in lines(session, meeting.id)} == {box.id}


def test_a_meeting_goes_off_a_record_with_its_message_and_comes_back(session, ana, box):
    (message_id,) = filed(session, box, letter(make.meeting()))
    meeting, who = the_meeting(session), jana(session)
    before = lines(session, meeting.id)
    seen = timeline.page(session, visibility.viewer(session, ana), who.id).entries

    by_hand.take_off(session, message_id, Record.CONTACT, who.id, by=ana, at=make.NOW)

    assert timeline.page(session, visibility.viewer(session, ana), who.id).entries == ()
    by_hand.put_back(session, message_id, Record.CONTACT, who.id, by=ana, at=make.NOW)
    assert lines(session, meeting.id) == before
    assert timeline.page(session, visibility.viewer(session, ana), who.id).entries == seen


def test_a_contact_that_is_met_later_has_the_meeting_too(session, ana):
    box = make.mailbox(session, ana, meets="nobody")
    filed(session, box, letter(make.meeting()))
    assert lines(session, the_meeting(session).id) == set()

    made = adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)

    assert made.id in {link[0] for link in lines(session, the_meeting(session).id)}


def test_a_second_copy_opens_the_meeting_to_whom_its_mailbox_does(session, workspace, ana):
    closed = make.mailbox(session, ana, shares=Shares.NOTHING)
    sam = make.user(session, workspace, "sam@halden.test")
    shared = make.mailbox(session, sam, shares=Shares.EVERYTHING)
    both = letter(make.meeting(), to="ana@halden.test, sam@halden.test")
    (message_id,) = filed(session, closed, both)
    assert {audience for _r, audience, _rule in lines(session, message_id)} == {closed.id}

    filed(session, shared, both)

    meeting = the_meeting(session)
    assert lines(session, meeting.id) == lines(session, message_id)
    assert closed.id not in {audience for _r, audience, _rule in lines(session, meeting.id)}


def test_whoever_has_the_same_letters_has_the_same_meeting_which_is_found_once(
    session, workspace, monkeypatch
):
    known = []
    monkeypatch.setattr(
        convening, "stand", lambda letters, stand=convening.stand: known.append(1) or stand(letters)
    )
    both = letter(make.meeting())
    guests = [make.user(session, workspace, f"guest-{n}@halden.test") for n in range(5)]
    boxes = [make.mailbox(session, one, shares=Shares.NOTHING) for one in guests]
    for box in boxes:
        filed(session, box, both)
    known.clear()

    meeting_rows.stand(
        session, workspace.id, session.scalars(select(MeetingMessage.message_id)).all()
    )

    line = session.scalars(select(Activity).where(Activity.kind == ActivityKind.MEETING)).one()
    audiences = {audience for _record, audience, _rule in lines(session, line.id)}
    assert (len(known), audiences) == (2, {box.id for box in boxes})


def test_messages_without_meetings_are_left_alone(session, ana, box):
    (message_id,) = make.filed(session, box, make.raw()).new
    before = lines(session, message_id)

    meeting_rows.stand(session, ana.workspace_id, [message_id])

    assert lines(session, message_id) == before


def jana(session):
    return session.scalars(select(Contact)).one()
