"""The rows of the thread list, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, url_for

from addon import authorship
from addon.cards import parts
from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.mail import bounced, messages
from crm.mail.letter import Kind, Role
from crm.mail.models import Direction, Shares
from crm.people import contacts
from crm.sales import deals, pipelines
from crm.work import reasons
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.web.views import ThreadRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.mail.inbox import Row
    from crm.mail.models import Participant
    from crm.mail.visibility import Viewer
    from crm.sales.models import Deal, Stage
    from crm.workspace.models import User

_PERSONAL = (Kind.PERSON, Kind.INVITATION)


def rows(
    found: Sequence[Row],
    viewer: Viewer,
    now: datetime,
    selected: UUID | None,
    kept: Mapping[str, Any],
) -> tuple[ThreadRow, ...]:
    """Say of each thread who, what and when, and in the third line what it is about or why not."""
    user = viewer.user
    ids = [row.message.id for row in found]
    people: dict[UUID, list[Participant]] = {}
    for p in messages.participants(g.session, viewer, ids):
        people.setdefault(p.message_id, []).append(p)
    contact_ids = [p.contact_id for several in people.values() for p in several if p.contact_id]
    named = contacts.with_companies(g.session, user, contact_ids)
    linked: dict[UUID, tuple[Deal, Stage]] = {}
    if permissions.allowed(user, May.SEE_DEALS):
        linked = deals.of_threads(g.session, user, [row.thread_id for row in found])
    returned = bounced.in_threads(g.session, viewer, [row.thread_id for row in found])
    return tuple(
        _row(
            row,
            people.get(row.message.id, []),
            named,
            linked.get(row.thread_id),
            user,
            now,
            selected,
            kept,
            returned=row.thread_id in returned,
        )
        for row in found
    )


def _row(
    row: Row,
    people: Sequence[Participant],
    named: dict[UUID, tuple[str, str]],
    linked: tuple[Deal, Stage] | None,
    user: User,
    now: datetime,
    selected: UUID | None,
    kept: Mapping[str, Any],
    *,
    returned: bool,
) -> ThreadRow:
    message, zone = row.message, showing.zone(user.time_zone)
    machine = Kind(message.kind) not in _PERSONAL
    third, end = _third(row, people, named, linked)
    if message.suspicions and message.unfiled != "in_doubt":
        third = parts.beside(_("Sender in doubt"), third)
    if returned and Kind(message.kind) is not Kind.BOUNCE:
        third = parts.beside(_("Came back"), third)
    today = now.astimezone(zone).date()
    if message.returns_on is not None and message.returns_on > today:
        third = parts.beside(parts.back_on(message.returns_on, today), third)
    # What was searched for opens at the message that has it, which need not be the last.
    found: dict[str, Any] = {"message": message.id} if "q" in kept else {}
    return ThreadRow(
        id=str(row.thread_id),
        href=url_for("inbox.thread", thread_id=row.thread_id, **kept, **found),
        who=_who(row, people),
        count=row.messages,
        when_text=showing.moment(row.last_at, now, zone),
        when_iso=row.last_at.isoformat(),
        when_full=showing.exact(row.last_at, zone),
        subject=showing.straight(message.subject) or _("No subject"),
        snippet=showing.straight(message.snippet),
        third_line=third,
        end_text=end,
        unread=row.unseen > 0,
        selected=row.thread_id == selected,
        private=row.shares is Shares.NOTHING,
        mark=_mark(row, machine=machine, returned=returned),
    )


def _mark(row: Row, *, machine: bool, returned: bool) -> str:
    """Return the sign that stands before the third line: what one should know first."""
    m = row.message
    if m.suspicions:
        return "triangle-alert"
    if returned or Kind(m.kind) is Kind.BOUNCE:
        return "circle-alert"
    if "meeting" in m.means.split():
        return "calendar"
    return "newspaper" if machine else ""


def _who(row: Row, people: Sequence[Participant]) -> str:
    """Name the other side: who wrote, or to whom we did."""
    message = row.message
    if message.direction == Direction.OUT:
        to = next((p for p in people if p.role == Role.TO and p.contact_id), None)
        to = to or next((p for p in people if p.role == Role.TO), None)
        if to is not None:
            return _("To {name}").format(name=isolate(to.name or to.email))
    # A list has no room for a warning: a name that shows another address is left out.
    return authorship.words(message) or _("Nobody")


def _third(
    row: Row,
    people: Sequence[Participant],
    named: dict[UUID, tuple[str, str]],
    linked: tuple[Deal, Stage] | None,
) -> tuple[str, str]:
    """Say what the thread is about: company and stage, or why it is logged nowhere."""
    took_part = (p for p in people if p.role not in (Role.ORIGINAL, Role.INTRODUCED))
    companies = (named[p.contact_id][1] for p in took_part if p.contact_id in named)
    company = next((name for name in companies if name), "")
    if linked is not None:
        deal, stage = linked
        amount = parts.amount(deal)
        about = (company, pipelines.name_of(stage))
        return " · ".join(isolate(word) for word in about if word), amount
    if row.message.unfiled:
        m = row.message
        return reasons.of_unfiled(m.unfiled, m.kind_reason, Kind(m.kind)), ""
    about = (reasons.of_kind(Kind(row.message.kind)), company)
    return parts.beside(*about), ""
