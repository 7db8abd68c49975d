"""Deals beside a message: make one, open one, move it, link the thread to it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import facts, response
from addon.cards.deal import deal_card
from addon.cards.forms import deal_form
from addon.cards.parts import Changed, Unlinked
from addon.handlers import finding, message
from addon.widgets import isolate
from crm.base import addresses, ids, money
from crm.base.i18n import gettext as _
from crm.filing import by_hand
from crm.mail import subjects
from crm.sales import deals, pipelines
from crm.work import tasks, timeline
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from addon.context import Context
    from addon.event import AddonEvent
    from addon.response import Response
    from addon.widgets import Card
    from crm.sales.models import Deal

_CURRENCY = "EUR"
_RECENT = 5


def new(context: Context, event: AddonEvent) -> Response:
    """Ask for the deal."""
    found = _facts(context, event)
    company = found.contact.company if found.contact else None
    about = isolate(company.name) if company else ""
    name = addresses.clean_name(subjects.bare(found.message.subject))
    currency = found.deals[0].currency if found.deals else _CURRENCY
    stages = pipelines.stages(context.session, context.user.workspace_id)
    return response.push(deal_form(about, finding.form(event), stages, currency, name))


def save(context: Context, event: AddonEvent) -> Response:
    """Make the deal with the contact in it, and link the thread to it."""
    found = _facts(context, event)
    with finding.typed_in("currency"):
        currency = money.currency(event.text("currency"))
    with finding.typed_in("amount"):
        amount = money.parse(event.text("amount"), currency)
    with finding.typed_in("name"):
        made = deals.make(
            context.session,
            event.text("name"),
            amount,
            by=context.user,
            at=context.at,
            company_id=found.contact.company_id if found.contact else None,
            stage_id=ids.parse(event.text("stage")),
            closes_on=finding.date(event, "closes"),
            deal_id=finding.saved_id(context, event, "deal"),
        )
    if found.contact is not None:
        deals.add_contact(context.session, made, found.contact.id, by=context.user)
    _link(context, made, found)
    notice = _("The deal is saved, and this thread is linked to it.")
    return response.go_back(message.card(context, event), notice=notice, changed=True)


def opened(context: Context, event: AddonEvent) -> Response:
    """Show the card of one deal."""
    return response.push(card(context, event))


def move(context: Context, event: AddonEvent) -> Response:
    """Move a deal to the stage that was chosen; the row offers the way back."""
    deal = deals.get(context.session, context.user, finding.id_of(event, "deal"))
    stage_id = ids.parse(event.parameter("stage") or event.text(f"stage_{deal.id.hex}"))
    if stage_id is None:
        return response.notify(_("No stage was chosen. Nothing was moved."))
    to = pipelines.get_stage(context.session, context.user.workspace_id, stage_id)
    moved = deals.move(context.session, deal, to=to, by=context.user, at=context.at)
    return response.update(_again(context, event, Changed(moved=moved)), changed=True)


def move_back(context: Context, event: AddonEvent) -> Response:
    """Take that one move of a deal back which the button names."""
    deal = deals.get(context.session, context.user, finding.id_of(event, "deal"))
    move_id = finding.id_of(event, "move")
    deals.move_back(context.session, deal, move_id, by=context.user)
    return response.update(_again(context, event, Changed()), changed=True)


def _again(context: Context, event: AddonEvent, changed: Changed) -> Card:
    """Show again the card on which the deal's stage stands."""
    if event.parameter("card") == "deal" or not event.parameter("message"):
        return card(context, event, changed)
    return message.card(context, event, changed)


def link(context: Context, event: AddonEvent) -> Response:
    """Say that the open thread is about a deal."""
    deal = deals.get(context.session, context.user, finding.id_of(event, "deal"))
    _link(context, deal, _facts(context, event))
    notice = _("This thread is linked to {name}.").format(name=isolate(deal.name))
    return response.go_back(message.card(context, event), notice=notice, changed=True)


def unlink(context: Context, event: AddonEvent) -> Response:
    """Say that the open thread is not about a deal; a row offers the way back."""
    deal = deals.get(context.session, context.user, finding.id_of(event, "deal"))
    thread_id = finding.message(context, event).message.thread_id
    since = by_hand.unlink_thread(context.session, deal, thread_id, by=context.user)
    changed = Changed(unlinked=Unlinked(deal, since) if since is not None else None)
    notice = _("This thread is not linked to {name} any more.").format(name=isolate(deal.name))
    return response.go_back(message.card(context, event, changed), notice=notice, changed=True)


def relink(context: Context, event: AddonEvent) -> Response:
    """Link the open thread to a deal again, since when it was before somebody unlinked it."""
    deal = deals.get(context.session, context.user, finding.id_of(event, "deal"))
    thread_id = finding.message(context, event).message.thread_id
    # The button is not trusted: no link is older than its deal, or of a day to come.
    since = max(deal.made_at, min(finding.moment_of(event, "since"), context.at))
    by_hand.link_thread(context.session, deal, thread_id, by=context.user, at=since)
    return response.update(message.card(context, event), changed=True)


def _link(context: Context, deal: Deal, found: facts.Facts) -> None:
    thread_id = found.message.message.thread_id
    by_hand.link_thread(context.session, deal, thread_id, by=context.user, at=context.at)


def card(context: Context, event: AddonEvent, changed: Changed | None = None) -> Card:
    """Make the card of the deal that an event is about."""
    session, user = context.session, context.user
    deal = deals.get(session, user, finding.id_of(event, "deal"))
    open_tasks = tasks.open_about(
        session, user, contact_id=None, thread_id=None, deal_ids=[deal.id]
    )
    here = {k: v for k, v in event.parameters.items() if k in ("message", "person")}
    linked: list[Deal] = []
    if here.get("message"):
        thread_id = finding.message(context, event).message.thread_id
        linked = deals.of_thread(session, user, thread_id)
    return deal_card(
        deal,
        context,
        here,
        stages=pipelines.stages(session, user.workspace_id, deal.pipeline_id),
        people=deals.contacts_of(session, user, deal),
        tasks=open_tasks,
        recent=timeline.page(session, context.viewer, deal.id, size=_RECENT),
        names=message.names(context, tuple(open_tasks)),
        linked=deal.id in {d.id for d in linked},
        may_deal=permissions.allowed(user, May.EDIT_DEALS),
        may_write=permissions.allowed(user, May.WRITE),
        changed=changed,
    )


def _facts(context: Context, event: AddonEvent) -> facts.Facts:
    about = finding.message(context, event)
    return facts.gather(context, about, finding.person(context, event, about))
