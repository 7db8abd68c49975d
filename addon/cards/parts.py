"""What several cards share: a deal, a task, an activity, a moment, and all of a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from addon import bouncing, convening
from addon.widgets import (
    Action,
    Button,
    Icon,
    Line,
    Markup,
    OpenLink,
    Switch,
    bold,
    enclose,
    isolate,
    link,
)
from crm.base import i18n, money, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.mail.letter import Kind
from crm.mail.models import Shares
from crm.sales import pipelines
from crm.sales.models import Outcome
from crm.work.models import ActivityKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from addon.context import Context
    from crm.filing.suggestions import Suggested
    from crm.mail.reach import Reach
    from crm.sales.models import Deal, DealMove, Stage
    from crm.work.meetings import Meeting
    from crm.work.models import Task
    from crm.work.timeline import Entry


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A deal to which the thread was linked until just now, and since when."""

    deal: Deal
    since: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was said just now of something that a letter suggested."""

    suggested: Suggested
    used: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What the last click changed, so that the row says so and offers the way back."""

    moved: DealMove | None = None
    done: Task | None = None
    unlinked: Unlinked | None = None
    decided: Decided | None = None


_ICONS = {
    ActivityKind.MESSAGE: Icon.MESSAGE,
    ActivityKind.NOTE: Icon.NOTE,
    ActivityKind.TASK_DONE: Icon.TASK,
    ActivityKind.STAGE: Icon.STAGE,
    ActivityKind.DEAL_MADE: Icon.DEAL,
    ActivityKind.CALL: Icon.PHONE,
    ActivityKind.MEETING: Icon.MEETING,
}


#: So many meetings of one message are shown, and so many people of one.
_MEETINGS, _PEOPLE = 5, 10
#: What an icon alone would say; a message says it by itself.
_KINDS = {
    ActivityKind.NOTE: lazy("Note"),
    ActivityKind.TASK_DONE: lazy("Task done"),
    ActivityKind.STAGE: lazy("Moved"),
    ActivityKind.DEAL_MADE: lazy("Deal made"),
    ActivityKind.CALL: lazy("Call"),
    ActivityKind.MEETING: lazy("Meeting"),
}


def deal_line(deal: Deal, context: Context, parameters: Mapping[str, str]) -> Line:
    """Show a deal: its name, amount, when it closes, how long it has stood where it is."""
    return Line(
        bold(isolate(deal.name)),
        below=beside(amount(deal), *_course(deal, context)),
        icon=Icon.DEAL,
        on_click=Action("deal", {**parameters, "deal": str(deal.id)}),
    )


def _course(deal: Deal, context: Context) -> list[str]:
    """Say when an open deal should close, and how long it has waited; of others, since when."""
    if deal.outcome != Outcome.OPEN:
        since = deal.stage_since.astimezone(context.zone).date()
        return [_("since {day}").format(day=showing.day_within(since, context.today))]
    facts = []
    if deal.closes_on is not None:
        late = deal.closes_on < context.today
        said = _("should have closed {day}") if late else _("closes {day}")
        facts.append(said.format(day=showing.day_within(deal.closes_on, context.today)))
    return [*facts, here_for(deal, context.at)]


def here_for(deal: Deal, at: datetime) -> str:
    """Say how long a deal has stood where it stands."""
    days = showing.days_since(deal.stage_since, at)
    said = ngettext("{n} day here", "{n} days here", days).format(n=showing.number(days))
    return said if days else _("here since today")


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


def done_line(task: Task, parameters: Mapping[str, str]) -> Line:
    """Say that a task was called done just now, and offer the way back."""
    undo = Action("task/undo", {**parameters, "task": str(task.id)})
    end = Button(_("Undo"), undo)
    return Line(isolate(task.title), below=_("Done just now"), icon=Icon.TASK, end=end)


def moved_line(move: DealMove, stages: Sequence[Stage], parameters: Mapping[str, str]) -> Line:
    """Say where a deal stood until just now, and offer the way back: of this move alone."""
    left = next((pipelines.name_of(s) for s in stages if s.id == move.from_stage_id), "")
    back = Action("deal/back", {**parameters, "deal": str(move.deal_id), "move": str(move.id)})
    said = _("Moved from {stage} just now").format(stage=isolate(left))
    return Line(said, end=Button(_("Undo"), back))


