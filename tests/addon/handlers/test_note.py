"""Notes beside a message."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.work.models import ActivityLink, Note, Record
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
    assert "Call before noon\n12:00\u202fPM · Ana Kovač" in words(answer)
    assert "Call before noon" in words(beside.ask("message", scene.later))


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), (" \n\t", "is empty"), ("x" * 10_001, "at most 10000")]
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
