"""Where the open message is logged: take it off a record, put it back, never again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from addon import facts, response
from addon.handlers import finding
from addon.handlers.message import card
from addon.widgets import isolate
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.filing import by_hand
from crm.work import links
from crm.work.links import TakenOff
from crm.work.models import Record

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from crm.work.links import Link


def off(context: Context, event: AddonEvent) -> Response:
    """Take the message off a record, this once."""
    message_id, found = _found(context, event)
    by_hand.take_off(
        context.session, message_id, found.record, found.id, by=context.user, at=context.at
    )
    return response.update(card(context, event), changed=True)


def never(context: Context, event: AddonEvent) -> Response:
    """Take every message of this sender off the record, for ever."""
    message_id, found = _found(context, event)
    email = _address(context, event)
    if not email:
        raise InvalidError(_("There is no address outside in this message. Nothing was changed."))
    by_hand.take_off(
        context.session,
        message_id,
        found.record,
        found.id,
        by=context.user,
        at=context.at,
        email=email,
    )
    said = _("Messages from {email} stay off it from now on.")
    notice = said.format(email=isolate(email))
    return response.update(card(context, event), notice=notice, changed=True)


def back(context: Context, event: AddonEvent) -> Response:
    """Take back what one line says: that this message is off the record, or all from an address."""
    message_id, found = _found(context, event, all_from=_named(context, event))
    by_hand.put_back(
        context.session,
        message_id,
        found.record,
        found.id,
        by=context.user,
        at=context.at,
        email=found.email if isinstance(found, TakenOff) else "",
    )
    return response.update(card(context, event), changed=True)


def _found(
    context: Context, event: AddonEvent, *, all_from: str = ""
) -> tuple[UUID, Link | TakenOff]:
    message = finding.message(context, event).message
    known = {str(int(record)): record for record in Record}
    record = known.get(event.parameter("record"))
    if record is None:
        raise InvalidError(_("This button is out of date. Nothing was changed. Open it again."))
    record_id = finding.id_of(event, "id")
    found = links.find(
        context.session, context.viewer, message.id, record, record_id, all_from=all_from
    )
    if found is None:
        raise NotFoundError(_("There is no such record beside this message."))
    return message.id, found


def _named(context: Context, event: AddonEvent) -> str:
    """Return the address that a button names by its place in the message; "" where it names none.

    Whom the viewer does not see in the message is not found.
    """
    place = event.parameter("address")
    if not place:
        return ""
    message = finding.message(context, event)
    seen = facts.addresses(message, facts.people(context, message))
    found = next((email for at, email in seen.items() if str(at) == place), "")
    if not found:
        raise NotFoundError(_("There is no such record beside this message."))
    return found


def _address(context: Context, event: AddonEvent) -> str:
    message = finding.message(context, event)
    found = facts.gather(context, message, finding.person(context, event, message))
    return facts.other_side(message, found.chosen)
