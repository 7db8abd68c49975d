"""How the lines of an iCalendar part fall into components."""

from sync.reading import calendar_lines


def test_components_come_as_they_end():
    text = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR"

    found = [(c.name, c.value("METHOD"), c.value("UID")) for c in calendar_lines.components(text)]

    assert found == [("VEVENT", "", "1"), ("VCALENDAR", "REPLY", "")]


def test_folded_lines_are_one():
    [event] = calendar_lines.components("BEGIN:VEVENT\nSUMMARY:Ab\n out\n\t it\nEND:VEVENT")

    assert event.value("SUMMARY") == "About it"


def test_what_an_alarm_says_is_not_the_meetings():
    text = (
        "BEGIN:VEVENT\nSUMMARY:Talk\nBEGIN:VALARM\nSUMMARY:Wake up\nDURATION:PT5M\nEND:VALARM\n"
        "UID:1\nEND:VEVENT"
    )

    event = list(calendar_lines.components(text))[-1]

    assert [line.name for line in event.lines] == ["SUMMARY", "UID"]


def test_parameters_and_escapes_are_taken_apart():
    [event] = calendar_lines.components(
        'BEGIN:VEVENT\nATTENDEE;CN="Doe, Ann";ROLE=CHAIR:mailto:ann@acme.test\n'
        "LOCATION:Room 1\\, left\\; below"
    )

    attendee = event.first("ATTENDEE")
    assert attendee is not None
    assert attendee.parameters["CN"] == "Doe, Ann"
    assert attendee.value == "mailto:ann@acme.test"
    assert event.value("LOCATION") == "Room 1, left; below"


def test_a_line_with_broken_parameters_keeps_its_value():
    [event] = calendar_lines.components(
        'BEGIN:VEVENT\nORGANIZER;CN=Jo "x" y:mailto:jo@acme.test\nSUMMARY;X:Talk'
    )

    organizer = event.first("ORGANIZER")
    assert organizer is not None
    assert organizer.value == "mailto:jo@acme.test"
    assert event.value("SUMMARY") == "Talk"


def test_ends_without_beginnings_and_a_calendar_that_is_cut_off():
    assert list(calendar_lines.components("END:VEVENT\nEND:X")) == []
    assert [c.value("UID") for c in calendar_lines.components("BEGIN:VEVENT\nUID:1")] == ["1"]


def test_no_more_lines_are_taken_apart_than_meetings_need():
    text = "BEGIN:VEVENT\n" + "ATTENDEE:mailto:a@b.test\n" * (calendar_lines.MOST + 10)

    [event] = calendar_lines.components(text)

    assert len(event.lines) == calendar_lines.MOST
