"""What messages mean stands in their threads, on timelines, in the list and beside contacts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.base import clock
from crm.mail.meaning import Answer, Attendee, Meaning, Method, Named, Rhythm, Suspicion
from crm.mail.models import Message, Shares
from tests import make
from tests.story import ANSWER
from tests.visiting import Visitor, said

FAR = date(2098, 1, 2)
LATER = make.NOW + timedelta(hours=3)


@pytest.fixture
def meant(session, scene):
    """Take in letters that mean something; each leads to its thread."""

    def take_in(raw=None, **values):
        arrival = make.arrival(raw or make.raw(), meaning=Meaning(**values))
        return place(session, scene.mailbox, arrival)

    return take_in


def place(session, mailbox, arrival):
    (message_id,) = make.filed_arrivals(session, mailbox, [arrival]).new
    session.commit()
    session.expire_all()
    return f"/panel/{message_id}"


def opened(reader, address):
    return reader.get(reader.get(address).location)


def plain(page):
    return said(page).replace("\u2068", "").replace("\u2069", "").replace("\u202f", " ")


def test_a_message_that_came_back_says_so_wherever_it_stands(reader, scene, session):
    before = plain(reader.get(f"/contacts/{scene.contact.id}"))
    assert "Came back" not in before
    place(session, scene.mailbox, make.bounce("jana@severka.test", about=ANSWER, at=LATER))

    thread = plain(reader.get(f"/inbox/{scene.first.thread_id}"))
    contact = plain(reader.get(f"/contacts/{scene.contact.id}"))

    for page in (thread, contact):
        assert "Came back from jana@severka.test: no such mailbox (5.1.1)." in page
    assert "A message to them came back" in contact
    assert "Mail to jana@severka.test comes back since" in contact
    assert "Undelivered Mail Returned to Sender" in thread


def test_a_page_that_is_open_hears_that_a_message_came_back(reader, scene, session):
    address = f"/inbox/{scene.first.thread_id}"
    sent = scene.messages[1].id
    level = re.compile(rf'id="m-{sent}" data-level="(\w+)"')
    before = level.search(reader.get(address).text)[1]

    place(session, scene.mailbox, make.bounce("jana@severka.test", about=ANSWER, at=LATER))

    after = level.search(reader.get(address).text)[1]
    assert (before, after) == ("3", "3r")
    assert f"{sent}:3r" in reader.get(address).text


def test_a_bounce_that_names_no_message_of_ours_says_whom_it_concerns(reader, scene, session):
    stray = make.bounce("eva@jizera.test", about="unknown@x.test", at=LATER)

    page = opened(reader, place(session, scene.mailbox, stray))

    words = "It says that mail to eva@jizera.test came back, but names no message that went there."
    assert plain(page).count(words) == 1


def test_the_list_marks_a_thread_wherever_something_of_it_came_back(reader, scene, session):
    place(session, scene.mailbox, make.bounce("jana@severka.test", about=ANSWER, at=LATER))
    after = LATER + timedelta(hours=1)
    raw = make.raw("Sam <sam@halden.test>", at=after, text="Oh", In_Reply_To=f"<{ANSWER}>")
    make.filed(session, scene.mailbox, raw)
    session.commit()

    def row():
        page = reader.get("/inbox?view=all").text
        return re.search(rf'(?s)id="t-{scene.first.thread_id}".*?</a>', page)[0]

    assert "circle-alert" in row()
    assert "Came back" in row()

    again = make.raw(
        "Ana <ana@halden.test>", "jana@severka.test", at=after, In_Reply_To=f"<{ANSWER}>"
    )
    make.filed(session, scene.mailbox, again)
    session.commit()

    assert "circle-alert" not in row()


@pytest.mark.parametrize("shares", [Shares.HAPPENED, Shares.HEADERS, Shares.EVERYTHING])
def test_a_page_does_not_give_away_that_a_blind_copy_came_back(app, scene, session, shares):
    scene.mailbox.shares = shares
    sam = Visitor(app).be(make.user(session, scene.workspace, "sam@halden.test"))
    ana = Visitor(app).be(scene.ana)
    raw = make.raw(
        "ana@halden.test", "jana@severka.test", message_id="s@h.test", Bcc="bo@kovar.test"
    )
    (sent,) = make.filed_arrivals(session, scene.mailbox, [make.arrival(raw)], "Sent").new
    place(session, scene.mailbox, make.bounce("bo@kovar.test", about="s@h.test", at=LATER))
    address = f"/inbox/{session.get_one(Message, (scene.workspace.id, sent)).thread_id}"

    for who, level in ((sam, f"{shares:d}"), (ana, "3r")):
        page = who.get(address).text
        assert f'id="m-{sent}" data-level="{level}"' in page
        assert re.search(rf'data-held="[^"]*{sent}:(\w+)', page)[1] == level


def test_of_many_whom_a_message_did_not_reach_three_are_named(reader, scene, session):
    several = [f"p{i}@kovar.test" for i in range(9)]
    raw = make.raw("ana@halden.test", ", ".join(several), message_id="s@h.test")
    address = place(session, scene.mailbox, make.arrival(raw))
    place(session, scene.mailbox, make.bounce(*several, about="s@h.test", at=LATER))

    page = plain(opened(reader, address))

    assert "Came back from p2@kovar.test" in page
    assert "Came back from p3@kovar.test" not in page
    assert "… and 6 more" in page


def test_a_meeting_stands_in_its_message_with_who_comes(reader, meant, ana, session):
    ana.time_zone = "Asia/Tokyo"
    guests = [
        Attendee(Named("Ana <b>", "ana@halden.test"), Answer.ACCEPTED),
        Attendee(Named("Sam", "sam@halden.test")),
    ]
    starts = datetime(2098, 1, 2, 9, 0, tzinfo=UTC)
    address = meant(meetings=(make.meeting(attendees=guests, starts_at=starts, place="<i>2"),))

    page = opened(reader, address)

    words = plain(page)
    for part in ("Offer review", "6:00 PM to 7:00 PM", "1 accepted", "Sam · no answer yet"):
        assert part in words
    assert "&lt;i&gt;2" in page.text
    assert "<i>2" not in page.text
    assert "Ana <b>" not in page.text


def test_a_meeting_that_was_moved_or_called_off_says_so(reader, meant):
    starts = datetime(2098, 1, 2, 9, 0, tzinfo=UTC)
    address = meant(meetings=(make.meeting(starts_at=starts),))
    moved = make.meeting(sequence=1, starts_at=starts + timedelta(days=1))
    meant(make.raw(at=LATER), meetings=(moved,))
    assert "Moved from" in plain(opened(reader, address))

    off = make.meeting(method=Method.CANCEL, sequence=2)
    meant(make.raw(at=LATER + timedelta(hours=1)), meetings=(off,))

    page = opened(reader, address)
    assert "called off" in plain(page)
    assert 'class="meeting off"' in page.text


def test_a_meeting_that_repeats_says_so_in_its_thread_and_on_the_timeline(reader, meant, scene):
    starts = datetime(2098, 1, 2, 9, 0, tzinfo=UTC)
    weekly = make.meeting(starts_at=starts, repeats=True, rhythm=Rhythm.WEEK, every=2)
    address = meant(meetings=(weekly,))

    assert "10:00 AM, every 2 weeks" in plain(opened(reader, address))
    timeline = plain(reader.get(f"/contacts/{scene.contact.id}"))
    assert "Meeting: Offer review, 2 Jan 2098" in timeline
    assert "every 2 weeks" in timeline


def test_what_calls_a_meeting_off_and_is_not_believed_says_so_on_the_message(reader, meant):
    meant(meetings=(make.meeting(),))
    off = make.meeting(method=Method.CANCEL, sequence=1)
    raw = make.raw("Eve <eve@severka.test>", at=LATER)

    page = opened(reader, meant(raw, meetings=(off,)))

    assert "This message changes nothing about the meeting." in plain(page)
    assert "Only jana@severka.test may move or cancel it." in plain(page)
    assert 'class="meeting off"' not in page.text


def test_whoever_is_no_more_invited_is_named_on_the_message_that_says_so(reader, meant):
    guests = [Attendee(Named("Ana", "ana@halden.test")), Attendee(Named("Sam", "sam@halden.test"))]
    meant(meetings=(make.meeting(attendees=guests),))
    gone = make.meeting(method=Method.CANCEL, sequence=1, attendees=guests[1:], cancelled=True)

    page = opened(reader, meant(make.raw(at=LATER), meetings=(gone,)))

    assert "No longer invited: Sam" in plain(page)
    assert 'class="meeting off"' not in page.text


def test_a_meeting_stands_on_the_timeline_in_one_line(reader, meant, scene):
    starts = datetime(2098, 1, 2, 9, 0, tzinfo=UTC)
    meant(meetings=(make.meeting(starts_at=starts),))

    page = reader.get(f"/contacts/{scene.contact.id}")

    assert "Meeting: Offer review, 2 Jan 2098" in plain(page)
    assert "#i-calendar" in page.text


def test_a_whole_day_stands_under_its_day_wherever_one_is(reader, meant, scene, ana):
    ana.time_zone = "America/Los_Angeles"
    starts = datetime(2029, 1, 2, tzinfo=UTC)
    meant(meetings=(make.meeting(starts_at=starts, whole_day=True, ends_at=None),))

    page = reader.get(f"/contacts/{scene.contact.id}").text

    day = page.partition('<section class="day">')[2].partition("</section>")[0]
    assert "<h3>2 Jan 2029</h3>" in day
    assert "PM</time>" not in day


def test_what_is_passed_on_says_whose_it_was(reader, meant):
    page = opened(reader, meant(forward=make.forward(subject="<b>Offer")))

    assert "Forwarded: " in plain(page)
    assert "Ann Berg &lt;ann@berg.test&gt;" in page.text
    assert "<b>Offer" not in page.text


def test_suspicions_are_warnings(reader, meant):
    page = opened(reader, meant(suspicions=(Suspicion.HIDDEN_SIGNS,)))

    assert "hidden signs, as impostors do" in plain(page)


def test_who_is_away_is_back_on_a_day_that_lies_ahead(reader, meant, scene):
    address = meant(make.raw(Auto_Submitted="auto-replied", at=clock.now()), returns_on=FAR)

    assert "Back on 2 Jan 2098" in plain(opened(reader, address))
    assert "Back on 2 Jan 2098" in plain(reader.get("/inbox?view=all"))
    assert "Back on 2 Jan 2098" in plain(reader.get(f"/contacts/{scene.contact.id}"))


def test_who_was_away_is_not_spoken_of(reader, meant, scene):
    address = meant(returns_on=date(2020, 1, 1))

    for page in (opened(reader, address), reader.get(f"/contacts/{scene.contact.id}")):
        assert "Back on" not in plain(page)


def test_whoever_may_not_read_a_message_is_told_nothing_of_what_is_in_it(
    app, session, workspace, scene, meant
):
    scene.mailbox.shares = Shares.HEADERS
    address = meant(forward=make.forward(), meetings=(make.meeting(),), returns_on=FAR)

    bo = Visitor(app).be(make.user(session, workspace, "bo@halden.test"))
    page = plain(opened(bo, address))

    assert "Its owner shows people and time only." in page
    for secret in ("Ann Berg", "Room 2", "Back on"):
        assert secret not in page
