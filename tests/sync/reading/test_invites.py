"""Meetings in letters: what is asked, answered and called off."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail.letter import Kind
from crm.mail.meaning import Answer, Attendee, Meeting, Method, Named, Rhythm
from sync.reading import invites, read
from sync.reading.mime import Leaf, ReaderError
from tests.sync.reading.samples import sample


def leaf(content: bytes, type_field: str = "text/calendar", **more: object) -> Leaf:
    given_leaf = Leaf(
        section="2",
        content_type=type_field.partition(";")[0],
        type_field=type_field,
        disposition="",
        filename="",
        content_id="",
        encoding="7bit",
        alternative="",
        enclosed=False,
        content=lambda: content,
        encoded_size=len(content),
    )
    return given_leaf._replace(**more)


def meetings(*lines: str, method: str = "REQUEST") -> tuple[Meeting, ...]:
    event = "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"
    text = "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", *event, "END:VCALENDAR", ""])
    return invites.of_leaves([leaf(text.encode())])


def test_an_invitation_of_outlook_is_read_whole():
    found = read(sample("invitation-in-an-alternative-outlook"))

    assert (found.kind, found.automatic) == (Kind.INVITATION, False)
    assert found.meaning.meetings == (
        Meeting(
            method=Method.REQUEST,
            uid="040000008200E00074C5B7101A82E008000000005F",
            sequence=2,
            recurrence="",
            summary="Sastanak o ponudi",
            place="Soba 3, prizemlje",
            starts_at=datetime(2025, 6, 10, 8, tzinfo=UTC),
            ends_at=datetime(2025, 6, 10, 9, 30, tzinfo=UTC),
            whole_day=False,
            repeats=False,
            organizer=Named("Horvat, Ana", "ana@acme.test"),
            attendees=(
                Attendee(Named("Bo Li", "bo@firma.test")),
                Attendee(Named("cy@firma.test", "cy@firma.test"), Answer.TENTATIVE),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("REQUEST", Method.REQUEST),
        ("reply", Method.REPLY),
        ("CANCEL", Method.CANCEL),
        ("PUBLISH", Method.PUBLISH),
        ("COUNTER", Method.COUNTER),
        ("ADD", Method.REQUEST),
    ],
)
def test_the_method_is_told(word, method):
    [meeting] = meetings(method=word)

    assert meeting.method is method


@pytest.mark.parametrize("word", ["REFRESH", "DECLINECOUNTER", "NONSENSE"])
def test_a_method_that_says_nothing_of_a_meeting_makes_none(word):
    assert meetings(method=word) == ()


def test_the_method_may_stand_in_the_type_alone():
    bare = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR"

    asked = invites.of_leaves([leaf(bare, "text/calendar; method=REQUEST")])
    shown = invites.of_leaves([leaf(bare, "application/octet-stream", filename="a.ICS")])

    assert [m.method for m in asked + shown] == [Method.REQUEST, Method.PUBLISH]


def test_an_exported_meeting_that_is_cancelled_is_called_off():
    [meeting] = meetings("STATUS:CANCELLED", method="PUBLISH")

    assert meeting.method is Method.CANCEL


@pytest.mark.parametrize(("line", "said"), [("STATUS:cancelled", True), ("PRIORITY:5", False)])
def test_its_status_says_whether_it_is_off_for_everybody(line, said):
    [meeting] = meetings(line, method="CANCEL")

    assert meeting.cancelled is said


@pytest.mark.parametrize(
    ("lines", "starts", "ends", "whole_day"),
    [
        (["DTSTART:20250601T100000Z"], datetime(2025, 6, 1, 10, tzinfo=UTC), None, False),
        (
            ["DTSTART:20250601T100000Z", "DURATION:PT1H30M"],
            datetime(2025, 6, 1, 10, tzinfo=UTC),
            datetime(2025, 6, 1, 11, 30, tzinfo=UTC),
            False,
        ),
        (
            ["DTSTART:20250601T100000", "DTEND:20250601T110000"],  # of no zone
            datetime(2025, 6, 1, 10, tzinfo=UTC),
            datetime(2025, 6, 1, 11, tzinfo=UTC),
            False,
        ),
        (
            ["DTSTART;TZID=Europe/Prague:20250601T100000"],
            datetime(2025, 6, 1, 8, tzinfo=UTC),
            None,
            False,
        ),
        (
            ["DTSTART;VALUE=DATE:20250601", "DTEND;VALUE=DATE:20250603"],
            datetime(2025, 6, 1, tzinfo=UTC),
            datetime(2025, 6, 3, tzinfo=UTC),
            True,
        ),
        (
            ["DTSTART;VALUE=DATE:20250601", "DTEND;VALUE=DATE:20250601"],
            datetime(2025, 6, 1, tzinfo=UTC),
            datetime(2025, 6, 2, tzinfo=UTC),
            True,
        ),
        (
            ["DTSTART:20250601"],
            datetime(2025, 6, 1, tzinfo=UTC),
            datetime(2025, 6, 2, tzinfo=UTC),
            True,
        ),
        (["DTSTART:tomorrow", "DTEND:20250231T100000Z"], None, None, False),
        (["DTSTART:00010101T000000"], None, None, False),
        (["DTSTART;TZID=Asia/Tokyo:99991231T235959"], None, None, False),
        (
            ["DTSTART:20250601T100000Z", "DTEND:20250601T090000Z"],
            datetime(2025, 6, 1, 10, tzinfo=UTC),
            None,
            False,
        ),
    ],
)
def test_when_it_is(lines, starts, ends, whole_day):
    [meeting] = meetings(*lines)

    assert (meeting.starts_at, meeting.ends_at, meeting.whole_day) == (starts, ends, whole_day)


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", 7), ("1764000000", 1764000000), ("9" * 5000, 2**31 - 1), ("-1", 0), ("x", 0), ("٣", 0)],
)
def test_revisions_may_be_numbered_by_the_second(said: str, number: int) -> None:
    [one] = meetings(f"SEQUENCE:{said}")

    assert one.sequence == number


def test_a_row_of_meetings_and_one_of_it():
    [row] = meetings("RRULE:FREQ=WEEKLY")
    [one] = meetings("RECURRENCE-ID;TZID=Europe/Prague:20250601T100000", "SEQUENCE:7")

    assert (row.repeats, row.recurrence) == (True, "")
    assert (one.repeats, one.recurrence, one.sequence) == (False, "20250601T100000", 7)


@pytest.mark.parametrize(
    ("line", "who", "answer"),
    [
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.test", Named("", "a@b.test"), Answer.ACCEPTED),
        ("ATTENDEE;CN=A;PARTSTAT=declined:MAILTO:a@b.te", Named("A", "a@b.te"), Answer.DECLINED),
        ("ATTENDEE;PARTSTAT=DELEGATED:a@b.test", Named("", "a@b.test"), Answer.NONE),
        ("ATTENDEE;CN=Room 1:invalid:nomail", Named("Room 1", ""), Answer.NONE),
        ("ATTENDEE;CN=Ann;EMAIL=a@b.test:/88/principal/", Named("Ann", "a@b.test"), Answer.NONE),
    ],
)  # fmt: skip
def test_who_is_invited_and_what_they_said(line, who, answer):
    [meeting] = meetings(line)

    assert meeting.attendees == (Attendee(who, answer),)


@pytest.mark.parametrize(
    ("rule", "rhythm", "every"),
    [
        ("FREQ=DAILY", Rhythm.DAY, 1),
        ("freq=weekly;wkst=su;until=20271231T000000Z;byday=mo,we", Rhythm.WEEK, 1),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", Rhythm.WEEK, 2),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6", Rhythm.MONTH, 1),
        ("FREQ=MONTHLY;BYDAY=2TU", Rhythm.MONTH, 1),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", Rhythm.MONTH, 1),
        ("FREQ=YEARLY", Rhythm.YEAR, 1),
        ("FREQ=YEARLY;BYMONTHDAY=24;BYMONTH=12", Rhythm.YEAR, 1),
    ],
)
def test_how_often_a_meeting_repeats_is_read_of_its_rule(rule, rhythm, every):
    [row] = meetings(f"RRULE:{rule}")

    assert (row.repeats, row.rhythm, row.every) == (True, rhythm, every)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3",
        "FREQ=YEARLY;BYMONTHDAY=1",
        "FREQ=YEARLY;BYMONTH=1,7",
        "FREQ=HOURLY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=100",
        "FREQ=WEEKLY;BYHOUR=9,15",
        "nonsense;;=",
    ],
)
def test_of_what_few_words_do_not_say_it_is_known_that_it_repeats(rule):
    [row] = meetings(f"RRULE:{rule}")

    assert (row.repeats, row.rhythm, row.every) == (True, Rhythm.NONE, 1)


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=1", "count=1;freq=weekly;byday=mo"])
def test_a_row_of_one_is_no_row(rule):
    [one] = meetings(f"RRULE:{rule}")

    assert (one.repeats, one.rhythm, one.every) == (False, Rhythm.NONE, 1)


def test_the_same_meeting_twice_is_one():
    twice = [leaf(b"BEGIN:VEVENT\nUID:1\nEND:VEVENT"), leaf(b"BEGIN:VEVENT\nUID:1\nEND:VEVENT")]

    assert len(invites.of_leaves(twice)) == 1


def test_no_more_is_taken_than_is_kept():
    events = "".join(
        f"BEGIN:VEVENT\nUID:{n}{'x' * 600}\n"
        + "ATTENDEE:mailto:a@b.test\n" * (300 if n == 0 else 1)
        + "END:VEVENT\n"
        for n in range(30)
    )

    found = invites.of_leaves([leaf(events.encode())])

    assert len(found) == invites.MOST
    assert len(found[0].attendees) == 200
    assert len({meeting.uid for meeting in found}) == invites.MOST
    assert {len(meeting.uid) for meeting in found} == {500}


def test_a_meeting_without_a_name_is_left_out_and_one_in_a_forwarded_letter():
    event = b"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT"
    named = b"BEGIN:VEVENT\nUID:1\nEND:VEVENT"

    assert invites.of_leaves([leaf(event), leaf(named, enclosed=True)]) == ()


def test_a_part_that_cannot_be_decoded_is_none():
    def broken() -> bytes:
        raise ReaderError("broken")

    unreadable = leaf(b"")._replace(content=broken)

    assert invites.of_leaves([unreadable]) == ()
    assert not invites.has_method(unreadable)


def test_a_name_in_another_charset_is_read():
    text = "BEGIN:VEVENT\nUID:1\nSUMMARY:Škola\nEND:VEVENT".encode("iso-8859-2")

    [meeting] = invites.of_leaves([leaf(text, "text/calendar; charset=iso-8859-2")])

    assert meeting.summary == "Škola"


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VEVENT\n" * 70_000,
        b"BEGIN:VEVENT\nUID:1\n" + b"ATTENDEE;CN=x;X=y:mailto:a@b.test\n" * 30_000,
        b"BEGIN:VEVENT\nUID:" + b"1" * 1_000_000,
        b"BEGIN:VEVENT\nUID:1\nATTENDEE" + b';A="b"' * 150_000,
        b"BEGIN:VEVENT\nUID:1" + b"\n " * 500_000,
        b"METHOD:" * 140_000,
        b"BEGIN:VTIMEZONE\n" + b"BEGIN:STANDARD\nDTSTART:16010101T000000\nEND:STANDARD\n" * 19_000,
        b"U" * 1_000_000,
        b"END:VEVENT\n" * 90_000,
    ],
)
def test_a_megabyte_of_anything_is_soon_read(content):
    began = time.process_time()

    invites.of_leaves([leaf(content), leaf(content + b"x" * (1 << 20))])

    assert time.process_time() - began < 0.5


WORDS = st.sampled_from(
    "BEGIN: END: VEVENT VCALENDAR VTIMEZONE STANDARD DTSTART ;TZID= DTEND DURATION:P UID:1 : ; \n "
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=-1SU TZOFFSETTO:+0100 20250601T100000 99991231 ATTENDEE "
    'mailto:a@b.test METHOD:REPLY " \\ , = SEQUENCE:9 \x00 \ud800 é'.split(" ")
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=60))
def test_nothing_that_is_written_breaks_it(words):
    text = "BEGIN:VEVENT\nUID:1\n" + "".join(words)

    for meeting in invites.of_leaves([leaf(text.encode("utf-8", "surrogatepass"))]):
        repr(meeting).encode()
        assert "\x00" not in meeting.uid + meeting.summary + meeting.place + meeting.recurrence
