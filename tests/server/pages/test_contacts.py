"""Contacts: a list by name, and a page with everything that was, as far as one may see it."""

from __future__ import annotations

import html
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from crm.filing import suggestions
from crm.mail import visibility
from crm.mail.meaning import Details
from crm.mail.models import Shares
from crm.people import contacts
from crm.people.models import ContactDetail, DetailKind, DetailSource, DetailState
from tests import make
from tests.crm.filing.telling import suggest, told
from tests.visiting import Visitor, said


def jana(session, ana):
    return contacts.get_named(session, ana, "jana@severka.test")


def test_a_contact_shows_what_was_and_why_and_what_is_open(reader, scene, session, ana):
    answer = reader.get(f"/contacts/{scene.contact.id}")

    words = said(answer)
    assert answer.status_code == 200
    for expected in (
        "Re: Label printers",
        "The address is theirs",
        "Likes blue",
        "Brno rollout",
        "€48,000",
        "Send the quote",
        "jana@severka.test",
        "Severka",
    ):
        assert expected in words, expected
    [deals] = LexborHTMLParser(answer.text).css("#sec-deals")
    assert "New" in deals.text()
    there = re.search(r'<a class="what" href="([^"]+)"[^>]*>Re: Label', answer.text)[1]
    assert reader.get(there.replace("&amp;", "&")).status_code == 200


def test_what_letters_told_stands_there_with_since_when_and_what_was_before(
    reader, scene, session, ana
):
    scene.contact.title = "Sales rep"
    suggest(session, scene.mailbox, scene.first)
    viewer = visibility.viewer(session, ana)
    key = suggestions.key_of(DetailKind.TITLE, "Head of Sales")
    suggestions.use(session, viewer, scene.contact, key, at=make.NOW)
    session.commit()

    words = " ".join(said(reader.get(f"/contacts/{scene.contact.id}")).split())

    assert "Title Head of Sales since 20 Nov 2026, from a signature" in words
    assert "Title Sales rep until 20 Nov 2026" in words

    suggestions.undo(session, viewer, scene.contact, key)
    session.commit()

    assert "From their letters" not in said(reader.get(f"/contacts/{scene.contact.id}"))


def test_a_number_stands_from_left_to_right_on_a_page_from_right_to_left(
    reader, scene, session, ana
):
    ana.language, scene.contact.phone = "fa", "021 5555"
    told(session, scene.mailbox, Details(phones=("+98 21 1234 داخلی 5", "021 66")))
    viewer = visibility.viewer(session, ana)
    used, ignored = (
        suggestions.key_of(DetailKind.PHONE, v) for v in ("+98 21 1234 داخلی 5", "021 66")
    )
    suggestions.use(session, viewer, scene.contact, used, at=make.NOW)
    suggestions.ignore(session, viewer, scene.contact, ignored, at=make.NOW)
    session.commit()

    page = LexborHTMLParser(reader.get(f"/contacts/{scene.contact.id}").text)

    phones = [bdi.text() for bdi in page.css('.rec-facts bdi[dir="ltr"]')]
    assert phones[1:] == ["+98 21 1234 داخلی 5", "+98 21 1234 داخلی 5", "021 5555", "021 66"]


def test_what_somebody_typed_is_not_said_to_be_from_a_letter(reader, scene, session):
    typed = ContactDetail(
        workspace_id=scene.workspace.id,
        contact_id=scene.contact.id,
        kind=DetailKind.TITLE,
        value="Sales rep",
        state=DetailState.CURRENT,
        source=DetailSource.MANUAL,
        at=make.NOW,
    )
    session.add(typed)
    session.commit()

    assert "From their letters" not in said(reader.get(f"/contacts/{scene.contact.id}"))


