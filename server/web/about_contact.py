"""A contact as their page shows them: how they are reached, what is open, what letters tell."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import g, url_for

from addon import bouncing
from addon.cards import parts
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.mail import reach
from crm.sales import deals, pipelines
from crm.work import tasks
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.web import about, records
from server.web.facts import DealLine, Fact, RecordView, Section, TaskLine
from server.web.listing import Cell, CellKind
from server.web.lists import Shown
from server.web.pieces import Piece
from server.web.shelves_of import CONTACTS
from server.web.views import Action, Empty, Notice, initials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.visibility import Viewer
    from crm.people.models import Contact
    from crm.sales.models import Deal

_FACTS = ("title", "company", "lifecycle", "rating", "owner", "persona", "country")


def view(viewer: Viewer, contact: Contact, before: str) -> RecordView:
    """Give the page of a contact to its template."""
    shown = Shown(CONTACTS, viewer.user)
    past = records.past(viewer, contact.id, before)
    here = url_for("contacts.one", contact_id=contact.id)
    linked = _deals(viewer, contact)
    return RecordView(
        str(contact.id),
        contact.name,
        _("Contacts"),
        url_for("contacts.listed"),
        past,
        initials(contact.name),
        subtitle=_subtitle(contact),
        tags=about.worn(shown, contact),
        actions=_actions(contact),
        notices=_notices(shown, viewer, contact),
        sections=tuple(_sections(shown, viewer, contact, linked)),
        older_href=f"{here}?before={past.older}" if past.older else "",
        empty_past=Empty(
            "nothing",
            _("Nothing here yet"),
            _("Messages with this contact appear here by themselves."),
            icon="mail",
        ),
        peek_title=contact.company.name if contact.company else contact.name,
        peek_text=", ".join(deal.name for deal in linked[:2]),
        facts_href=f"{here}?pane=card",
    )


def _subtitle(contact: Contact) -> tuple[Piece, ...]:
    found = [Piece(contact.title)] if contact.title else []
    if contact.company is not None:
        if found:
            found.append(Piece(" · "))
        href = url_for("companies.one", company_id=contact.company.id)
        found.append(Piece(contact.company.name, href))
    return tuple(found)


def _actions(contact: Contact) -> tuple[Action, ...]:
    if not contact.addresses:
        return ()
    return (Action(_("Write"), _mailto(contact.addresses[0].email), "mail", key="C"),)


def _mailto(email: str) -> str:
    """Return the link that writes to an address: what stands in it names nobody else (RFC 6068)."""
    return f"mailto:{quote(email, safe='@')}"


def _notices(shown: Shown, viewer: Viewer, contact: Contact) -> tuple[Notice, ...]:
    """Say which address is lost, and when somebody is back."""
    zone = showing.zone(viewer.user.time_zone)
    today = shown.at.astimezone(zone).date()
    emails = [address.email for address in contact.addresses]
    reached = reach.of_addresses(g.session, viewer, emails, today=today)
    said = [bouncing.of_address(e, at, today, zone) for e, at in reached.lost.items()]
    if reached.back_on:
        said.append(parts.back_on(reached.back_on, today))
    return tuple(Notice(text, ()) for text in said)


def _deals(viewer: Viewer, contact: Contact) -> list[Deal]:
    if not permissions.allowed(viewer.user, May.SEE_DEALS):
        return []
    return deals.beside(g.session, viewer.user, contact_id=contact.id)


def _sections(
    shown: Shown, viewer: Viewer, contact: Contact, linked: Sequence[Deal]
) -> Sequence[Section]:
    zone = showing.zone(viewer.user.time_zone)
    today = shown.at.astimezone(zone).date()
    stages = pipelines.names(g.session, viewer.user.workspace_id) if linked else {}
    own = tasks.open_about(
        g.session,
        viewer.user,
        contact_id=contact.id,
        thread_id=None,
        deal_ids=[deal.id for deal in linked],
    )
    told = about.facts(shown, contact, (*_FACTS, *about.added(shown)))
    return (
        Section("contact", _("Contact"), (*_reached(shown, contact), *told)),
        *_from_letters(shown, viewer, contact),
        Section(
            "deals",
            _("Deals"),
            deals=tuple(
                DealLine(
                    str(deal.id),
                    deal.name,
                    url_for("pipeline.listed"),
                    f"{parts.amount(deal)} · {stages[deal.stage_id]}",
                )
                for deal in linked
            ),
            none=_("None yet. Press Deal on the card beside a message."),
        ),
        Section(
            "tasks",
            _("Tasks"),
            tasks=tuple(
                TaskLine(str(task.id), task.title, "", showing.due(task.due_on, today))
                for task in own
            ),
            none=_("Nothing is promised."),
        ),
        about.related(shown, contact.id),
    )


def _reached(shown: Shown, contact: Contact) -> tuple[Fact, ...]:
    """Write the addresses and the phone."""
    found = [
        Cell(address.email, CellKind.ADDRESS, _mailto(address.email))
        for address in contact.addresses
    ]
    there = url_for("contacts.addresses", contact_id=contact.id)
    more = Action(_("Add"), there, dialog=True) if shown.may_edit else None
    first = found[0] if found else Cell()
    facts = [Fact("address", _("Address"), first, also=tuple(found[1:]), action=more)]
    if contact.phone:
        call = Action(
            _("Call {number}").format(number=contact.phone), f"tel:{contact.phone}", "phone"
        )
        facts.append(Fact("phone", _("Phone"), Cell(contact.phone, CellKind.PHONE), action=call))
    return tuple(facts)


def _from_letters(shown: Shown, viewer: Viewer, contact: Contact) -> Sequence[Section]:
    """Write what letters have told, and what somebody has ignored of it."""
    zone = showing.zone(viewer.user.time_zone)
    told = tuple(
        Fact(
            f"told-{number}",
            one.label,
            Cell(one.value, CellKind.PHONE if one.from_left else CellKind.TEXT),
            one.course,
        )
        for number, one in enumerate(records.details(contact, zone))
    )
    again = url_for("contacts.suggest_again", contact_id=contact.id)
    ignored = tuple(
        Fact(
            f"ignored-{number}",
            one.label,
            Cell(one.value, CellKind.PHONE if one.from_left else CellKind.TEXT),
            action=Action(_("Suggest again"), f"{again}?detail={one.key}", method="post")
            if shown.may_edit
            else None,
        )
        for number, one in enumerate(records.ignored(viewer, contact))
    )
    sections = []
    if told:
        sections.append(Section("told", _("From their letters"), told))
    if ignored:
        sections.append(Section("ignored", _("Ignored in their letters"), ignored))
    return sections
