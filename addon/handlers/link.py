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
from crm.work.models import Record

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response


def off(context: Context, event: AddonEvent) -> Response:
    """Take the message off a record, this once."""
    message_id, record, record_id = _what(context, event)
    by_hand.take_off(context.session, message_id, record, record_id, by=context.user, at=context.at)
    return response.update(card(context, event), changed=True)


def never(context: Context, event: AddonEvent) -> Response:
    """Take every message of this sender off the record, for ever."""
    message_id, record, record_id = _what(context, event)
    email = _address(context, event)
    if not email:
        raise InvalidError(_("There is no address outside in this message. Nothing was changed."))
    by_hand.take_off(
        context.session,
        message_id,
        record,
        record_id,
        by=context.user,
        at=context.at,
        email=email,
    )
    said = _("Messages from {email} stay off it from now on.")
    notice = said.format(email=isolate(email))
    return response.update(card(context, event), notice=notice, changed=True)


def back(context: Context, event: AddonEvent) -> Response:
    """Put the message back where it was, and with it all that was taken off by its address."""
    message_id, record, record_id = _what(context, event)
    gone = links.beside(context.session, context.viewer, message_id).taken_off
    refused = {(one.record, one.id): one.email for one in gone}
    email = refused.get((record, record_id)) or _address(context, event)
    by_hand.put_back(
        context.session, message_id, record, record_id, by=context.user, at=context.at, email=email
    )
    return response.update(card(context, event), changed=True)


def _what(context: Context, event: AddonEvent) -> tuple[UUID, Record, UUID]:
    message = finding.message(context, event).message
    known = {str(int(record)): record for record in Record}
    record = known.get(event.parameter("record"))
    if record is None:
        raise InvalidError(_("This button is out of date. Nothing was changed. Open it again."))
    record_id = finding.id_of(event, "id")
    if not links.stands(context.session, context.viewer, message.id, record, record_id):
        raise NotFoundError(_("There is no such record beside this message."))
    return message.id, record, record_id


def _address(context: Context, event: AddonEvent) -> str:
    message = finding.message(context, event)
    found = facts.gather(context, message, finding.person(context, event, message))
    return facts.other_side(message, found.chosen)
