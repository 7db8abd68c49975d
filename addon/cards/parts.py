"""Lines that several cards share: a deal, a task, an activity, a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.widgets import Action, Icon, Line, Switch, bold, isolate
from crm.base import i18n, money, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.mail.models import Shares
from crm.work.models import ActivityKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.context import Context
    from crm.sales.models import Deal
    from crm.work.models import Task
    from crm.work.timeline import Entry

_ICONS = {
    ActivityKind.MESSAGE: Icon.MESSAGE,
    ActivityKind.NOTE: Icon.NOTE,
    ActivityKind.TASK_DONE: Icon.TASK,
    ActivityKind.STAGE: Icon.STAGE,
    ActivityKind.DEAL_MADE: Icon.DEAL,
    ActivityKind.CALL: Icon.PHONE,
    ActivityKind.MEETING: Icon.MEETING,
}


def deal_line(deal: Deal, context: Context, parameters: Mapping[str, str]) -> Line:
    """Show a deal: its name, amount, when it closes, how long it has stood where it is."""
    days = showing.days_since(deal.stage_since, context.at)
    facts = [amount(deal)]
    if deal.closes_on is not None:
        facts.append(_("closes {day}").format(day=showing.day(deal.closes_on, context.today)))
    facts.append(ngettext("{n} day here", "{n} days here", days).format(n=showing.number(days)))
    return Line(
        bold(isolate(deal.name)),
        below=beside(*facts),
        icon=Icon.DEAL,
        on_click=Action("deal", {**parameters, "deal": str(deal.id)}),
    )


def amount(deal: Deal) -> str:
    """Write a deal's amount."""
    return money.show(money.Money(deal.amount, deal.currency), i18n.language())


def task_line(
    task: Task,
    context: Context,
    parameters: Mapping[str, str],
    names: Mapping[object, str],
    *,
    may_write: bool,
) -> Line:
    """Show a task, with the check that calls it done for whoever may."""
    who = _("you") if task.assignee_id == context.user.id else names.get(task.assignee_id, "")
    when = showing.due(task.due_on, context.today)
    done = Action("task/done", {**parameters, "task": str(task.id)}, spinner=False)
    return Line(
        isolate(task.title),
        below=beside(when, who),
        end=Switch(f"done_{task.id.hex}", on_change=done, check_box=True) if may_write else None,
    )


def activity_line(entry: Entry, context: Context) -> Line:
    """Show what happened, as far as the viewer may see it."""
    when = showing.moment(entry.at, context.at, context.zone)
    return Line(
        isolate(entry.summary) or unsaid(entry),
        below=beside(when, entry.who),
        icon=_ICONS.get(entry.kind, Icon.NOTE),
        wrap=False,
    )


def beside(*facts: str) -> str:
    """Put facts beside each other, so that none of them turns its neighbours around."""
    said = [fact for fact in facts if fact]
    return " · ".join(isolate(fact) for fact in said) if len(said) > 1 else "".join(said)


def unsaid(entry: Entry) -> str:
    """Say why a line has no words: they are hidden, or nobody wrote any."""
    if entry.seen < Shares.HEADERS:
        return _("A message; its owner shows people and time only")
    return _("No subject")
