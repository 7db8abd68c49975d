"""The forms that a card opens: a note, a task, a deal, a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.widgets import (
    Action,
    Button,
    Card,
    Choice,
    DatePicker,
    Footer,
    Option,
    Section,
    TextInput,
    isolate,
)
from crm.base import addresses
from crm.base.i18n import gettext as _
from crm.sales import pipelines
from crm.work.models import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from crm.sales.models import Stage
    from crm.workspace.models import User


def note_form(subtitle: str, here: Mapping[str, str]) -> Card:
    """Ask for a note."""
    text = TextInput("text", _("Note"), multiline=True)
    return _form(_("New note"), subtitle, (text,), "note/save", here, required=("text",))


def task_form(
    subtitle: str,
    here: Mapping[str, str],
    users: Sequence[User],
    user: User,
    due_on: date,
    deals: Sequence[tuple[str, str]],
) -> Card:
    """Ask for a task: what, by when, by whom, how urgent, for which deal."""
    assignees = tuple(Option(isolate(u.name), str(u.id), u.id == user.id) for u in users)
    levels = {Priority.LOW: _("Low"), Priority.NORMAL: _("Normal"), Priority.HIGH: _("High")}
    priorities = tuple(
        Option(word, str(int(level)), level is Priority.NORMAL) for level, word in levels.items()
    )
    widgets: list[TextInput | DatePicker | Choice] = [
        TextInput("title", _("What is to be done"), limit=200),
        DatePicker("due", _("Due"), due_on),
        Choice("assignee", _("Who"), assignees[:100]),
        Choice("priority", _("Priority"), priorities),
    ]
    if deals:
        options = [Option(_("No deal"), "")]
        options += [Option(isolate(name), id_, i == 0) for i, (id_, name) in enumerate(deals)]
        widgets.append(Choice("deal", _("Deal"), tuple(options)))
    title = _("New task")
    return _form(title, subtitle, tuple(widgets), "task/save", here, required=("title",))


def deal_form(
    subtitle: str,
    here: Mapping[str, str],
    stages: Sequence[Stage],
    currency: str,
    name: str,
) -> Card:
    """Ask for a deal: name, amount, stage, when it should close."""
    options = tuple(
        Option(isolate(pipelines.name_of(s)), str(s.id), i == 0) for i, s in enumerate(stages)
    )
    widgets = (
        TextInput("name", _("Name of the deal"), name, limit=200),
        TextInput("amount", _("Amount"), hint=_("Like 48,000.50")),
        TextInput("currency", _("Currency"), currency, limit=3),
        Choice("stage", _("Stage"), options),
        DatePicker("closes", _("Should close on")),
    )
    required = ("name", "amount", "currency")
    return _form(_("New deal"), subtitle, widgets, "deal/save", here, required=required)


def contact_form(email: str, name: str, company: str, here: Mapping[str, str]) -> Card:
    """Ask how a stranger is called, and which company they belong to."""
    widgets: tuple[TextInput, ...] = (TextInput("name", _("Name"), name, limit=200),)
    if company:
        widgets += (TextInput("company", _("Company"), company, limit=200),)
    title, subtitle = _("New contact"), isolate(email)
    return _form(title, subtitle, widgets, "contact/save", here, required=("name",))


def recipient_form(email: str, name: str, company: str) -> Card:
    """Ask for a contact out of a draft. The host's own way back leads out of it."""
    widgets = (
        TextInput("email", _("Address"), email, limit=addresses.LONGEST),
        TextInput("name", _("Name"), name, limit=200),
        TextInput("company", _("Company"), company, limit=200),
    )
    save = Action("recipient/save", persist_values=True, required=("email", "name"))
    return Card(
        title=_("New contact"),
        sections=(Section("", widgets),),
        footer=Footer(Button(_("Save"), save, filled=True)),
    )


def _form(
    title: str,
    subtitle: str,
    widgets: tuple[TextInput | DatePicker | Choice, ...],
    function: str,
    here: Mapping[str, str],
    *,
    required: tuple[str, ...],
) -> Card:
    """Put a form together: what was typed stays when it is refused."""
    save = Action(function, here, persist_values=True, required=required)
    return Card(
        title=title,
        subtitle=subtitle,
        sections=(Section("", widgets),),
        footer=Footer(
            Button(_("Save"), save, filled=True), Button(_("Cancel"), Action("message/back", here))
        ),
    )
