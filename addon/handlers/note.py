"""Write a note on the contact of the open message, and on the deals of its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.forms import note_form
from addon.handlers import finding
from addon.handlers.message import card
from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.sales import deals
from crm.work import notes
from crm.work.models import Record

if TYPE_CHECKING:
    from uuid import UUID

    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response


def new(context: Context, event: AddonEvent) -> Response:
    """Ask for the note."""
    found = _facts(context, event)
    about = isolate(found.contact.name) if found.contact else ""
    return response.push(note_form(about, finding.form(event)))


def save(context: Context, event: AddonEvent) -> Response:
    """Put the note on timelines."""
    found = _facts(context, event)
    about = deals.of_thread(context.session, context.user, found.message.message.thread_id)
    on: list[tuple[Record, UUID]] = [(Record.DEAL, deal.id) for deal in about]
    if found.contact is not None:
        on.append((Record.CONTACT, found.contact.id))
        if found.contact.company_id is not None:
            on.append((Record.COMPANY, found.contact.company_id))
    with finding.typed_in("text"):
        notes.write(
            context.session,
            event.text("text"),
            by=context.user,
            at=context.at,
            on=on,
            note_id=finding.saved_id(context, event, "note"),
        )
    return response.go_back(card(context, event), notice=_("The note is saved."), changed=True)


def _facts(context: Context, event: AddonEvent) -> facts.Facts:
    message = finding.message(context, event)
    return facts.gather(context, message, finding.person(context, event, message))
