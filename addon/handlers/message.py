"""The open message: its card, whom it is about, and privacy of its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.absent import absent_card
from addon.cards.message import message_card
from addon.handlers import finding
from crm.base.i18n import gettext as _
from crm.filing import by_hand
from crm.mail.models import Shares
from crm.workspace import users

if TYPE_CHECKING:
    from addon.cards.parts import Changed
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from addon.widgets import Card
    from crm.mail.messages import Seen


def opened(context: Context, event: AddonEvent) -> Response:
    """Show the card of the open message; where it is not here, what is known and what follows."""
    show = response.update if event.parameter("again") else response.push
    found = finding.find_message(context, event)
    if found is None:
        return show(_absent(context, event))
    return show(_card(context, event, found))


def back(context: Context, event: AddonEvent) -> Response:
    """Go back to the card of the message, from a form or from what was opened above it."""
    return response.go_back(card(context, event))


def chosen(context: Context, event: AddonEvent) -> Response:
    """Show the card about another person of the message."""
    return response.update(card(context, event))


def keep_private(context: Context, event: AddonEvent) -> Response:
    """Hide the thread from colleagues, as far as the user's own mailboxes decide."""
    _share(context, event, Shares.NOTHING)
    notice = _("Private: colleagues see nothing of this thread from your mailbox.")
    return response.update(card(context, event), notice=notice, changed=True)


def share_again(context: Context, event: AddonEvent) -> Response:
    """Go back to what the mailbox shares by its own rule."""
    _share(context, event, None)
    notice = _("Shared again, as your mailbox says.")
    return response.update(card(context, event), notice=notice, changed=True)


def card(context: Context, event: AddonEvent, changed: Changed | None = None) -> Card:
    """Make the card of the message that an event is about."""
    return _card(context, event, finding.message(context, event), changed)


def _card(
    context: Context, event: AddonEvent, message: Seen, changed: Changed | None = None
) -> Card:
    found = facts.gather(context, message, finding.person(context, event, message))
    return message_card(found, context, names(context, found.tasks), changed)


def _absent(context: Context, event: AddonEvent) -> Card:
    letter = context.look(event.message_id) if event.message_id else None
    beside = facts.gather_beside(context, letter) if letter is not None else None
    about = beside.known if beside is not None else None
    called = names(context, about.tasks) if about is not None else {}
    return absent_card(context.opened, beside, context, called)


def names(context: Context, tasks: tuple[object, ...]) -> dict[object, str]:
    """Return the names of colleagues who have promised something; asked only where one has."""
    wanted = {getattr(task, "assignee_id", None) for task in tasks} - {context.user.id}
    if not wanted:
        return {}
    everyone = users.everyone(context.session, context.user.workspace_id)
    return {user.id: user.name for user in everyone}


def _share(context: Context, event: AddonEvent, shares: Shares | None) -> None:
    message = finding.message(context, event).message
    session, viewer = context.session, context.viewer
    by_hand.choose_shares(session, viewer, message.thread_id, shares, at=context.at)
