"""Tasks beside a message: promise one, call it done, take that back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.forms import task_form
from addon.cards.parts import Changed
from addon.handlers import contact, deal, finding, homepage
from addon.handlers.message import card
from addon.widgets import isolate
from crm.base import ids
from crm.base.i18n import gettext as _
from crm.work import tasks
from crm.work.models import Priority
from crm.workspace import users

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from addon.widgets import Card

_USUAL = timedelta(days=3)


def new(context: Context, event: AddonEvent) -> Response:
    """Ask what is to be done."""
    found = _facts(context, event)
    form = task_form(
        isolate(found.contact.name) if found.contact else "",
        finding.form(event),
        users.everyone(context.session, context.user.workspace_id),
        context.user,
        context.today + _USUAL,
        [(str(known.id), known.name) for known in found.deals],
    )
    return response.push(form)


def save(context: Context, event: AddonEvent) -> Response:
    """Promise it, about the contact, the thread and the deal."""
    found = _facts(context, event)
    chosen = ids.parse(event.text("deal"))
    level = event.text("priority")
    about = tasks.About(
        contact_id=found.contact.id if found.contact else None,
        deal_id=next((known.id for known in found.deals if known.id == chosen), None),
        thread_id=found.message.message.thread_id,
        message_id=found.message.message.id,
    )
    with finding.typed_in("title"):
        tasks.make(
            context.session,
            event.text("title"),
            by=context.user,
            at=context.at,
            about=about,
            due_on=finding.date(event, "due"),
            assignee_id=ids.parse(event.text("assignee")),
            priority=Priority(int(level)) if level in {"1", "2", "3"} else Priority.NORMAL,
            task_id=finding.saved_id(context, event, "task"),
        )
    return response.go_back(card(context, event), notice=_("The task is saved."), changed=True)


def done(context: Context, event: AddonEvent) -> Response:
    """Call a task done; the row offers the way back."""
    task = tasks.get(context.session, context.user, finding.id_of(event, "task"))
    tasks.finish(context.session, task, by=context.user, at=context.at)
    return response.update(_again(context, event, Changed(done=task)), changed=True)


def undo(context: Context, event: AddonEvent) -> Response:
    """Take back that a task is done."""
    task = tasks.get(context.session, context.user, finding.id_of(event, "task"))
    tasks.reopen(context.session, task, by=context.user)
    return response.update(_again(context, event, Changed()), changed=True)


def _again(context: Context, event: AddonEvent, changed: Changed) -> Card:
    """Show again the card on which the task stands."""
    if event.parameter("card") == "deal":
        return deal.card(context, event, changed)
    if event.parameter("card") == "contact":
        return contact.card_of(context, finding.id_of(event, "contact"), changed)
    if event.parameter("message"):
        return card(context, event, changed)
    return homepage.card(context, changed)


def _facts(context: Context, event: AddonEvent) -> facts.Facts:
    message = finding.message(context, event)
    return facts.gather(context, message, finding.person(context, event, message))
