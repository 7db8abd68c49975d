"""The people outside: a list by name, and each with what was said and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from addon import bouncing
from addon.cards import parts
from crm.base import clock, ids, showing
from crm.base.i18n import gettext as _
from crm.filing import suggestions
from crm.mail import reach, visibility
from crm.people import contacts
from crm.people.models import Lifecycle
from crm.sales import deals, pipelines
from crm.work import tasks
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import records, room
from server.web.views import Empty, initials

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.people.models import Contact

pages = Blueprint("contacts", __name__, url_prefix="/contacts")


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as the list shows them."""

    href: str
    name: str
    initials: str
    company: str
    email: str
    lifecycle: str
    last: str


@pages.get("")
def listed() -> ResponseReturnValue:
    """Show the contacts by name."""
    page = contacts.page(g.session, user(), ids.parse(request.args.get("after", "")))
    more = url_for("contacts.listed", after=str(page.next)) if page.next else ""
    text = _("People you write to appear here by themselves once a mailbox is connected.")
    empty = Empty("nothing", _("No contacts yet"), text, room.connecting(), icon="users")
    return render_template(
        "contacts.html", rows=[_row(c) for c in page.contacts], more=more, empty_list=empty
    )


@pages.get("/<uuid:contact_id>")
def one(contact_id: UUID) -> ResponseReturnValue:
    """Show a contact: who they are, what is open, and everything that was."""
    me = user()
    viewer = visibility.viewer(g.session, me)
    contact = contacts.get(g.session, me, contact_id)
    before = request.args.get("before", "")
    sees_deals = permissions.allowed(me, May.SEE_DEALS)
    linked = deals.beside(g.session, me, contact_id=contact.id) if sees_deals else []
    stages = pipelines.names(g.session, me.workspace_id) if linked else {}
    own = tasks.open_about(
        g.session, me, contact_id=contact.id, thread_id=None, deal_ids=[d.id for d in linked]
    )
    zone = showing.zone(me.time_zone)
    today = clock.now().astimezone(zone).date()
    emails = [address.email for address in contact.addresses]
    reached = reach.of_addresses(g.session, viewer, emails, today=today)
    return render_template(
        "contact.html",
        contact=contact,
        initials=initials(contact.name),
        lifecycle=lifecycle_name(contact.lifecycle),
        deals=[(deal.name, parts.amount(deal), stages[deal.stage_id]) for deal in linked],
        tasks=[(task.title, showing.due(task.due_on, today)) for task in own],
        details=records.details(contact, zone),
        ignored=records.ignored(viewer, contact),
        may_edit=permissions.allowed(me, May.EDIT_RECORDS),
        lost=[bouncing.of_address(e, at, today, zone) for e, at in reached.lost.items()],
        back_on=parts.back_on(reached.back_on, today) if reached.back_on else "",
        past=records.past(viewer, contact.id, before),
        begun=before,
    )


@pages.post("/<uuid:contact_id>/suggest-again")
def suggest_again(contact_id: UUID) -> ResponseReturnValue:
    """Let a value that was ignored be suggested again."""
    contact = contacts.get(g.session, user(), contact_id)
    viewer = visibility.viewer(g.session, user())
    key = request.form.get("detail", "")
    suggestions.suggest_again(g.session, viewer, contact, key)
    flash(_("It is suggested again."))
    return redirect(url_for("contacts.one", contact_id=contact.id), 303)


def lifecycle_name(value: str) -> str:
    """Return how far a contact has come, in the language spoken here; "" where everyone begins."""
    names = {
        Lifecycle.LEAD: "",
        Lifecycle.MQL: _("Marketing qualified"),
        Lifecycle.SQL: _("Sales qualified"),
        Lifecycle.OPPORTUNITY: _("Opportunity"),
        Lifecycle.CUSTOMER: _("Customer"),
        Lifecycle.FORMER: _("Former customer"),
    }
    return names[Lifecycle(value)]


def _row(contact: Contact) -> Row:
    last = max((at for at in (contact.last_in_at, contact.last_out_at) if at), default=None)
    return Row(
        url_for("contacts.one", contact_id=contact.id),
        contact.name,
        initials(contact.name),
        contact.company.name if contact.company else "",
        contact.addresses[0].email if contact.addresses else "",
        lifecycle_name(contact.lifecycle),
        _moment(last) if last else "",
    )


def _moment(at: datetime) -> str:
    return showing.moment(at, clock.now(), showing.zone(user().time_zone))
