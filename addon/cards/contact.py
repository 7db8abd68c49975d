"""The card of one contact, beside no message: what is open with them, and what was said last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.cards import contact_parts
from addon.widgets import Card, isolate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.cards.parts import Changed
    from addon.context import Context
    from addon.facts import Known
    from crm.people.models import Contact


def contact_card(
    known: Known, context: Context, names: Mapping[object, str], changed: Changed | None = None
) -> Card:
    """Show a contact."""
    return Card(
        title=isolate(known.contact.name),
        subtitle=_subtitle(known.contact),
        name="contact",
        person=True,
        sections=contact_parts.contact_sections(known, context, names, changed),
    )


def _subtitle(contact: Contact) -> str:
    company = contact.company.name if contact.company else ""
    return isolate(" · ".join(word for word in (contact.title, company) if word))
