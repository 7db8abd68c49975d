"""What messages mean stands on the cards: what came back, was passed on, or is doubted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.mail.meaning import (
    Answer,
    Attendee,
    Details,
    Meaning,
    Method,
    Named,
    Rhythm,
    Suspicion,
)
from crm.mail.models import Message
from crm.people import contacts
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, html, words
from tests.story import ANSWER

LATER = make.NOW + timedelta(hours=3)


def plain(answer):
    return words(answer).replace("\u2068", "").replace("\u2069", "").replace("\u202f", " ")


def filed(scene, *arrivals):
    found = make.filed_arrivals(scene.session, scene.mailbox, arrivals).new
    scene.session.expire_all()  # A request has a session of its own.
    return [scene.session.get_one(Message, (scene.workspace.id, id_)) for id_ in found]


def meant(scene, raw=None, **values):
    return filed(scene, make.arrival(raw or make.raw(at=LATER), meaning=Meaning(**values)))[0]


@pytest.mark.parametrize("host", HOSTS)
def test_a_message_that_came_back_says_so_and_so_does_the_contact(scene, host):
    filed(scene, make.bounce("jana@severka.test", about=ANSWER, at=LATER))
    beside = Beside(scene.session, scene.ana, host)

    said = plain(beside.ask("message", scene.messages[1]))

    assert said.count("Came back from jana@severka.test: no such mailbox (5.1.1).") == 1
    assert "Mail to jana@severka.test comes back since today." in said
    card = plain(beside.ask("contact", contact=str(scene.contact.id)))
    assert "Came back from jana@severka.test" in card
    assert "Mail to jana@severka.test comes back since today." in card


@pytest.mark.parametrize("host", HOSTS)
def test_beside_a_bounce_stands_whom_it_did_not_reach(scene, host):
    (bounce,) = filed(scene, make.bounce("jana@severka.test", about=ANSWER, at=LATER))

    said = plain(Beside(scene.session, scene.ana, host).ask("message", bounce))

    assert said.startswith("Jana\n")
    assert "A message to them came back" in said


@pytest.mark.parametrize("host", HOSTS)
def test_a_bounce_that_names_no_message_of_ours_says_whom_it_concerns(scene, host):
    (bounce,) = filed(scene, make.bounce("eva@jizera.test", about="unknown@x.test", at=LATER))

    said = plain(Beside(scene.session, scene.ana, host).ask("message", bounce))

    words = "It says that mail to eva@jizera.test came back, but names no message that went there."
    assert said.count(words) == 1


def test_a_forged_bounce_says_nothing_on_any_other_card(scene):
    (bounce,) = filed(scene, make.bounce("petr@kovar.test", about=ANSWER, at=LATER))
    beside = Beside(scene.session, scene.ana)

    assert "Came back" not in plain(beside.ask("message", scene.messages[1]))
    said = plain(beside.ask("message", bounce))
    assert "says that mail to petr@kovar.test came back, but names no message that went" in said
    assert "A message to them came back" not in said


@pytest.mark.parametrize("host", HOSTS)
def test_a_meeting_stands_on_the_card_of_its_message_and_among_what_was(scene, host):
    guests = [
        Attendee(Named("Ana", "ana@halden.test"), Answer.ACCEPTED),
        Attendee(Named("Sam", "sam@halden.test")),
    ]
    message = meant(scene, meetings=(make.meeting(attendees=guests),))

    said = plain(Beside(scene.session, scene.ana, host).ask("message", message))

    assert "Meeting\nTuesday, 12:00 PM to 1:00 PM\nOffer review\nRoom 2 · 1 accepted" in said
    assert "jana@severka.test · invites, Ana · accepted, Sam · no answer yet" in said
    assert "Meeting: Offer review, Tuesday, 12:00 PM to 1:00 PM, Room 2\n1 accepted" in said


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_to_come_pushes_nothing_that_happened_off_a_card(scene, host):
    weekly = [
        make.meeting(f"week-{n}@severka.test", starts_at=LATER + timedelta(days=7 * n))
        for n in range(1, 21)
    ]
    message = meant(scene, meetings=tuple(weekly))
    beside = Beside(scene.session, scene.ana, host)

    for answer in (
        beside.ask("message", message, at=LATER),
        beside.ask("contact", contact=str(scene.contact.id), at=LATER),
    ):
        _before, coming = plain(answer).split("\nComing up\n")
        coming, past = coming.split("\nLast activities\n")
        assert coming.count("Meeting: Offer review") == 2
        assert "Meeting: Offer review" not in past
        assert "Re: Label printers" in past


@pytest.mark.parametrize("host", HOSTS)
def test_a_meeting_that_repeats_says_so_beside_its_message_and_among_what_is_to_come(scene, host):
    weekly = make.meeting(repeats=True, rhythm=Rhythm.WEEK)
    message = meant(scene, meetings=(weekly,))

    said = plain(Beside(scene.session, scene.ana, host).ask("message", message))

    assert "Tuesday, 12:00 PM to 1:00 PM, every week\nOffer review" in said
    assert "Meeting: Offer review, Tuesday, 12:00 PM to 1:00 PM, every week, Room 2" in said


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    ("author", "suspicions", "why"),
    [
        ("Eve <eve@severka.test>", (), "Only jana@severka.test may move or cancel it."),
        ("Jana <jana@severka.test>", (Suspicion.DISOWNED,), "it is in doubt who wrote it."),
    ],
)
def test_what_calls_a_meeting_off_and_is_not_believed_says_that_it_changes_nothing_and_why(
    scene, host, author, suspicions, why
):
    meant(scene, meetings=(make.meeting(),))
    off = make.meeting(method=Method.CANCEL, sequence=1)
    raw = make.raw(author, at=LATER + timedelta(hours=1))
    forged = meant(scene, raw, meetings=(off,), suspicions=suspicions)

    said = plain(Beside(scene.session, scene.ana, host).ask("message", forged))

    assert "This message changes nothing about the meeting" in said
    assert why in said
    assert "called off" not in said


def test_whoever_is_no_more_invited_is_named_beside_the_message_that_says_so(scene):
    guests = [Attendee(Named("Ana", "ana@halden.test")), Attendee(Named("Sam", "sam@halden.test"))]
    meant(scene, meetings=(make.meeting(attendees=guests),))
    gone = make.meeting(method=Method.CANCEL, sequence=1, attendees=guests[1:], cancelled=True)
    message = meant(scene, make.raw(at=LATER + timedelta(hours=1)), meetings=(gone,))

    said = plain(Beside(scene.session, scene.ana).ask("message", message))

    assert "No longer invited: Sam" in said
    assert "called off" not in said


def test_a_meeting_that_was_called_off_says_so(scene):
    message = meant(scene, meetings=(make.meeting(),))
    off = make.meeting(method=Method.CANCEL, sequence=1)
    meant(scene, make.raw(at=LATER + timedelta(hours=1)), meetings=(off,))

    said = plain(Beside(scene.session, scene.ana).ask("message", message))

    assert said.count("called off") == 2


@pytest.mark.parametrize("host", HOSTS)
def test_who_wrote_what_is_passed_on_is_offered_and_can_become_a_contact(scene, host):
    message = meant(scene, forward=make.forward())
    beside = Beside(scene.session, scene.ana, host)

    said = plain(beside.ask("message", message))
    assert said.startswith("Jana\n")
    assert "Ann Berg" in said
    ann = {"message": str(message.id), "person": "1"}
    assert "ann@berg.test" in plain(beside.ask("message/person", message, **ann))
    beside.ask("contact/save", message, {"name": "Ann Berg", "company": ""}, **ann)

    made = contacts.get_named(scene.session, scene.ana, "ann@berg.test")
    assert made.name == "Ann Berg"
    after = plain(beside.ask("message/person", message, **ann))
    assert "Create contact" not in after
    assert "Ann Berg\nThe address is theirs" not in after


EVA = Details(name="Eva Malá", title="Buyer", emails=("eva@jizera.test",), phones=("+42077",))


@pytest.mark.parametrize("host", HOSTS)
def test_whose_calling_card_comes_along_is_offered_and_can_become_a_contact(scene, host):
    message = meant(scene, cards=(EVA,))
    beside = Beside(scene.session, scene.ana, host)

    said = plain(beside.ask("message", message))
    assert said.startswith("Jana\n")
    assert "Eva Malá" in said
    assert "New in their letters" not in said
    eva = {"message": str(message.id), "person": "1"}
    shown = beside.ask("message/person", message, **eva)
    assert "eva@jizera.test" in plain(shown)
    create = buttons(shown)["Create contact"]
    form = beside.ask(create.function, message, {}, **create.parameters)
    assert 'value="Eva Malá"' in html(form)
    beside.ask("contact/save", message, {"name": "Eva Malá", "company": ""}, **eva)

    made = contacts.get_named(scene.session, scene.ana, "eva@jizera.test")
    assert (made.name, made.title, made.phone, made.last_in_at) == ("Eva Malá", "", "", None)
    after = plain(beside.ask("message/person", message, **eva))
    assert "Create contact" not in after
    assert "Eva Malá\nThe address is theirs" not in after


def test_of_whose_card_a_colleague_sends_around_the_card_is(scene):
    message = meant(scene, make.raw("Sam <sam@halden.test>", at=LATER), cards=(EVA,))

    assert plain(Beside(scene.session, scene.ana).ask("message", message)).startswith("Eva Malá")


def test_of_what_a_colleague_passes_on_the_card_is_about_its_author(scene):
    raw = make.raw("Sam <sam@halden.test>", at=LATER)
    message = meant(scene, raw, forward=make.forward("Jana", "jana@severka.test"))

    said = plain(Beside(scene.session, scene.ana).ask("message", message))

    assert said.startswith("Jana\nSeverka")


def test_of_what_a_stranger_passes_on_the_card_is_about_the_stranger(scene):
    raw = make.raw("Eve <eve@elsewhere.test>", subject="Fwd: Our new bank account", at=LATER)
    scene.mailbox.meets = "written"
    message = meant(scene, raw, forward=make.forward("Jana", "jana@severka.test"))
    beside = Beside(scene.session, scene.ana)

    assert plain(beside.ask("message", message)).startswith("Eve\n")
    chosen = {"message": str(message.id), "person": "1"}
    assert plain(beside.ask("message/person", message, **chosen)).startswith("Jana\n")


def test_whom_a_letter_of_nobody_names_is_offered_alone(scene):
    raw = make.raw(at=LATER).replace(b"From: Jana <jana@severka.test>", b"From: ")
    message = meant(scene, raw, forward=make.forward("Jana", "jana@severka.test"))
    beside = Beside(scene.session, scene.ana)

    shown = plain(beside.ask("message", message))

    assert not shown.startswith("Jana")
    assert "Likes blue" not in shown
    chosen = {"message": str(message.id), "person": "0"}
    assert plain(beside.ask("message/person", message, **chosen)).startswith("Jana\n")


@pytest.mark.parametrize("host", HOSTS)
def test_who_is_away_is_back_on_a_day_that_lies_ahead(scene, host):
    day = make.NOW.date() + timedelta(days=1)
    message = meant(scene, returns_on=day)
    beside = Beside(scene.session, scene.ana, host)

    assert "Back on tomorrow" in plain(beside.ask("message", message))
    assert "Back on tomorrow" in plain(beside.ask("contact", contact=str(scene.contact.id)))
    then = make.NOW + timedelta(days=1)
    assert "Back" not in plain(beside.ask("message", message, at=then))


@pytest.mark.parametrize("host", HOSTS)
def test_each_suspicion_is_a_warning(scene, host):
    message = meant(scene, suspicions=(Suspicion.DISOWNED, Suspicion.SEVERAL_SENDERS))

    said = plain(Beside(scene.session, scene.ana, host).ask("message", message))

    assert "says that this message is not from jana@severka.test" in said
    assert "names several senders" in said


def test_the_cards_of_plain_messages_ask_nothing_more(scene, statements):
    beside = Beside(scene.session, scene.ana)
    beside.ask("message", scene.first)
    statements.clear()

    beside.ask("message", scene.first)

    asked = " ".join(statements)
    assert "meeting" not in asked.replace("meeting_", "")
    assert "forward" not in asked
    every = scene.session.scalars(select(Message.means)).all()
    assert set(every) == {""}


def test_who_may_not_read_a_message_is_not_told_whose_it_was(scene):
    message = meant(scene, forward=make.forward(), meetings=(make.meeting(),))
    message.shares = 2
    scene.session.flush()

    said = plain(scene.beside("rep").ask("message", message))

    assert "Ann Berg" not in said
    assert "Room 2" not in said
