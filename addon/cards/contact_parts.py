"""What cards show of a contact: how they are reached, and what their letters tell of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from addon.cards import parts
from addon.cards.parts import Changed, beside
from addon.widgets import (
    Action,
    Button,
    Buttons,
    Icon,
    Line,
    OpenLink,
    Section,
    isolate,
    left_to_right,
)
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.people.models import DetailKind, DetailSource, DetailState
from crm.sales import pipelines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addon.cards.parts import Decided
    from addon.context import Context
    from addon.facts import Known
    from crm.filing.suggestions import Suggested
    from crm.people.models import Contact, ContactDetail

#: What sort of thing a letter tells, as its label.
DETAILS = {
    DetailKind.NAME: lazy("Name"),
    DetailKind.TITLE: lazy("Title"),
    DetailKind.COMPANY: lazy("Company"),
    DetailKind.PHONE: lazy("Phone"),
    DetailKind.LINK: lazy("Link"),
    DetailKind.ADDRESS: lazy("Postal address"),
}
#: What runs from left to right in every language.
FROM_LEFT = frozenset({DetailKind.PHONE, DetailKind.LINK})
#: So many suggestions are shown among other things; the rest has a card of its own.
_SUGGESTED = 4


def contact_sections(
    known: Known, context: Context, names: Mapping[object, str], changed: Changed | None = None
) -> tuple[Section, ...]:
    """Show what is known of a contact, for a card that is about them and perhaps about others."""
    changed = changed or Changed()
    again = {"contact": str(known.contact.id), "card": "contact"}
    promised = [
        parts.task_line(task, context, again, names, may_write=known.may_write)
        for task in known.tasks[:6]
    ]
    if changed.done is not None:
        promised.append(parts.done_line(changed.done, again))
    stages = {stage.id: pipelines.name_of(stage) for stage in known.stages}
    lines = [
        replace(parts.deal_line(deal, context, {}), label=isolate(stages.get(deal.stage_id, "")))
        for deal in known.deals[:4]
    ]
    past = tuple(
        parts.activity_line(entry, context, known.marks.get(entry.message_id, ""))
        for entry in known.recent.entries
    )
    new = suggestion_lines(
        known.suggested, changed.decided, context, again, may_edit=known.may_edit
    )
    sections = (
        Section(
            _("Contact and company"),
            (*parts.reach_lines(known.reach, context), *_who(known)),
        ),
        Section(_("New in their letters"), tuple(new)),
        Section(_("Deals"), tuple(lines)),
        Section(_("Tasks"), tuple(promised)),
        Section(_("Coming up"), tuple(parts.activity_line(e, context) for e in known.coming)),
        Section(_("Last activities"), past, collapsible=True, shown=3),
    )
    return tuple(section for section in sections if section.widgets)


def _who(known: Known) -> tuple[Line | Buttons, ...]:
    page = Button(_("Open in Inlay"), OpenLink(f"/contacts/{known.contact.id}"))
    return (*contact_lines(known.contact), Buttons((page,)))


def contact_lines(contact: Contact) -> list[Line]:
    """Show how a contact is reached, their company, and what letters have told besides."""
    lines = [Line(parts.write_to(a.email), icon=Icon.ADDRESS) for a in contact.addresses[:3]]
    if contact.phone:
        lines.append(Line(left_to_right(contact.phone), icon=Icon.PHONE))
    if contact.company is not None:
        lines.append(Line(isolate(contact.company.name), icon=Icon.COMPANY))
    return lines + [
        Line(written(detail.kind, detail.value), label=_(DETAILS[DetailKind(detail.kind)]))
        for detail in contact.details
        if detail.state == DetailState.CURRENT and not has_field(contact, detail)
    ]


def written(kind: int, value: str) -> str:
    """Write a detail so that nothing around it turns it round."""
    return left_to_right(value) if kind in FROM_LEFT else isolate(value)


def has_field(contact: Contact, detail: ContactDetail) -> bool:
    """Tell whether a detail stands in a field of its contact, and so is shown there."""
    if detail.kind == DetailKind.COMPANY:
        return contact.company is not None
    return detail.kind in (DetailKind.NAME, DetailKind.TITLE, DetailKind.PHONE)


def suggestion_lines(
    suggested: Sequence[Suggested],
    decided: Decided | None,
    context: Context,
    parameters: Mapping[str, str],
    *,
    may_edit: bool,
    most: int = _SUGGESTED,
) -> list[Line | Buttons]:
    """Offer what letters tell of a contact, beside what is known; what was decided has an Undo.

    What is too much for here is a click away.
    """
    lines: list[Line | Buttons] = []
    if decided is not None:
        told = decided.suggested
        value = written(told.kind, told.value)
        back = _("Undo: {value}").format(value=value)
        undo = Button(
            _("Undo"), Action("detail/undo", {**parameters, "detail": told.key}), alt=back
        )
        below = _("Used just now") if decided.used else _("Ignored from now on")
        label = _(DETAILS[told.kind])
        lines.append(Line(value, label=label, below=below, end=undo))
    for told in suggested[:most]:
        here, value = {**parameters, "detail": told.key}, written(told.kind, told.value)
        lines.append(
            Line(
                value,
                label=_(DETAILS[told.kind]),
                below=beside(*_course_of(told, context)),
                icon=Icon.NOTE,
                on_click=OpenLink(f"/inbox/{told.thread_id}?view=all&message={told.message_id}"),
            )
        )
        if may_edit:
            name = _(DETAILS[told.kind])
            use = Button(
                _("Use"),
                Action("detail/use", here),
                alt=_("Use {value} as {field}").format(value=value, field=name),
            )
            ignore = Button(
                _("Ignore"),
                Action("detail/ignore", here),
                alt=_("Ignore {value}").format(value=value),
            )
            lines.append(Buttons((use, ignore)))
    more = len(suggested) - most
    if more > 0:
        said = _("… and {n} more").format(n=showing.number(more))
        lines.append(Buttons((Button(said, Action("detail/all", dict(parameters))),)))
    return lines


def _course_of(told: Suggested, context: Context) -> list[str]:
    """Say what is known now, where the value stands, since when, and whether others see it yet."""
    since = told.since.astimezone(context.zone).date()
    source = _("From a signature") if told.source is DetailSource.SIGNATURE else _("From a vCard")
    now = _("now {value}").format(value=written(told.kind, told.known)) if told.known else ""
    day = _("since {day}").format(day=showing.day_within(since, context.today))
    return [now, source, day, _("private until you use it") if told.private else ""]
