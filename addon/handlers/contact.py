"""A contact: their own card, and how somebody in the open message becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.contact import contact_card
from addon.cards.forms import contact_form
from addon.handlers import finding
from addon.handlers.message import card, names
from addon.widgets import isolate
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.filing import adding, meeting
from crm.people.domains import company_domain, guess_name

if TYPE_CHECKING:
    from uuid import UUID

    from addon.cards.parts import Changed
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from addon.widgets import Card


def opened(context: Context, event: AddonEvent) -> Response:
    """Show the card of one contact."""
    return response.push(card_of(context, finding.id_of(event, "contact")))


def card_of(context: Context, contact_id: UUID, changed: Changed | None = None) -> Card:
    """Make the card of a contact, which needs no message beside it."""
    known = facts.gather_about(context, contact_id)
    return contact_card(known, context, names(context, known.tasks), changed)


def new(context: Context, event: AddonEvent) -> Response:
    """Ask how they are called; the company is guessed from the domain."""
    email, name = _stranger(context, event)
    domain = company_domain(email.rpartition("@")[2])
    company = guess_name(domain) if domain else ""
    return response.push(contact_form(email, name, company, event.parameters))


def save(context: Context, event: AddonEvent) -> Response:
    """Make the contact; mail that is stored already comes onto its timeline."""
    email, _name = _stranger(context, event)
    made = adding.add_contact(
        context.session,
        email,
        name=event.text("name"),
        company=event.text("company"),
        by=context.user,
        at=context.at,
    )
    notice = _("{name} is a contact now.").format(name=isolate(made.name))
    return response.go_back(card(context, event), notice=notice, changed=True)


def _stranger(context: Context, event: AddonEvent) -> tuple[str, str]:
    message = finding.message(context, event)
    email = finding.person(context, event, message)
    if not email:
        raise InvalidError(_("This button is out of date. Nothing was changed. Open it again."))
    person = next(p for p in facts.people(context, message) if p.email == email)
    return email, person.name if person.name != email else meeting.name_of(email)