def unlinked_line(unlinked: Unlinked, parameters: Mapping[str, str]) -> Line:
    """Say to which deal the thread was linked until just now, and offer the way back."""
    deal, since = unlinked.deal, unlinked.since.isoformat()
    back = Action("deal/relink", {**parameters, "deal": str(deal.id), "since": since})
    said = _("Unlinked from {name} just now").format(name=isolate(deal.name))
    return Line(said, end=Button(_("Undo"), back))


def activity_line(entry: Entry, context: Context, mark: str = "") -> Line:
    """Show what happened, as far as the viewer may see it; a message opens in its thread.

    A `mark` says of one that was written here that it may not have left.

    The subject of a message is cut to one line, for it stands whole in the thread. What else
    happened is told nowhere else.
    """
    if entry.meeting is not None:
        return _meeting_line(entry, entry.meeting, context)
    when = showing.moment(entry.at, context.at, context.zone)
    kind = _KINDS.get(entry.kind, "")
    back = entry.message_kind == Kind.BOUNCE or entry.in_doubt
    return Line(
        isolate(entry.summary) or unsaid(entry),
        below=beside(mark or (_(kind) if kind else ""), when, entry.who),
        icon=Icon.WARNING if mark or back else _ICONS.get(entry.kind, Icon.NOTE),
        wrap=entry.kind is not ActivityKind.MESSAGE,
        on_click=_thread(entry),
    )


def _meeting_line(entry: Entry, meeting: Meeting, context: Context) -> Line:
    said = convening.line(meeting, context.at, context.zone)
    below = beside(convening.standing(meeting), entry.who)
    return Line(said, below=below, icon=Icon.MEETING, on_click=_thread(entry))


def meeting_lines(meetings: Sequence[Meeting], context: Context) -> list[Line]:
    """Show the meetings that a message is about: when, where, and who comes."""
    lines = []
    for meeting in meetings[:_MEETINGS]:
        when = convening.when(meeting, context.at, context.zone)
        moved = convening.moved(meeting, context.at, context.zone)
        below = beside(convening.place(meeting), convening.standing(meeting), moved)
        title = bold(isolate(convening.title(meeting)))
        lines.append(Line(title, label=when, below=below, icon=Icon.MEETING))
        if said := convening.unheard(meeting):
            lines.append(Line(said, icon=Icon.WARNING, told=True))
        if said := convening.uninvited(meeting):
            lines.append(Line(said))
        people = [beside(name, said) for name, said in convening.people(meeting)]
        if people:
            more = " …" if len(people) > _PEOPLE else ""
            lines.append(Line(showing.listing(map(isolate, people[:_PEOPLE])) + more))
    return lines


def reach_lines(reach: Reach, context: Context) -> list[Line]:
    """Say to which addresses mail comes back, and when somebody is back."""
    lines = [
        Line(bouncing.of_address(email, since, context.today, context.zone), icon=Icon.WARNING)
        for email, since in reach.lost.items()
    ]
    if reach.back_on is not None:
        lines.append(Line(back_on(reach.back_on, context.today), icon=Icon.DUE))
    return lines


def back_on(day: date, today: date) -> str:
    """Say when somebody is back who is away."""
    return _("Back on {day}").format(day=showing.day_within(day, today))


def _thread(entry: Entry) -> OpenLink | None:
    """Lead to a message; of what its owner hides there is nothing to read."""
    if entry.message_id is None or entry.thread_id is None or entry.seen < Shares.HEADERS:
        return None
    return OpenLink(f"/inbox/{entry.thread_id}?view=all&message={entry.message_id}")


def write_to(email: str) -> Markup:
    """Show an address that begins a message to it."""
    return link(isolate(email), f"mailto:{quote(email, safe='@')}")


def beside(*facts: str) -> str:
    """Put facts beside each other, so that none of them turns its neighbours around."""
    said = [fact for fact in facts if fact]
    return " · ".join(enclose(fact) for fact in said) if len(said) > 1 else "".join(said)


def unsaid(entry: Entry) -> str:
    """Say why a line has no words: they are hidden, or nobody wrote any."""
    if entry.seen < Shares.HEADERS:
        return _("A message; its owner shows people and time only")
    return _("No subject")
