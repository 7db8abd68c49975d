"""A row of the list: who, what, when, and what it is about or why it is logged nowhere."""

from __future__ import annotations

import re

from crm.mail.meaning import Details, Meaning, Suspicion
from tests import make
from tests.visiting import said


def row(reader, view="all"):
    page = reader.get(f"/inbox?view={view}").text
    return re.search(r'(?s)<ul class="threads".*?</ul>', page)[0]


def test_a_thread_with_a_deal_shows_company_stage_and_amount(reader, scene):
    text = said(type("Page", (), {"text": row(reader)})())

    assert "Severka · New" in text
    assert "€48,000" in text


def test_a_thread_that_is_logged_nowhere_says_why(reader, take_in):
    take_in(make.raw(sender="News <news@kovar.test>", List_Unsubscribe="<https://kovar.test/u>"))

    assert "Not logged: newsletter (List-Unsubscribe)" in row(reader)


def test_unread_is_said_and_not_only_shown(reader, session, mailbox):
    make.filed_arrivals(session, mailbox, [make.arrival(make.raw(), seen=False)])
    session.commit()

    assert 'class="thread new"' in row(reader)
    assert "Unread" in row(reader)


def test_a_private_thread_has_its_lock(reader, scene, session):
    from tests.addon.beside import Beside

    Beside(session, scene.ana).ask("thread/private", scene.first)
    session.commit()

    assert "#i-lock" in row(reader)
    assert "Private" in row(reader)


def test_who_signs_with_another_address_is_shown_by_the_true_one(reader, take_in):
    take_in(make.raw(sender='"ceo@halden.test" <mallory@evil.test>'))

    assert "mallory@evil.test" in row(reader)
    assert "ceo@halden.test" not in row(reader)


def test_a_sender_in_doubt_is_marked_before_anything_is_opened(reader, take_in):
    take_in(make.raw(sender='"Boss <boss@halden.test>" <x@evil.test>'))

    text = row(reader)

    assert "Not logged: its sender is in doubt" in text
    assert "Sender in doubt" not in text
    assert "#triangle-alert" in text or "triangle-alert" in text


def test_of_a_contact_in_whose_name_somebody_writes_it_is_said_beside_the_company(
    reader, scene, session
):
    doubted = Meaning(suspicions=(Suspicion.DISOWNED,))
    make.filed_arrivals(session, scene.mailbox, [make.arrival(make.raw(), meaning=doubted)])
    session.commit()

    assert "Sender in doubt" in row(reader)


def test_an_invitation_bears_a_calendar(reader, session, mailbox):
    meant = Meaning(meetings=(make.meeting(),))
    make.filed_arrivals(session, mailbox, [make.arrival(make.raw(), meaning=meant)])
    session.commit()

    assert "calendar" in row(reader)


def test_the_company_of_whoever_is_only_told_of_is_not_the_threads(reader, scene, session):
    raw = make.raw("Eve <eve@gmail.com>", subject="Whom you asked for")
    jana = Details(name="Jana", emails=("jana@severka.test",))
    make.filed_arrivals(session, scene.mailbox, [make.arrival(raw, meaning=Meaning(cards=(jana,)))])
    session.commit()

    [listed] = re.findall(
        r'(?s)<a class="thread(?:(?!</a>).)*Whom you asked for.*?</a>', row(reader)
    )
    assert "Severka" not in listed
