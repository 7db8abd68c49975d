"""A row under an id that was chosen: inserted once; of something else under it, we hear."""

from __future__ import annotations

from uuid import UUID

import pytest

from crm.base import ids, once
from crm.base.db import Session
from crm.base.errors import ConflictError
from crm.work.models import Note
from crm.workspace.models import User
from tests import make


def note(by: User, note_id: UUID, text: str = "Called") -> Note:
    return Note(workspace_id=by.workspace_id, id=note_id, text=text, user_id=by.id, at=make.NOW)


def test_a_row_is_inserted_once(session: Session, ana: User) -> None:
    chosen = ids.new()

    made = once.insert(session, note(ana, chosen), same=("text",))
    again = once.insert(session, note(ana, chosen), same=("text",))

    assert made is session.get(Note, (ana.workspace_id, chosen))
    assert again is None


def test_another_row_under_the_same_id_is_refused(session: Session, ana: User) -> None:
    chosen = ids.new()
    once.insert(session, note(ana, chosen), same=("text",))

    with pytest.raises(ConflictError, match="saved already"):
        once.insert(session, note(ana, chosen, "Wrote"), same=("text",))

    assert session.get_one(Note, (ana.workspace_id, chosen)).text == "Called"
