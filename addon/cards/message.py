"""The card beside an open message: the person, the company, deals, tasks, the past, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from addon import authorship, suspecting
from addon.cards import contact_parts, parts
from addon.cards.parts import Changed
from addon.facts import PEOPLE, addresses, other_side
from addon.widgets import (
    Action,
    Button,
    Buttons,
    Card,
    Chip,
    Chips,
    Choice,
    Icon,
    Line,
    Option,
    Paragraph,
    Section,
    isolate,
)
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.mail.letter import Kind
from crm.mail.models import Shares
from crm.people.domains import company_domain, guess_name
from crm.people.machines import is_machine
from crm.sales import pipelines
from crm.work import reasons
from crm.work.models import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.context import Context
    from addon.facts import Facts, Person
    from crm.sales.models import Deal
    from crm.work.links import TakenOff

#: Up to so many people are chips; more are a list.
_CHIPS = 5
#: Gmail drops what comes after the hundredth widget: of a message to many, the first reasons.
_REASONS, _TAKEN_OFF = 20, 10


def message_card(
    facts: Facts, context: Context, names: Mapping[object, str], changed: Changed | None = None
) -> Card:
    """Show who wrote, what is open with them, what was said before, and why it stands there."""
    changed = changed or Changed()
    here = {"message": str(facts.message.message.id)}
    if facts.chosen is not None:
        here["person"] = _number(facts, facts.chosen)
    sections = (
        Section("", tuple(_top(facts, context, here))),
        Section(_("Meeting"), tuple(parts.meeting_lines(facts.meetings, context))),
        Section(_("Contact and company"), tuple(_person(facts, here, context))),
        Section(_("New in their letters"), tuple(_suggested(facts, context, here, changed))),
        Section(_("Deals"), tuple(_deals(facts, context, here, changed))),
        Section(_("Tasks"), tuple(_tasks(facts, context, here, names, changed))),
        Section(_("Coming up"), tuple(parts.activity_line(e, context) for e in facts.coming)),
        Section(_("Last activities"), tuple(_recent(facts, context)), collapsible=True, shown=3),
        Section(_why_header(facts), tuple(_why(facts, here))),
    )
    title, subtitle = _head(facts)
    return Card(
        title=isolate(title),
        subtitle=isolate(subtitle) if subtitle else "",
        name="message",
        person=facts.chosen is not None,
        sections=tuple(s for s in sections if s.widgets),
    )


def _head(facts: Facts) -> tuple[str, str]:
    contact, person = facts.contact, facts.chosen
    if contact is not None:
        about = [contact.title, contact.company.name if contact.company else ""]
        return contact.name, " · ".join(word for word in about if word)
    if person is not None:
        machine = is_machine(person.email)
        return person.name, _("Nobody reads this address") if machine else _("Not a contact yet")
    m = facts.message.message
    if is_machine(m.from_email):
        return m.from_name or m.from_email, _("Nobody reads this address")
    return _("Colleagues only"), ""


def _number(facts: Facts, person: Person) -> str:
    """Name a person by the place in the message: an address has no business in a parameter."""
    return str(facts.people.index(person))


def _top(
    facts: Facts, context: Context, here: Mapping[str, str]
) -> list[Chips | Choice | Buttons | Line]:
    widgets: list[Chips | Choice | Buttons | Line] = []
    if len(facts.people) > (facts.chosen is not None):
        widgets.append(_people(facts, here))
    buttons = []
    if facts.may_write and facts.contact is not None:
        buttons.append(Button(_("Note"), Action("note/new", here)))
    if facts.may_write:
        buttons.append(Button(_("Task"), Action("task/new", here)))
    if facts.may_deal:
        buttons.append(Button(_("Deal"), Action("deal/new", here)))
    if facts.mine:
        buttons.append(_privacy(facts, here))
    if buttons:
        widgets.append(Buttons(tuple(buttons)))
    widgets += _authorship(facts)
    m = facts.message.message
    warnings = (*suspecting.warnings(m), facts.diverted, facts.marks.get(m.id, ""))
    widgets += [Line(said, icon=Icon.WARNING, told=True) for said in warnings if said]
    if facts.own_choice is Shares.NOTHING:
        said = _("Private: colleagues see nothing of this thread from your mailbox.")
        widgets.append(Line(said, icon=Icon.PRIVATE))
    if context.opened is not None and context.opened.rule:
        widgets.append(Line(_("It is in the bin now, or among spam. What was logged stays.")))
    return widgets


def _authorship(facts: Facts) -> list[Line]:
    """Say who sent it for whom, or through which list, and who passed it on."""
    m = facts.message.message
    through = facts.sent_by is not None or m.writer_email or m.writer_name
    said = (authorship.words(m, facts.sent_by) if through else "", authorship.passed_on(m))
    return [Line(words, told=True) for words in said if words]


def _people(facts: Facts, here: Mapping[str, str]) -> Chips | Choice:
    """Let somebody be chosen: chips for a few, a list for many."""
    people = facts.people
    if len(people) > _CHIPS:
        options = tuple(
            Option(isolate(p.name[:60]), str(i), p is facts.chosen) for i, p in enumerate(people)
        )
        return Choice(PEOPLE, _("Person"), options, on_change=Action("message/person", here))
    return Chips(
        tuple(
            Chip(
                isolate(p.name[:60]),
                Action("message/person", {**here, "person": str(i)}),
                chosen=p is facts.chosen,
            )
            for i, p in enumerate(people)
        )
    )


def _privacy(facts: Facts, here: Mapping[str, str]) -> Button:
    if facts.own_choice is Shares.NOTHING:
        return Button(_("Share again"), Action("thread/share", here))
    return Button(_("Keep private"), Action("thread/private", here))


def _person(
    facts: Facts, here: Mapping[str, str], context: Context
) -> list[Line | Buttons | Paragraph]:
    contact, person = facts.contact, facts.chosen
    if person is None:
        return []
    reach = parts.reach_lines(facts.reach, context)
    if contact is None:
        return [*reach, *_stranger(facts, person, here)]
    return [*reach, *contact_parts.contact_lines(contact)]


def _suggested(
    facts: Facts, context: Context, here: Mapping[str, str], changed: Changed
) -> list[Line | Buttons]:
    told, decided = facts.suggested, changed.decided
    return contact_parts.suggestion_lines(told, decided, context, here, may_edit=facts.may_edit)


def _stranger(
    facts: Facts, person: Person, here: Mapping[str, str]
) -> list[Line | Buttons | Paragraph]:
    domain = company_domain(person.email.rpartition("@")[2])
    if is_machine(person.email):
        return [Line(isolate(person.email), icon=Icon.ADDRESS)]
    lines: list[Line | Buttons | Paragraph] = [
        Line(parts.write_to(person.email), icon=Icon.ADDRESS)
    ]
    if domain is not None:
        guess = _("Perhaps {company}").format(company=isolate(guess_name(domain)))
        lines.append(Line(guess, below=isolate(domain), icon=Icon.COMPANY))
    if facts.may_edit:
        m = facts.message.message
        asked_for = m.kind in (Kind.PERSON, Kind.INVITATION) and not m.suspicions
        new = Button(_("Create contact"), Action("contact/new", here), filled=asked_for)
        lines.append(Buttons((new,)))
    return lines


def _deals(
    facts: Facts, context: Context, here: Mapping[str, str], changed: Changed
) -> list[Line | Choice]:
    lines: list[Line | Choice] = []
    for deal in facts.deals[:4]:
        lines.append(parts.deal_line(deal, context, here))
        lines.append(_stage(deal, facts, here))
        if changed.moved is not None and changed.moved.deal_id == deal.id:
            lines.append(parts.moved_line(changed.moved, facts.stages, here))
    if changed.unlinked is not None:
        lines.append(parts.unlinked_line(changed.unlinked, here))
    return lines


def _stage(deal: Deal, facts: Facts, here: Mapping[str, str]) -> Line | Choice:
    own = [s for s in facts.stages if s.pipeline_id == deal.pipeline_id]
    current = next((pipelines.name_of(s) for s in own if s.id == deal.stage_id), "")
    if not facts.may_deal or not own:
        return Line(isolate(current), label=_("Stage"))
    options = tuple(
        Option(isolate(pipelines.name_of(s)), str(s.id), s.id == deal.stage_id) for s in own
    )
    move = Action("deal/move", {**here, "deal": str(deal.id)})
    return Choice(f"stage_{deal.id.hex}", _("Stage"), options, on_change=move)


def _tasks(
    facts: Facts,
    context: Context,
    here: Mapping[str, str],
    names: Mapping[object, str],
    changed: Changed,
) -> list[Line]:
    lines = [
        parts.task_line(task, context, here, names, may_write=facts.may_write)
        for task in facts.tasks[:6]
    ]
    if changed.done is not None:
        lines.append(parts.done_line(changed.done, here))
    return lines


def _recent(facts: Facts, context: Context) -> list[Line]:
    """Show what was; of the message itself its mark stands above."""
    marks = {id_: m for id_, m in facts.marks.items() if id_ != facts.message.message.id}
    return [
        parts.activity_line(entry, context, marks.get(entry.message_id, ""))
        for entry in facts.recent.entries
    ]


def _why_header(facts: Facts) -> str:
    """Head the reasons; what is logged nowhere says so itself."""
    return _("Logged here because") if facts.links or facts.taken_off else ""


def _why(facts: Facts, here: Mapping[str, str]) -> list[Line | Buttons]:
    lines: list[Line | Buttons] = []
    taken_off = facts.taken_off[:_TAKEN_OFF]
    found_links = facts.links[: _REASONS - len(taken_off)]
    for found in found_links:
        off = {**here, "record": str(int(found.record)), "id": str(found.id)}
        button = Button(
            _("Not here"),
            Action("link/off", off),
            alt=_("Take this message off {name}").format(name=isolate(found.name)),
        )
        end = button if _may_take_off(facts, found.record) else None
        lines.append(Line(isolate(found.name), below=found.reason, end=end))
    for one in taken_off:
        said = _("All from {email} stays off {name}") if one.email else _("Taken off {name}")
        name, email = isolate(one.name), isolate(one.email)
        lines.append(Line(said.format(name=name, email=email)))
        if _may_take_off(facts, one.record):
            lines.append(Buttons(tuple(_ways_on(one, facts, here))))
    more = len(facts.links) + len(facts.taken_off) - len(found_links) - len(taken_off)
    if more:
        lines.append(Line(_("… and {n} more").format(n=showing.number(more))))
    if not facts.links and facts.message.message.unfiled:
        m = facts.message.message
        lines.append(Line(reasons.of_unfiled(m.unfiled, m.kind_reason, Kind(m.kind))))
    return lines


def _ways_on(one: TakenOff, facts: Facts, here: Mapping[str, str]) -> list[Button]:
    """Offer to take back what a line says, and from one message to go on to its address."""
    there = {**here, "record": str(int(one.record)), "id": str(one.id)}
    if one.email:
        places = {email: at for at, email in addresses(facts.message, facts.people).items()}
        there["address"] = str(places[one.email])
        return [Button(_("Undo"), Action("link/back", there))]
    buttons = [Button(_("Undo"), Action("link/back", there))]
    other = other_side(facts.message, facts.chosen)
    if other and replace(one, email=other) not in facts.taken_off:
        buttons.append(Button(_("Never for this address"), Action("link/never", there)))
    return buttons


def _may_take_off(facts: Facts, record: Record) -> bool:
    return facts.may_edit and (record is not Record.DEAL or facts.may_deal)
