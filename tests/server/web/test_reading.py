"""The thread that is open: its messages, what they quote, what came with them, and the card."""

from __future__ import annotations

import re

from server.web import letter_html
from tests import make
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
