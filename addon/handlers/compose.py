"""The message that is being written: who its recipients are, and how one becomes a contact.

Whatever is clicked on its card may come without the recipients: no page of Google's promises them
with a click. So a form has the address in a field of its own, and what is saved leads on to a card
that needs nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, recipients, response
from addon.cards.compose import compose_card
from addon.cards.forms import recipient_form
from addon.handlers import contact, finding, message
from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.filing import adding, meeting
from crm.people.domains import company_domain, guess_name
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response


def opened(context: Context, event: AddonEvent) -> Response:
    """Show who the recipients are; say what to do while there are none."""
    found = recipients.gather(context, event)
    alone = len(found.contacts) == 1
    known = facts.gather_about(context, found.contacts[0].contact_id) if alone else None
    names = message.names(context, known.tasks) if known is not None else {}
    may_edit = permissions.allowed(context.user, May.EDIT_RECORDS)
    return response.push(compose_card(found, context, known, names, may_edit=may_edit))


def new(_context: Context, event: AddonEvent) -> Response:
    """Ask how a recipient is called; and for the address, where Gmail does not say it again."""
    address = recipients.find(event, event.parameter("recipient"))
    if address is None:
        return response.push(recipient_form("", "", ""))
    domain = company_domain(address.domain)
    company = guess_name(domain) if domain else ""
    name = address.name or meeting.name_of(address.email)
    return response.push(recipient_form(address.email, name, company))


def save(context: Context, event: AddonEvent) -> Response:
    """Make the contact, and show their card in place of the form."""
    with finding.typed_in("email"):
        made = adding.add_contact(
            context.session,
            event.text("email"),
            name=event.text("name"),
            company=event.text("company"),
            by=context.user,
            at=context.at,
        )
    notice = _("{name} is a contact now.").format(name=isolate(made.name))
    return response.update(contact.card_of(context, made.id), notice=notice, changed=True)
