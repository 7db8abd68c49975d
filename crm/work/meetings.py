"""Meetings, beside the messages that are about them and on timelines.

Their words are those of their newest letter, so who may not read that is told nothing; who may
read its head alone is told what and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from crm.mail import visibility
from crm.mail.meaning import Answer, Attendee, Named
from crm.mail.models import Message, Shares
from crm.work.models import AttendeeRow, MeetingMessage, MeetingRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Executable

    from crm.base.db import Session
    from crm.mail.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it stands, as far as its viewer may know."""

    id: UUID
    summary: str
    place: str
    starts_at: datetime | None
    ends_at: datetime | None
    whole_day: bool
    repeats: bool
    organizer: Named
    moved_from: datetime | None
    off: bool
    attendees: tuple[Attendee, ...]


_IDS = bindparam("ids", type_=ARRAY(Uuid()))
_NEWEST = (Message.workspace_id == MeetingRow.workspace_id) & (Message.id == MeetingRow.message_id)
_OF_IDS = (
    select(MeetingRow, visibility.level())
    .join(Message, _NEWEST)
    .where(MeetingRow.id == any_(_IDS), visibility.of(Shares.HEADERS))
)
_OF_MESSAGES = (
    select(MeetingRow, visibility.level(), MeetingMessage.message_id)
    .join(Message, _NEWEST)
    .join(
        MeetingMessage,
        (MeetingMessage.workspace_id == MeetingRow.workspace_id)
        & (MeetingMessage.meeting_id == MeetingRow.id),
    )
    .where(MeetingMessage.message_id == any_(_IDS), visibility.of(Shares.EVERYTHING))
    .order_by(MeetingRow.starts_at, MeetingRow.id)
)
_ATTENDEES = (
    select(AttendeeRow)
    .join(
        MeetingRow,
        (MeetingRow.workspace_id == AttendeeRow.workspace_id)
        & (MeetingRow.id == AttendeeRow.meeting_id),
    )
    .join(Message, _NEWEST)
    .where(AttendeeRow.meeting_id == any_(_IDS), visibility.of(Shares.EVERYTHING))
    .order_by(AttendeeRow.meeting_id, AttendeeRow.position)
)


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Meeting, ...]]:
    """Return the meetings that messages are about.

    Whoever asks names such messages alone as the viewer may read all of.
    """
    found: dict[UUID, tuple[Meeting, ...]] = {}
    for meeting, message_id in _found(session, viewer, _OF_MESSAGES, message_ids):
        found[message_id] = (*found.get(message_id, ()), meeting)
    return found


def of_lines(session: Session, viewer: Viewer, activity_ids: Sequence[UUID]) -> dict[UUID, Meeting]:
    """Return the meetings whose lines stand on a timeline; asked only where there are such."""
    if not activity_ids:
        return {}
    found = _found(session, viewer, _OF_IDS, activity_ids)
    return {meeting.id: meeting for meeting, *_message in found}


def _found(
    session: Session, viewer: Viewer, statement: Executable, asked: Sequence[UUID]
) -> list[tuple[Any, ...]]:
    """Return meetings with what else their rows say, the attendees only where all may be read."""
    eyes = visibility.values(viewer)
    rows = session.execute(statement, {"ids": list(asked), **eyes}).all()
    open_ = [row.id for row, level, *_more in rows if level >= Shares.EVERYTHING]
    people: dict[UUID, list[Attendee]] = {}
    if open_:
        for one in session.scalars(_ATTENDEES, {"ids": open_, **eyes}):
            attendee = Attendee(Named(one.name, one.email), Answer(one.answer))
            people.setdefault(one.meeting_id, []).append(attendee)
    return [
        (_meeting(row, tuple(people.get(row.id, ())), everything=level >= Shares.EVERYTHING), *more)
        for row, level, *more in rows
    ]


def _meeting(row: MeetingRow, people: tuple[Attendee, ...], *, everything: bool) -> Meeting:
    return Meeting(
        row.id,
        row.summary,
        row.place if everything else "",
        row.starts_at,
        row.ends_at,
        row.whole_day,
        row.repeats,
        Named(row.organizer_name, row.organizer_email) if everything else Named(),
        row.moved_from,
        row.cancelled_at is not None,
        people,
    )
