"""A record as its page shows it: the timeline by days, each line with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from flask import g, url_for

from addon import bouncing, convening
from addon.cards import parts
from addon.cards.contact_parts import DETAILS, FROM_LEFT
from crm.base import clock, showing
from crm.base.i18n import gettext as _
from crm.filing import suggestions
from crm.mail import bounced
from crm.mail.letter import Kind
from crm.mail.models import Shares
from crm.people.models import DetailKind, DetailSource, DetailState
from crm.work import reasons, timeline
from crm.work.models import ActivityKind
from server.web import leaving
from server.web.views import Day, TimelineRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from crm.mail.visibility import Viewer
    from crm.people.models import Contact, ContactDetail
    from crm.work.timeline import Entry


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail as a contact's page shows it, with where it comes from and since when."""

    label: str
    value: str
    course: str
    former: bool
    from_left: bool  # as phone numbers run, in every language


@dataclass(frozen=True, slots=True)
class Ignored:
    """A value that is suggested no more, with what a button names it by."""

    label: str
    value: str
    key: str
    from_left: bool


_ICONS = {
    ActivityKind.MESSAGE: "mail",
    ActivityKind.NOTE: "sticky-note",
    ActivityKind.TASK_DONE: "circle-check",
    ActivityKind.STAGE: "arrow-left-right",
    ActivityKind.DEAL_MADE: "handshake",
    ActivityKind.CALL: "phone",
    ActivityKind.MEETING: "calendar",
    ActivityKind.LIFECYCLE: "user",
}
_SIZE = 30


@dataclass(frozen=True, slots=True)
class Past:
    """A page of a timeline, by days, and where older lines begin."""

    days: tuple[Day, ...]
    older: str


def details(contact: Contact, zone: ZoneInfo) -> tuple[Detail, ...]:
    """Show what letters have told of a contact: what is so now, then what was.

    What somebody typed is shown where it once was; what they typed last stands in the fields.
    """
    typed = (DetailState.CURRENT, DetailSource.MANUAL)
    every = (d for d in contact.details if (d.state, d.source) != typed)
    told = [d for d in every if d.state != DetailState.IGNORED]
    told.sort(key=lambda d: d.state)
    return tuple(
        Detail(
            _(DETAILS[DetailKind(d.kind)]),
            d.value,
            _course(d, zone),
            d.state == DetailState.FORMER,
            d.kind in FROM_LEFT,
        )
        for d in told
    )


def ignored(viewer: Viewer, contact: Contact) -> tuple[Ignored, ...]:
    """Show what letters tell and somebody has said to be of no use."""
    found = suggestions.ignored(g.session, viewer, contact)
    kinds = [(DetailKind(detail.kind), detail.value) for detail in found]
    return tuple(
        Ignored(_(DETAILS[kind]), value, suggestions.key_of(kind, value), kind in FROM_LEFT)
        for kind, value in kinds
    )


def _course(detail: ContactDetail, zone: ZoneInfo) -> str:
    """Say since when letters have had it, or until when, and where it stood."""
    if detail.state == DetailState.FORMER and detail.until is not None:
        return _("until {day}").format(day=showing.date_of(detail.until.astimezone(zone).date()))
    if detail.since is None:
        return ""
    day = showing.date_of(detail.since.astimezone(zone).date())
    if detail.source == DetailSource.VCARD:
        return _("since {day}, from a vCard").format(day=day)
    return _("since {day}, from a signature").format(day=day)


def past(viewer: Viewer, record_id: UUID, before: str) -> Past:
    """Read a page of a record's timeline, behind the mark that an address names."""
    page = timeline.page(g.session, viewer, record_id, timeline.mark(before), size=_SIZE)
    zone, now = showing.zone(viewer.user.time_zone), clock.now()
    shown = [e.message_id for e in page.entries if e.message_id and e.seen >= Shares.HEADERS]
    notes = leaving.notes(viewer, shown)
    back = [e.message_id for e in page.entries if e.message_id and "returned" in e.means.split()]
    came_back = bounced.of_messages(g.session, viewer, back) if back else {}
    for message_id, several in came_back.items():
        said = (notes.get(message_id, ""), bouncing.of_message(several))
        notes[message_id] = " ".join(filter(None, said))
    days = tuple(_by_day(page.entries, zone, now, notes))
    return Past(days, str(page.older) if page.older else "")


def _by_day(
    entries: Sequence[Entry], zone: ZoneInfo, now: datetime, notes: Mapping[UUID, str]
) -> Iterator[Day]:
    today = now.astimezone(zone).date()
    found: list[TimelineRow] = []
    last = None
    for entry in entries:
        # A whole day begins at midnight UTC, wherever its viewer is.
        day = entry.at.astimezone(UTC if _is_whole_day(entry) else zone).date()
        if last is not None and day != last:
            yield Day(showing.day_heading(last, today), tuple(found))
            found = []
        last = day
        found.append(_row(entry, now, zone, notes))
    if last is not None:
        yield Day(showing.day_heading(last, today), tuple(found))


def _row(entry: Entry, now: datetime, zone: ZoneInfo, notes: Mapping[UUID, str]) -> TimelineRow:
    hidden = entry.message_id is not None and entry.seen < Shares.HEADERS
    href = ""
    if entry.message_id and entry.thread_id and not hidden:
        thread = entry.thread_id
        href = url_for("inbox.thread", thread_id=thread, view="all", message=entry.message_id)
    reason = reasons.of_link(entry.rule) if entry.message_id else ""
    said = entry.message_id if entry.meeting is None else None
    note = notes.get(said, "") if said else ""
    return TimelineRow(
        id=str(entry.id),
        icon="lock" if hidden else _icon(entry),
        text=_text(entry, now, zone),
        who=showing.straight(entry.who),
        href=href,
        reason=" ".join(filter(None, (note, reason))),
        when_text="" if _is_whole_day(entry) else showing.clock_time(entry.at, zone),
        when_iso=entry.at.isoformat(),
        when_full=showing.exact(entry.at, zone),
        automatic=entry.automatic,
        snippet=showing.straight(entry.snippet) if entry.meeting is None else "",
    )


def _is_whole_day(entry: Entry) -> bool:
    return entry.meeting is not None and entry.meeting.whole_day


def _icon(entry: Entry) -> str:
    if entry.message_kind == Kind.BOUNCE:
        return "circle-alert"
    if entry.in_doubt:
        return "triangle-alert"
    return _ICONS.get(entry.kind, "sticky-note")


def _text(entry: Entry, now: datetime, zone: ZoneInfo) -> str:
    if entry.meeting is not None:
        return convening.sentence(entry.meeting, now, zone)
    return showing.straight(entry.summary) or parts.unsaid(entry)
