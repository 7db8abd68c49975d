"""Write a note on records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import ids, once
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.showing import number
from crm.work import timeline
from crm.work.models import ActivityKind, Note, Record
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: Characters of a note: it is read whole on timelines, and nowhere else.
LONGEST = 2_000


def write(
    session: Session,
    text: str,
    *,
    by: User,
    at: datetime,
    on: Sequence[tuple[Record, UUID]],
    note_id: UUID | None = None,
) -> Note:
    """Write a note, and put it on the timelines of records. InvalidError or NotFoundError.

    Under an id that is given it is written once, however often this is asked: see `once.insert`.
    """
    permissions.check(by, May.WRITE)
    text = text.replace("\x00", "").strip()
    if not text:
        raise InvalidError(_("The note is empty. Nothing was saved."))
    if not on:
        raise InvalidError(_("There is no contact and no deal to write on. Nothing was saved."))
    if len(text) > LONGEST:
        problem = _("A note has at most {most} characters. Yours has {count}; nothing was saved.")
        raise InvalidError(problem.format(most=number(LONGEST), count=number(len(text))))
    note = Note(
        workspace_id=by.workspace_id, id=note_id or ids.new(), text=text, user_id=by.id, at=at
    )
    summary = " ".join(text.split())
    with session.begin_nested():  # A note that stands nowhere would be lost to everyone.
        made = once.insert(session, note, same=("text", "user_id"))
        if made is not None:
            timeline.record(
                session,
                ActivityKind.NOTE,
                by=by,
                at=at,
                summary=summary,
                on=on,
                activity_id=made.id,
            )
    return made or note  # What is there already is the same.
