"""Notes beside a message."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.base.money import Money
from crm.sales import deals
from crm.work.models import ActivityLink, Note, Record
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, words


@pytest.mark.parametrize("host", HOSTS)
def test_a_note_stands_in_the_database_and_beside_the_other_messages(scene, host):
    beside = Beside(scene.session, scene.ana, host)
    form = beside.ask("note/new", scene.first)

    save = buttons(form)["Save"]
    answer = beside.ask(save.function, scene.first, {"text": "Call\nbefore noon"})

    assert answer.notice == "The note is saved."
    note = scene.session.scalar(select(Note).where(Note.text == "Call\nbefore noon"))
    on = scene.session.scalars(
        select(ActivityLink.record).where(ActivityLink.activity_id == note.id)
    )
    assert set(on) == {Record.CONTACT, Record.COMPANY, Record.DEAL}
    assert "Call before noon\nNote · 12:00\u202fPM · Ana Kovač" in words(answer)
    assert "Call before noon" in words(beside.ask("message", scene.later))


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), (" \n\t", "is empty"), ("x" * 2_001, "at most 2,000")]
)
def test_a_note_that_cannot_be_taken_leaves_the_form_as_it_is(scene, text, said):
    answer = Beside(scene.session, scene.ana).ask("note/save", scene.first, {"text": text})

    assert answer.card is None
    assert said in answer.notice


def test_where_there_is_no_record_a_note_is_refused_or_kept_in_sight(scene):
    """A note on nobody's timeline would be lost to everyone."""
    answer = Beside(scene.session, scene.ana).ask("note/save", scene.among, {"text": "Lost"})

    assert answer.card is None
    assert scene.session.scalar(select(Note).where(Note.text == "Lost")) is None


def test_a_note_stands_on_all_deals_of_the_thread_and_on_no_other(scene):
    beside, session = Beside(scene.session, scene.ana), scene.session
    money = Money(1, "EUR")
    both, other = (deals.make(session, n, money, by=scene.ana, at=make.NOW) for n in ("B", "O"))
    deals.link_thread(session, both, scene.first.thread_id, by=scene.ana, at=make.NOW)
    deals.add_contact(session, other, scene.contact.id, by=scene.ana)
    (elsewhere,) = make.filed(session, scene.mailbox, make.raw(subject="Another matter")).new

    beside.ask("note/save", scene.first, {"text": "Here"})
    beside.ask("note/save", None, {"text": "There"}, message=str(elsewhere))

    assert deals_with(session, "Here") == {scene.deal.id, both.id}
    assert deals_with(session, "There") == set()


def deals_with(session, text):
    """Return the deals on whose timelines a note stands."""
    query = select(ActivityLink.record_id).join(Note, Note.id == ActivityLink.activity_id)
    return set(session.scalars(query.where(Note.text == text, ActivityLink.record == Record.DEAL)))
