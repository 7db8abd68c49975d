"""The thread that is open: its messages, what they quote, what came with them, and the card."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crm.mail.meaning import Meaning, Named, Suspicion
from crm.mail.models import Shares
from server.web import letter_html
from tests import make
from tests.story import ANSWER
from tests.visiting import Visitor, said


def test_a_thread_shows_its_messages_and_opens_the_last(reader, scene):
    page = reader.get(f"/inbox/{scene.first.thread_id}").text

    opened = re.findall(r'<details class="msg" id="m-([0-9a-f-]+)"[^>]* open>', page)
    assert opened == [str(scene.later.id)]
    assert page.count('<details class="msg"') == 3


def test_a_message_that_is_asked_for_is_the_one_that_is_open(reader, scene):
    page = reader.get(f"/inbox/{scene.first.thread_id}?message={scene.first.id}").text

    opened = re.findall(r'<details class="msg" id="m-([0-9a-f-]+)"[^>]* open>', page)
    assert opened == [str(scene.first.id)]
    assert f'action="/panel/{scene.first.id}"' in page


def test_what_is_quoted_is_folded(reader, take_in):
    take_in(make.raw(text="Yes.\n\nOn Friday, Ana wrote:\n> Will you come?\n> Or not?"))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    page = said(reader.get(f"/inbox/{thread}"))

    assert re.search(r"\d quoted lines", page)
    assert "Yes." in page


def test_who_sends_for_another_stands_at_the_message_with_both(reader, take_in):
    take_in(make.raw("Sam <sam@kovar.test>", Sender="Eva Malá <eva@kovar.test>"))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    assert "Eva Malá on behalf of Sam" in said(reader.get(f"/inbox/{thread}"))


def test_a_name_that_shows_another_address_stands_at_no_message(reader, take_in):
    take_in(make.raw('"Ana Horvat ana@halden.test" <x@elsewhere.test>'))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    page = reader.get(f"/inbox/{thread}").text

    assert re.search(r'class="strong cut"[^>]*>([^<]*)<', page)[1] == "x@elsewhere.test"
    assert "but this message came from" in page
    assert "Sam" not in page


def test_what_looks_like_a_template_stays_words(reader, take_in):
    odd = "{{7*7}} {0.__class__} {email} %(name)s %s ${x}"
    raw = make.raw(f'"{odd}" <petr@kovar.test>', Sender=f'"{odd} Eva" <eva@kovar.test>', text=odd)
    take_in(raw.replace(b"Subject: Hello", f"Subject: {odd}".encode()))
    listed = reader.get("/inbox")
    thread = re.search(r'id="t-([0-9a-f-]{36})"', listed.text)[1]

    page = said(reader.get(f"/inbox/{thread}"))

    assert odd in said(listed)
    assert f"{odd} Eva on behalf of {odd}" in page
    assert page.count(odd) >= 4


def test_a_link_in_a_plain_letter_leads_out_and_nothing_else_does(reader, take_in):
    take_in(make.raw(text='See https://a.test/x?y=1&z="2 or javascript:alert(1) <b>now</b>'))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    page = reader.get(f"/inbox/{thread}").text

    assert 'rel="nofollow noopener noreferrer"' in page
    assert 'href="javascript' not in page
    assert "<b>now</b>" not in page


def test_of_what_a_colleague_may_only_know_people_and_time_are_shown(
    app, session, workspace, take_in
):
    (message,) = take_in(make.raw(subject="Salary", text="Secret"))
    bo = Visitor(app).be(make.user(session, workspace, "bo@halden.test"))
    answer = bo.get(f"/panel/{message}")

    page = bo.get(answer.location)

    assert page.status_code == 200
    assert "Its owner shows people and time only." in said(page)
    assert "Salary" not in page.text
    assert "Secret" not in page.text


def test_only_the_open_letter_is_cleaned(reader, take_in, monkeypatch):
    html = '<p>Hello</p><img src="https://a.test/1.png"><img alt="no address">'
    cleaned, harmless = [], letter_html.harmless
    for n in range(4):
        raw = make.raw(text=f"{html}{n}", message_id=f"{n}@a.test", References="<0@a.test>")
        take_in(raw.replace(b"text/plain", b"text/html"))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    def counted(html, inline):
        cleaned.append(html)
        return harmless(html, inline)

    monkeypatch.setattr(letter_html, "harmless", counted)
    page = reader.get(f"/inbox/{thread}")

    assert page.text.count("<iframe") == 4
    assert len(cleaned) == 1
    assert said(page).count("1 remote image is off.") == 4


def test_who_signs_with_the_address_of_somebody_else_is_named(reader, take_in):
    take_in(make.raw(sender='"Sam <sam@halden.test>" <sam@halden-mail.test>', text="Pay today."))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    page = said(reader.get(f"/inbox/{thread}"))

    assert "but this message came from" in page


def test_an_open_message_says_the_day_and_the_time(reader, scene):
    page = reader.get(f"/inbox/{scene.first.thread_id}").text

    times = re.findall(r'<time class="meta if-open"[^>]*>([^<]+)</time>', page)
    assert len(times) == 3
    assert all(re.search(r"\d:\d\d", time) for time in times)


def test_what_came_without_a_name_is_named_by_what_it_is(reader, take_in):
    parts = {"message/delivery-status": "Delivery report", "message/rfc822": "Attached message"}
    body = "".join(f"--b\r\nContent-Type: {kind}\r\n\r\nA: b\r\n\r\nc\r\n" for kind in parts)
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n"
    start = b"From: Jana <jana@severka.test>\r\nTo: ana@halden.test\r\nSubject: Back\r\n"
    take_in(start + head + b"Message-ID: <r@a.test>\r\n\r\n" + body.encode() + b"--b--\r\n")
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox?view=all").text)[1]

    page = said(reader.get(f"/inbox/{thread}"))

    for name in parts.values():
        assert name in page


def test_nothing_turns_the_letters_of_a_subject_or_a_text(reader, take_in):
    turned = "\u202egpj.exe"
    take_in(make.raw(subject=f"Photo {turned}", text=f"See http://a.test/{turned}\n> {turned}"))
    inbox = reader.get("/inbox").text
    thread = re.search(r'id="t-([0-9a-f-]{36})"', inbox)[1]

    page = reader.get(f"/inbox/{thread}").text

    assert "Photo gpj.exe" in page
    assert "\u202e" not in inbox + page


def test_an_address_that_looks_like_another_is_named_as_the_network_has_it(reader, take_in):
    take_in(make.raw(sender="Pay <pay@p\u0430ypal.test>"))
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]

    assert "xn--pypal-4ve.test" in said(reader.get(f"/inbox/{thread}"))


def multipart(*parts):
    """Write a letter of several parts, each as its head and its body."""
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    raw = make.raw().partition(b"MIME-Version")[0] + head
    return raw + b"".join(b"\r\n--b\r\n" + part for part in parts) + b"\r\n--b--\r\n"


def shown(reader):
    thread = re.search(r'id="t-([0-9a-f-]{36})"', reader.get("/inbox").text)[1]
    return reader.get(f"/inbox/{thread}")


PDF = b'Content-Type: application/pdf; name="offer-%d.pdf"\r\n\r\n%%PDF'


def test_a_letter_without_text_says_so(reader, take_in):
    take_in(make.raw(text=" "))

    assert "This message has no text." in said(shown(reader))


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: text/plain\r\n\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n<div><br></div>",
    ],
)
def test_a_letter_without_text_names_what_it_brings(reader, take_in, body):
    take_in(multipart(body, *(PDF % n for n in range(5))))

    page = shown(reader)

    words = said(page).replace("\u2068", "").replace("\u2069", "")
    assert "This message has no text, only offer-0.pdf, offer-1.pdf, offer-2.pdf …" in words
    assert "<iframe" not in page.text


def test_a_letter_of_a_picture_alone_is_shown(reader, take_in):
    image = b'Content-Type: text/html\r\n\r\n<img src="https://severka.test/offer.png">'
    take_in(multipart(image, PDF % 1))

    page = shown(reader)

    assert "<iframe" in page.text
    assert "has no text" not in said(page)


def test_of_a_letter_that_is_hidden_nobody_is_told_that_it_has_no_text(app, session, scene, reader):
    scene.mailbox.shares = Shares.HEADERS
    (id_,) = make.filed(session, scene.mailbox, make.raw(text=" ")).new
    session.commit()
    sam = Visitor(app).be(make.user(session, scene.workspace, "sam@halden.test"))

    page = sam.get(sam.get(f"/panel/{id_}").location)

    assert "people and time only" in said(page)
    assert "has no text" not in said(page)


def test_each_warning_stands_once_on_a_page_at_the_message(reader, scene, session):
    raw = make.raw(
        '"Boss <boss@halden.test>" <jana@severka.test>', Reply_To="jana@severka-pay.test"
    )
    arrival = make.arrival(raw, meaning=Meaning(suspicions=(Suspicion.DISOWNED,)))
    filed = make.filed_arrivals(session, scene.mailbox, [arrival]).new
    back = make.bounce("jana@severka.test", about=ANSWER, at=make.NOW + timedelta(hours=3))
    make.filed_arrivals(session, scene.mailbox, [back])
    session.commit()

    doubted = said(reader.get(reader.get(f"/panel/{filed[0]}").location))
    returned = said(reader.get(reader.get(f"/panel/{scene.messages[1].id}").location))

    assert doubted.count("The name shows") == 1
    assert doubted.count("A mail server on the way says") == 1
    assert doubted.count("Answers to this message go to") == 1
    assert returned.count("Came back from") == 1


def test_who_passed_a_message_on_stands_once_beside_what_else_is_said(reader, scene, session):
    meant = Meaning(passed_on_by=Named("Eva Malá", "eva@kovar.test"))
    (id_,) = make.filed_arrivals(
        session, scene.mailbox, [make.arrival(make.raw(), meaning=meant)]
    ).new
    session.commit()

    assert said(reader.get(reader.get(f"/panel/{id_}").location)).count("Passed on by") == 1
