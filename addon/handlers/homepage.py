"""My day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import response
from addon.cards.homepage import homepage_card
from crm.mail import inbox
from crm.mail.models import Turn
from crm.sales import deals
from crm.work import tasks
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from addon.cards.parts import Changed
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from addon.widgets import Card

_SHOWN = 5


def opened(context: Context, _event: AddonEvent) -> Response:
    """Show who waits, what is due, and which deals have no next step."""
    return response.push(card(context))


def card(context: Context, changed: Changed | None = None) -> Card:
    """Make the card of the day."""
    session, user = context.session, context.user
    waiting = inbox.page(session, context.viewer, Turn.OURS, size=_SHOWN).rows
    due = tasks.due(session, user, context.today)
    may_see = permissions.allowed(user, May.SEE_DEALS)
    stuck = deals.without_next_step(session, user) if may_see else []
    may_write = permissions.allowed(user, May.WRITE)
    return homepage_card(
        context, waiting, due, stuck[:_SHOWN], may_write=may_write, changed=changed
    )
