"""The card of one deal: where it stands, who has a part in it, what is promised, what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.cards import parts
from addon.cards.parts import Changed
from addon.widgets import (
    Action,
    Button,
    Buttons,
    Card,
    Choice,
    Icon,
    Line,
    Option,
    Section,
    isolate,
)
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.sales import pipelines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addon.context import Context
    from crm.people.models import Contact
    from crm.sales.models import Deal, Stage
    from crm.work.models import Task
    from crm.work.timeline import Page


def deal_card(
    deal: Deal,
    context: Context,
    here: Mapping[str, str],
    *,
    stages: Sequence[Stage],
    people: Sequence[tuple[Contact, str]],
    tasks: Sequence[Task],
    recent: Page,
    names: Mapping[object, str],
    linked: bool,
    may_deal: bool,
    may_write: bool,
    changed: Changed | None = None,
) -> Card:
    """Show a deal; beside a message, offer to link its thread, or to unlink it."""
    own = [s for s in stages if s.pipeline_id == deal.pipeline_id]
    here = {**here, "deal": str(deal.id)}
    again = {**here, "card": "deal"}
    changed = changed or Changed()
    facts: list[Line | Choice] = [Line(parts.amount(deal), label=_("Amount"), icon=Icon.DEAL)]
    if deal.closes_on is not None:
        closes = showing.day(deal.closes_on, context.today)
        facts.append(Line(closes, label=_("Should close"), icon=Icon.DUE))
    facts.append(_stage(deal, own, again, may_deal=may_deal))
    if changed.moved is not None:
        facts.append(parts.moved_line(changed.moved, own, again))
    promised = [parts.task_line(t, context, again, names, may_write=may_write) for t in tasks]
    if changed.done is not None:
        promised.append(parts.done_line(changed.done, again))
    sections = [
        Section("", tuple(_buttons(here, linked=linked, may_deal=may_deal))),
        Section(_("Where it stands"), tuple(facts)),
        Section(
            _("People"),
            tuple(
                Line(isolate(c.name), below=isolate(role) if role else "", icon=Icon.CONTACT)
                for c, role in people
            ),
        ),
        Section(_("Tasks"), tuple(promised)),
        Section(
            _("Last activities"),
            tuple(parts.activity_line(entry, context) for entry in recent.entries),
        ),
    ]
    return Card(
        title=isolate(deal.name),
        subtitle=parts.amount(deal),
        name="deal",
        sections=tuple(s for s in sections if s.widgets),
    )


def _buttons(here: Mapping[str, str], *, linked: bool, may_deal: bool) -> list[Buttons]:
    if "message" not in here:
        return []
    buttons = [Button(_("Back to the message"), Action("message/back", here))]
    if may_deal and linked:
        buttons.append(Button(_("Unlink this thread"), Action("deal/unlink", here)))
    elif may_deal:
        buttons.append(Button(_("Link this thread"), Action("deal/link", here)))
    return [Buttons(tuple(buttons))]


def _stage(
    deal: Deal, own: Sequence[Stage], again: Mapping[str, str], *, may_deal: bool
) -> Line | Choice:
    if not may_deal:
        current = next((pipelines.name_of(s) for s in own if s.id == deal.stage_id), "")
        return Line(isolate(current), label=_("Stage"))
    options = tuple(
        Option(isolate(pipelines.name_of(s)), str(s.id), s.id == deal.stage_id) for s in own
    )
    move = Action("deal/move", again)
    return Choice(f"stage_{deal.id.hex}", _("Stage"), options, on_change=move)
