"""My day: who waits for an answer, what is due, which deals have no next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.cards import parts
from addon.widgets import Action, Card, Icon, Line, Paragraph, Section, isolate
from crm.base import showing
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addon.cards.parts import Changed
    from addon.context import Context
    from crm.mail.inbox import Row
    from crm.sales.models import Deal
    from crm.work.models import Task


def homepage_card(
    context: Context,
    waiting: Sequence[Row],
    tasks: Sequence[Task],
    deals: Sequence[Deal],
    *,
    may_write: bool,
    changed: Changed | None = None,
) -> Card:
    """Show what a day asks for; when it asks for nothing, say so."""
    promised = [parts.task_line(t, context, {}, {}, may_write=may_write) for t in tasks]
    if changed is not None and changed.done is not None:
        promised.append(parts.done_line(changed.done, {}))
    sections = (
        Section(_("Waiting for your answer"), tuple(_waiting(row, context) for row in waiting)),
        Section(_("Tasks due"), tuple(promised)),
        Section(
            _("Deals without a next step"),
            tuple(parts.deal_line(deal, context, {}) for deal in deals),
        ),
    )
    shown = tuple(s for s in sections if s.widgets)
    if not shown:
        done = _("Nobody waits for you, nothing is due, and every deal has its next step.")
        shown = (Section("", (Paragraph(done),)),)
    return Card(
        title=_("My day"),
        subtitle=showing.day(context.today, context.today),
        name="homepage",
        sections=shown,
    )


def _waiting(row: Row, context: Context) -> Line:
    message = row.message
    when = showing.moment(row.last_at, context.at, context.zone)
    return Line(
        isolate(message.subject or _("No subject")),
        label=isolate(message.from_name or message.from_email),
        below=when,
        icon=Icon.MESSAGE,
        on_click=Action("message", {"message": str(message.id)}),
    )
