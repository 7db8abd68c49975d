"""What letters tell of a contact: used, ignored, or neither after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.details import details_card
from addon.cards.parts import Changed, Decided
from addon.handlers import contact, finding
from addon.handlers.message import card
from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from crm.filing import suggestions
from crm.people import contacts

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.facts import Facts, Known
    from addon.response import Response
    from addon.widgets import Card
    from crm.people.models import Contact

#: What a button says of the card on which it stands.
_HERE = ("message", "person", "contact", "card")


def opened(context: Context, event: AddonEvent) -> Response:
    """Show all that letters tell of the contact of a card."""
    return response.push(_all(context, event))


def use(context: Context, event: AddonEvent) -> Response:
    """Write a suggested value into the contact; the row offers the way back."""
    whose, key = _whose(context, event), event.parameter("detail")
    told = suggestions.use(context.session, context.viewer, whose, key, at=context.at)
    decided = Decided(told, used=True)
    return response.update(_again(context, event, Changed(decided=decided)), changed=True)


def ignore(context: Context, event: AddonEvent) -> Response:
    """Suggest a value no more; the row offers the way back."""
    whose, key = _whose(context, event), event.parameter("detail")
    told = suggestions.ignore(context.session, context.viewer, whose, key, at=context.at)
    decided = Decided(told, used=False)
    return response.update(_again(context, event, Changed(decided=decided)), changed=True)


def undo(context: Context, event: AddonEvent) -> Response:
    """Take back what was said of a value."""
    whose, key = _whose(context, event), event.parameter("detail")
    suggestions.undo(context.session, context.viewer, whose, key)
    return response.update(_again(context, event, Changed()), changed=True)


def _whose(context: Context, event: AddonEvent) -> Contact:
    """Return the contact of the card on which the button stands."""
    if event.parameter("card") == "contact":
        contact_id = finding.id_of(event, "contact")
        return contacts.get(context.session, context.user, contact_id)
    return _somebody(_about(context, event).contact)


def _about(context: Context, event: AddonEvent) -> Facts | Known:
    """Gather what is known of the contact, in the message or without one."""
    if event.parameter("card") == "contact":
        return facts.gather_about(context, finding.id_of(event, "contact"))
    message = finding.message(context, event)
    return facts.gather(context, message, finding.person(context, event, message))


def _somebody(found: Contact | None) -> Contact:
    if found is None:
        raise ConflictError(_("This is not suggested any more. Nothing was changed."))
    return found


def _again(context: Context, event: AddonEvent, changed: Changed) -> Card:
    """Show again the card on which the suggestion stands."""
    if event.parameter("all"):
        return _all(context, event, changed)
    if event.parameter("card") == "contact":
        return contact.card_of(context, finding.id_of(event, "contact"), changed)
    return card(context, event, changed)


def _all(context: Context, event: AddonEvent, changed: Changed | None = None) -> Card:
    """Make the card of all suggestions."""
    here = {name: event.parameter(name) for name in _HERE if event.parameter(name)}
    about = _about(context, event)
    whose, may_edit = _somebody(about.contact), about.may_edit
    return details_card(whose, about.suggested, context, here, changed, may_edit=may_edit)
