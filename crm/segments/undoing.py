"""Take back what was done to the fields and tags of records, as one act.

What somebody has changed since then stays as they left it, and is told of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm.base.errors import ConflictError, CRMError, NotFoundError
from crm.base.i18n import gettext as _
from crm.filing import editing
from crm.people import companies, contacts
from crm.people.models import Company, Contact
from crm.work import objects
from crm.work.models import ObjectRecord
from crm.workspace import audit, changing, object_types, reaching, tags
from crm.workspace.changing import How
from crm.workspace.models import AuditVerb
from crm.workspace.permissions import Deed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.workspace.models import AuditEntry, User


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records are as they were, and how many somebody has changed since then."""

    records: int
    kept: int


def undo(session: Session, act_id: UUID, *, by: User, at: datetime) -> Undone:
    """Let the fields and tags that an act changed say again what they said before.

    Doing it twice is once. Raises NotFoundError for no act of theirs, ConflictError where nothing
    of it could be taken back.
    """
    told = audit.of_act(session, by.workspace_id, act_id)
    mine = [entry for entry in told if entry.verb == AuditVerb.CHANGED and entry.user_id == by.id]
    if not mine:
        raise NotFoundError(_("There is nothing to take back here."))
    by_record: dict[tuple[str, UUID], list[AuditEntry]] = defaultdict(list)
    for entry in mine:
        by_record[entry.subject, entry.record_id].append(entry)
    how = How(by, at)
    done = kept = 0
    for (subject, record_id), entries in by_record.items():
        try:
            with session.begin_nested():
                _restore(session, subject, record_id, entries, how)
            done += 1
        except CRMError:
            kept += 1
    if not done:
        problem = _("Somebody has changed it since then. Nothing was taken back.")
        raise ConflictError(problem)
    return Undone(done, kept)


def _restore(
    session: Session, subject: str, record_id: UUID, entries: Sequence[AuditEntry], how: How
) -> None:
    borne = [entry for entry in entries if entry.field == "tags"]
    texts = {entry.field: entry.before for entry in entries if entry.field != "tags"}
    was = {entry.field: entry.after for entry in entries}
    record = _record(session, subject, record_id, how.by)
    reaching.check(session, how.by, subject, record.owner_id, Deed.EDIT)
    for entry in borne:
        if entry.after:
            tag = tags.resolve(session, how.by.workspace_id, entry.after)
            tags.take_off(session, subject, [record_id], tag, by=how.by, at=how.at)
        else:
            tags.put(session, subject, [record_id], entry.before, by=how.by, at=how.at)
    if not texts:
        return
    match record:
        case Contact():
            editing.restore_contact(session, record, texts, how, was=was)
        case Company():
            known = companies.known_fields(session, record.workspace_id)
            changing.restore(session, record, known, texts, how, was=was)
        case _:
            known = objects.known_fields(session, record.workspace_id, subject)
            changing.restore(session, record, known, texts, how, was=was)
    session.flush()


def _record(session: Session, subject: str, record_id: UUID, by: User) -> Any:
    """Return a record of a sort within somebody's reach. Raises NotFoundError."""
    if subject == "contact":
        return contacts.get(session, by, record_id)
    if subject == "company":
        return companies.get(session, by, record_id)
    kind = object_types.get(session, by.workspace_id, subject)
    record: ObjectRecord = objects.get(session, by, kind, record_id)
    return record