def test_what_was_ignored_is_listed_and_can_be_suggested_again(
    app, reader, scene, session, workspace, ana
):
    suggest(session, scene.mailbox, scene.first)
    viewer = visibility.viewer(session, ana)
    key = suggestions.key_of(DetailKind.TITLE, "Head of Sales")
    suggestions.ignore(session, viewer, scene.contact, key, at=make.NOW)
    only = make.user(session, workspace, "only@halden.test", role="reader")
    session.commit()
    there = f"/contacts/{scene.contact.id}"

    page = reader.get(there)
    theirs = Visitor(app).be(only).get(there)

    assert "Ignored in their letters" in said(page)
    assert "Head of Sales" in said(theirs)
    assert "Suggest again" not in said(theirs)
    [again] = re.findall(r'action="([^"]+suggest-again[^"]*)"', page.text)
    answer = reader.post(again, {})
    assert answer.status_code == 303
    after = said(reader.get(there))
    assert "It is suggested again." in after
    assert "Ignored in their letters" not in after
    assert suggestions.about(session, viewer, scene.contact)


def test_the_list_leads_to_each_and_pages_join(reader, session, ana, take_in, monkeypatch):
    take_in(*[make.raw(f"P{n} <p{n}@firm{n}.test>") for n in range(60)])

    first = reader.get("/contacts")
    more = re.search(r'href="(/contacts\?[^"]*after=[^"]+)"', first.text)[1]
    second = reader.get(html.unescape(more))

    found = [
        re.findall(r'class="who" href="/contacts/([0-9a-f-]{36})"', page.text)
        for page in (first, second)
    ]
    assert [len(page) for page in found] == [50, 10]
    assert not set(found[0]) & set(found[1])
    assert reader.get(f"/contacts/{found[1][0]}").status_code == 200


def test_older_lines_come_behind_the_newer_without_gap_or_repeat(reader, session, ana, take_in):
    take_in(*[make.raw(subject=f"Letter {n:02}") for n in range(45)])
    there = f"/contacts/{jana(session, ana).id}"

    first = reader.get(there)
    older = re.search(rf'href="({there}\?before=[^"]+)"', first.text)[1]
    both = said(first) + said(reader.get(older))

    assert sorted(re.findall(r"Letter \d\d", both)) == [f"Letter {n:02}" for n in range(45)]


@pytest.mark.parametrize(
    "mark", ["x", "1.x", "inf.0", "9" * 40, "1e400." + "0" * 32, "-1." + "0" * 32]
)
def test_a_mark_that_is_none_starts_at_the_top(reader, scene, mark):
    answer = reader.get(f"/contacts/{scene.contact.id}?before={mark}")

    assert answer.status_code == 200


def test_of_what_its_owner_hides_there_is_no_word(
    app, reader, session, workspace, ana, take_in, mailbox
):
    mailbox.shares = Shares.HAPPENED
    take_in(make.raw(subject="Secret price", text="Forty"))
    ben = make.user(session, workspace, "ben@halden.test")
    session.commit()
    there = f"/contacts/{jana(session, ana).id}"

    seen = Visitor(app).be(ben).get(there)

    assert "Secret" not in seen.text
    assert "its owner shows people and time only" in said(seen)
    assert "Secret price" in said(reader.get(there))


def test_hostile_names_stay_words(reader, session, ana, take_in):
    take_in(
        make.raw('"<img src=x onerror=alert(1)>" <jana@severka.test>', subject="<script>1</script>")
    )

    for page in (reader.get("/contacts"), reader.get(f"/contacts/{jana(session, ana).id}")):
        assert "<script>1" not in page.text
        assert "<img src=x" not in page.text


def test_a_contact_of_another_workspace_is_unknown(reader, elsewhere):
    assert reader.get(f"/contacts/{elsewhere.contact.id}").status_code == 404


@pytest.mark.parametrize("page", ["/contacts", "/inbox"])
@pytest.mark.parametrize(("role", "offered"), [("rep", True), ("reader", False)])
def test_an_empty_list_says_what_to_do_to_whoever_may(app, session, workspace, page, role, offered):
    bo = make.user(session, workspace, "bo@halden.test", role=role)
    session.commit()

    words = said(Visitor(app).be(bo).get(page))

    assert " yet" in words
    assert ("Connect a mailbox" in words) is offered
