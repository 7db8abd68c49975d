"""A meeting in words: in the zone of whoever looks, with what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from addon import convening
from crm.base import ids
from crm.mail.meaning import Answer, Attendee, Named, Rhythm
from crm.work.convening import Unheard
from crm.work.meetings import Meeting
from tests import make

PRAGUE = ZoneInfo("Europe/Prague")
START = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
MEETING = Meeting(
    ids.new(),
    START,
    "Offer review",
    "Room 2",
    START,
    START + timedelta(hours=1),
    whole_day=False,
    repeats=False,
    organizer=Named("Jana", "jana@severka.test"),
    moved_from=None,
    off=False,
    attendees=(Attendee(Named("Ana", "ana@halden.test"), Answer.ACCEPTED),),
)


def plain(text):
    """Leave out what isolates words, and how English tells the morning."""
    return text.replace("\u2068", "").replace("\u2069", "").replace("\u202fAM", "")


def invited(*answers):
    guests = [Attendee(Named("", f"{i}@halden.test"), a) for i, a in enumerate(answers)]
    host = Attendee(Named("Jana", "jana@severka.test"), Answer.ACCEPTED)
    return replace(MEETING, attendees=(host, *guests))


def test_a_line_says_what_when_where_and_what_was_answered():
    said = plain(convening.sentence(MEETING, make.NOW, PRAGUE))

    assert said == "Meeting: Offer review, 24 Dec, 10:00 to 11:00, Room 2 · accepted"


@pytest.mark.parametrize(
    ("rhythm", "every", "said"),
    [
        (Rhythm.NONE, 1, "repeats"),
        (Rhythm.DAY, 1, "every day"),
        (Rhythm.WEEK, 1, "every week"),
        (Rhythm.WEEK, 2, "every 2 weeks"),
        (Rhythm.MONTH, 3, "every 3 months"),
        (Rhythm.YEAR, 1, "every year"),
    ],
)
def test_a_meeting_that_repeats_says_how_often(rhythm, every, said):
    row = replace(MEETING, repeats=True, rhythm=rhythm, every=every)

    assert plain(convening.when(row, make.NOW, PRAGUE)) == f"24 Dec, 10:00 to 11:00, {said}"
    line = plain(convening.line(row, make.NOW, PRAGUE))
    assert line == f"Meeting: Offer review, 24 Dec, 10:00 to 11:00, {said}, Room 2"
    assert convening.rhythm(replace(row, repeats=False)) == ""


def test_nothing_fills_a_card():
    endless = replace(MEETING, summary="S" * 5000, place="P " * 5000)

    assert len(convening.title(endless)) == 160
    assert len(convening.place(endless)) <= 160
    assert convening.title(endless).endswith("S…")


def test_what_is_not_believed_says_why():
    doubted = convening.unheard(replace(MEETING, unheard=Unheard.IN_DOUBT))
    other = replace(MEETING, unheard=Unheard.ANOTHERS)

    assert convening.unheard(MEETING) == ""
    assert doubted.endswith("changes nothing about the meeting: it is in doubt who wrote it.")
    assert plain(convening.unheard(other)).endswith("Only jana@severka.test may move or cancel it.")
    nameless = plain(convening.unheard(replace(other, organizer=Named())))
    assert nameless.endswith("Only whoever invites to it may move or cancel it.")


def test_whoever_is_no_more_invited_is_named():
    gone = replace(MEETING, uninvited=(Named("Sam", "sam@halden.test"), Named("", "bo@x.test")))

    assert plain(convening.uninvited(gone)) == "No longer invited: Sam, bo@x.test"
    assert convening.uninvited(MEETING) == ""
    assert convening.uninvited(replace(MEETING, uninvited=(Named(),))) == ""


def test_a_whole_day_is_the_same_day_in_every_zone():
    day = replace(MEETING, starts_at=START.replace(hour=0), ends_at=None, whole_day=True)

    for zone in (ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")):
        assert convening.when(day, make.NOW, zone) == "24 Dec"


def test_the_exact_day_of_a_whole_one_is_the_same_in_every_zone_too():
    day = replace(MEETING, starts_at=START.replace(hour=0), ends_at=None, whole_day=True)

    for zone in (ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")):
        assert convening.exact(day, zone) == "Thursday, December 24, 2026"
    assert "10:00" in convening.exact(MEETING, PRAGUE)
    assert convening.exact(replace(MEETING, starts_at=None), PRAGUE) == ""


def test_what_lasts_for_days_says_from_when_to_when():
    night = replace(MEETING, ends_at=START + timedelta(days=2))
    days = replace(
        MEETING,
        starts_at=START.replace(hour=0),
        ends_at=START.replace(hour=0) + timedelta(days=3),
        whole_day=True,
    )

    assert plain(convening.when(night, make.NOW, PRAGUE)) == "24 Dec, 10:00 to 26 Dec, 10:00"
    for zone in (ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")):
        assert plain(convening.when(days, make.NOW, zone)) == "24 Dec to 26 Dec"
    one = replace(days, ends_at=days.starts_at + timedelta(days=1))
    assert convening.when(one, make.NOW, PRAGUE) == "24 Dec"


@pytest.mark.parametrize("end", [None, START, START - timedelta(days=2)])
def test_what_has_no_end_that_can_be_true_says_when_it_begins(end):
    said = plain(convening.when(replace(MEETING, ends_at=end), make.NOW, PRAGUE))

    assert said == "24 Dec, 10:00"


def test_a_meeting_without_time_title_or_place_is_still_one():
    bare = replace(MEETING, summary=" ", place="", starts_at=None, attendees=())

    assert plain(convening.sentence(bare, make.NOW, PRAGUE)) == "Meeting: No title"
    assert convening.when(bare, make.NOW, PRAGUE) == ""


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((Answer.NONE,), ""),
        ((Answer.TENTATIVE,), "perhaps"),
        ((Answer.NONE, Answer.NONE), ""),
        ((Answer.ACCEPTED, Answer.ACCEPTED, Answer.NONE), "2 accepted"),
        ((Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE), "1 accepted, 1 declined, 1 perhaps"),
    ],
)
def test_the_host_is_not_counted_among_those_who_answered(answers, said):
    assert convening.standing(invited(*answers)) == said


def test_what_was_called_off_says_nothing_else():
    off = replace(MEETING, off=True, moved_from=START - timedelta(days=1))

    assert convening.standing(off) == "called off"
    assert convening.moved(off, make.NOW, PRAGUE) == ""


def test_what_was_moved_says_when_it_was_to_be():
    moved = replace(MEETING, moved_from=START - timedelta(days=1))

    assert plain(convening.moved(moved, make.NOW, PRAGUE)) == "Moved from 23 Dec, 10:00"
    assert convening.moved(MEETING, make.NOW, PRAGUE) == ""


def test_people_stand_with_their_answers_the_host_first():
    assert convening.people(MEETING) == [("Jana", "invites"), ("Ana", "accepted")]
    assert convening.people(invited(Answer.NONE)) == [
        ("Jana", "invites"),
        ("0@halden.test", "no answer yet"),
    ]


def test_what_turns_a_text_around_is_left_out():
    turned = replace(MEETING, summary="a\u202eb", place="x\n\ny\u202e")

    assert convening.title(turned) == "ab"
    assert convening.place(turned) == "x y"
