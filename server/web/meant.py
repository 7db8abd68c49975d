"""What messages of a thread mean beside their words: what came back, was passed on, is arranged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g

from addon import bouncing, convening, passing, suspecting
from addon.cards import parts
from crm.mail import bounced, passed_on
from crm.mail.letter import Kind
from crm.mail.models import Shares
from crm.work import meetings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from crm.mail.bounced import Returned
    from crm.mail.messages import Seen
    from crm.mail.models import ForwardRow
    from crm.mail.visibility import Viewer
    from crm.work.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence above a message, how bad it is, and its sign."""

    text: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting that a message is about."""

    title: str
    when_text: str
    when_full: str
    place: str
    standing: str
    moved: str
    off: bool
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What stands in tables of its own beside the messages of a page."""

    returned: Mapping[UUID, tuple[Returned, ...]]
    claimed: Mapping[UUID, tuple[Returned, ...]]  # by bounces that name no message of ours
    passed_on: Mapping[UUID, ForwardRow]
    meetings: Mapping[UUID, tuple[Meeting, ...]]


def of(viewer: Viewer, shown: Sequence[Seen]) -> Meant:
    """Gather what messages mean; of most there is nothing, and nothing is asked."""
    back = _which(shown, "returned", Shares.HEADERS)
    forwards = _which(shown, "forward", Shares.EVERYTHING)
    arranged = _which(shown, "meeting", Shares.EVERYTHING)
    bounces = [seen.message.id for seen in shown if seen.kind is Kind.BOUNCE]
    return Meant(
        bounced.of_messages(g.session, viewer, back) if back else {},
        bounced.claimed(g.session, viewer, bounces) if bounces else {},
        passed_on.of_messages(g.session, viewer, forwards) if forwards else {},
        meetings.of_messages(g.session, viewer, arranged) if arranged else {},
    )


def told(meant: Meant, seen: Seen, now: datetime, zone: ZoneInfo) -> tuple[Told, ...]:
    """Say what is to be said above a message."""
    return tuple(_told(meant, seen, now.astimezone(zone).date()))


def meetings_of(meant: Meant, seen: Seen, now: datetime, zone: ZoneInfo) -> tuple[MeetingView, ...]:
    """Show the meetings that a message is about."""
    return tuple(
        MeetingView(
            title=convening.title(meeting),
            when_text=convening.when(meeting, now, zone),
            when_full=convening.exact(meeting, zone),
            place=convening.place(meeting),
            standing=convening.standing(meeting),
            moved=convening.moved(meeting, now, zone),
            off=meeting.off,
            people=tuple(convening.people(meeting)),
        )
        for meeting in meant.meetings.get(seen.message.id, ())
    )


def _told(meant: Meant, seen: Seen, today: date) -> Iterator[Told]:
    m = seen.message
    for said in suspecting.warnings(m):
        yield Told(said, "warn", "triangle-alert")
    for meeting in meant.meetings.get(m.id, ()):
        if said := convening.unheard(meeting):
            yield Told(said, "warn", "triangle-alert")
        if said := convening.uninvited(meeting):
            yield Told(said, "", "calendar")
    returned = meant.returned.get(m.id, ())
    for one in returned[: bouncing.NAMED]:
        yield Told(bouncing.words(one), "warn" if one.permanent is False else "bad", "circle-alert")
    if claim := bouncing.claim(meant.claimed.get(m.id, ())):
        yield Told(claim, "", "circle-alert")
    if more := bouncing.further(len(returned) - bouncing.NAMED):
        yield Told(more, "bad", "circle-alert")
    if seen.level >= Shares.EVERYTHING and m.returns_on is not None and m.returns_on > today:
        yield Told(parts.back_on(m.returns_on, today), "", "clock")
    row = meant.passed_on.get(m.id)
    line = passing.line(row, today) if row is not None else ""
    if line:
        yield Told(line, "", "forward")


def _which(shown: Sequence[Seen], word: str, least: Shares) -> list[UUID]:
    return [
        seen.message.id
        for seen in shown
        if seen.level >= least and word in seen.message.means.split()
    ]
