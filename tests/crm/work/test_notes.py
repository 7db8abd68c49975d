"""Notes: written on records, never empty, never endless."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ForbiddenError, InvalidError, NotFoundError
from crm.base.money import Money
from crm.filing import adding
from crm.mail import visibility
from crm.sales import deals
from crm.work import notes, timeline
from crm.work.models import Activity, Note, Record
from crm.work.notes import LONGEST
from crm.workspace.models import User, Workspace
from tests import make

HOUR = timedelta(hours=1)


def test_a_note_stands_on_its_records_by_its_beginning(session: Session, ana: User) -> None:
    contact = adding.add_contact(session, "jana@severka.test", name="Jana", by=ana, at=make.NOW).id
    deal = deals.make(session, "Steel", Money(1, "EUR"), by=ana, at=make.NOW - HOUR).id
    on = [(Record.CONTACT, contact), (Record.DEAL, deal)]

    note = notes.write(session, "  Called.\n\nWants  steel.  ", by=ana, at=make.NOW, on=on)

    assert note.text == "Called.\n\nWants  steel."
    for record in (contact, deal):
        entry = timeline.page(session, visibility.viewer(session, ana), record).entries[0]
        assert (entry.id, entry.summary, entry.at) == (note.id, "Called. Wants steel.", make.NOW)


def test_a_long_note_is_kept_and_read_whole(session: Session, ana: User) -> None:
    record = adding.add_contact(session, "jana@severka.test", name="J", by=ana, at=make.NOW).id

    note = notes.write(session, "ř" * LONGEST, by=ana, at=make.NOW, on=[(Record.CONTACT, record)])

    assert len(note.text) == LONGEST
    [entry] = timeline.page(session, visibility.viewer(session, ana), record).entries
    assert entry.summary == note.text


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00", "x" * (LONGEST + 1)])
def test_what_is_no_note_saves_nothing(session: Session, ana: User, text: str) -> None:
    with pytest.raises(InvalidError, match=r"[Nn]othing was saved"):
        notes.write(session, text, by=ana, at=make.NOW, on=[(Record.CONTACT, ids.new())])

    assert session.scalars(select(Note)).all() == []
    assert session.scalars(select(Activity)).all() == []


@pytest.mark.parametrize("record", list(Record))
def test_a_record_that_is_not_there_takes_no_note(
    session: Session, ana: User, record: Record
) -> None:
    with pytest.raises(NotFoundError, match="Nothing was saved"):
        notes.write(session, "Hello", by=ana, at=make.NOW, on=[(record, ids.new())])

    assert session.scalars(select(Note)).all() == []
    assert session.scalars(select(Activity)).all() == []


def test_a_reader_writes_no_note(session: Session, workspace: Workspace) -> None:
    reader = make.user(session, workspace, "r@halden.test", role="reader")

    with pytest.raises(ForbiddenError):
        notes.write(session, "Hello", by=reader, at=make.NOW, on=[])

    assert session.scalars(select(Note)).all() == []
