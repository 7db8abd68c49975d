"""Meetings, beside the messages that are about them and on timelines.

A viewer is shown how a meeting stands after those messages about it that this viewer may read:
what else there is changes nothing for them. A message whose head alone they may read tells them
what and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, select, true

from crm.base.db import table
from crm.mail import meaning, visibility
from crm.mail.meaning import Answer, Attendee, Method, Named, Rhythm
from crm.mail.models import Message, Shares
from crm.work import convening
from crm.work.convening import Said, Unheard
from crm.work.models import MeetingMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer
    from crm.work.convening import Standing


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it stands, as far as its viewer may know."""

    id: UUID  # of its line
    at: datetime  # where that stands
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
    rhythm: Rhythm = Rhythm.NONE
    every: int = 1
    # Of the message beside which it stands: why that changes nothing, who was told not to come.
    unheard: Unheard | None = None
    uninvited: tuple[Named, ...] = ()


#: So many letters are heard about one meeting, the newest: its organizer's before all others, and
#: last those of which nobody knows whose they are.
MOST = 500

_asked, _said = table(MeetingMessage).alias("asked"), table(MeetingMessage).alias("said")
_REFS = (
    select(_asked.c.workspace_id, _asked.c.ref)
    .where(
        _asked.c.workspace_id == bindparam("workspace_id"),
        _asked.c.message_id == any_(bindparam("ids", type_=ARRAY(Uuid()))),
    )
    .distinct()
    .subquery("refs")
)
_OF_REF = (
    select(_said, visibility.level().label("level"), Message.at.label("at"))
    .join_from(
        _said,
        Message,
        (Message.workspace_id == _said.c.workspace_id) & (Message.id == _said.c.message_id),
    )
    .where(
        _said.c.workspace_id == _REFS.c.workspace_id,
        _said.c.ref == _REFS.c.ref,
        visibility.of(Shares.HEADERS),
    )
    .order_by(
        and_(_said.c.author != "", _said.c.author == _said.c.organizer_email).desc(),
        (_said.c.author != "").desc(),
        Message.at.desc(),
        Message.id,
    )
    .limit(MOST)
    .lateral("letters")
)
_LETTERS = select(_OF_REF).join_from(_REFS, _OF_REF, true())


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, tuple[Meeting, ...]]:
    """Return the meetings that messages are about, the first to begin first.

    Whoever asks names such messages alone as the viewer may read all of.
    """
    asked = frozenset(message_ids)
    found: dict[UUID, list[Meeting]] = {}
    for rows in _heard(session, viewer, message_ids):
        letters = [letter(row, whole=_is_whole(row)) for row in rows]
        standing = convening.stand(letters)
        for told, said in letters:
            if said.message_id not in asked or not said.whole:
                continue
            why = convening.unheard(standing, told, said)
            shown = standing or (convening.alone(told, said) if why else None)
            if shown is not None:
                gone = convening.uninvited(standing, told, said)
                meeting = replace(_meeting(rows, shown), unheard=why, uninvited=gone)
                found.setdefault(said.message_id, []).append(meeting)
    return {id_: tuple(sorted(several, key=_order)) for id_, several in found.items()}


def of_lines(session: Session, viewer: Viewer, message_ids: Sequence[UUID]) -> dict[UUID, Meeting]:
    """Return the meetings that stand by these messages, each by the id of its line.

    Where the viewer may read what changed one since then, it stands by another message.
    """
    if not message_ids:
        return {}
    found: dict[UUID, Meeting] = {}
    for rows in _heard(session, viewer, message_ids):
        standing = convening.stand(letter(row, whole=_is_whole(row)) for row in rows)
        if standing is not None:
            meeting = _meeting(rows, standing)
            found[meeting.id] = meeting
    return found


def letter(row: Any, *, whole: bool) -> tuple[meaning.Meeting, Said]:
    """Return what a row of `meeting_message`, with the moment of its message, says of a meeting."""
    told = meaning.Meeting(
        method=Method(row.method),
        uid="",
        sequence=row.sequence,
        recurrence="",
        summary=row.summary,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        whole_day=row.whole_day,
        repeats=row.repeats,
        organizer=Named(row.organizer_name, row.organizer_email),
        attendees=tuple(
            Attendee(Named(name, email), Answer(answer)) for name, email, answer in row.attendees
        ),
        cancelled=row.cancelled,
        rhythm=Rhythm(row.rhythm),
        every=row.every,
    )
    return told, Said(row.author, row.message_id, row.at, whole)


def _heard(session: Session, viewer: Viewer, message_ids: Sequence[UUID]) -> Iterable[list[Any]]:
    """Return what the viewer may read about the meetings of messages, apart for each of them."""
    values = {"ids": list(message_ids), **visibility.values(viewer)}
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(_LETTERS, values):
        found.setdefault(row.ref, []).append(row)
    return found.values()


def _is_whole(row: Any) -> bool:
    return bool(row.level >= Shares.EVERYTHING)


def _order(meeting: Meeting) -> tuple[datetime, UUID]:
    return meeting.starts_at or meeting.at, meeting.id


def _meeting(rows: Iterable[Any], one: Standing) -> Meeting:
    whole = one.said.whole
    return Meeting(
        next(row.line_id for row in rows if row.message_id == one.said.message_id),
        one.at,
        one.summary,
        one.place if whole else "",
        one.starts_at,
        one.ends_at,
        one.whole_day,
        one.repeats,
        one.organizer if whole else Named(),
        one.moved_from,
        one.cancelled_at is not None,
        tuple(Attendee(seat.who, seat.answer) for seat in one.seats.values()) if whole else (),
        one.rhythm,
        one.every,
    )
