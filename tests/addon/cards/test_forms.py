"""The forms: what they ask, what they insist on, what is chosen already."""

from __future__ import annotations

import datetime as dt

import pytest

from addon.cards import forms
from addon.response import Move
from addon.widgets import Choice
from crm.sales import pipelines
from crm.workspace import users
from tests import make
from tests.addon.beside import HOSTS, LINKS, ROUTES, Beside, buttons, words
from tests.house.cards import check_card
from tests.rows import changed, checksums

DUE = dt.date(2026, 11, 23)
HERE = {"message": "7", "person": "0"}


def drawn(scene):
    people = users.everyone(scene.session, scene.workspace.id)
    stages = pipelines.stages(scene.session, scene.workspace.id)
    return {
        "note": forms.note_form("Jana", HERE),
        "task": forms.task_form("Jana", HERE, people, scene.ana, DUE, [("d", "Brno rollout")]),
        "deal": forms.deal_form("Severka", HERE, stages, "EUR", "Label printers"),
        "contact": forms.contact_form("petr@kovar.test", "Petr Novák", "Kovar", HERE),
    }


@pytest.mark.parametrize("name", ["note", "task", "deal", "contact"])
def test_a_form_saves_keeps_what_was_typed_and_can_be_left(scene, name):
    card = drawn(scene)[name]
    save = card.footer.primary.on_click

    assert check_card(card.to_json(LINKS), functions=ROUTES) == []
    assert save.function == f"{name}/save"
    assert save.persist_values
    assert save.required
    assert save.parameters == HERE
    assert card.footer.secondary.on_click.function == "message/back"


def test_a_task_is_mine_normal_and_for_the_first_deal_unless_said_otherwise(scene):
    make.user(scene.session, scene.workspace, "sam@halden.test")

    widgets = drawn(scene)["task"].sections[0].widgets
    chosen = {
        widget.name: [option.value for option in widget.options if option.selected]
        for widget in widgets
        if isinstance(widget, Choice)
    }

    assert chosen == {"assignee": [str(scene.ana.id)], "priority": ["2"], "deal": ["d"]}


def test_without_deals_a_task_asks_for_none(scene):
    people = users.everyone(scene.session, scene.workspace.id)

    card = forms.task_form("", HERE, people, scene.ana, DUE, [])

    assert "deal" not in {getattr(widget, "name", "") for widget in card.sections[0].widgets}


def test_a_workspace_of_three_hundred_still_has_a_form(scene):
    for n in range(120):
        make.user(scene.session, scene.workspace, f"colleague{n}@halden.test")
    people = users.everyone(scene.session, scene.workspace.id)

    card = forms.task_form("", HERE, people, scene.ana, DUE, [])

    assert check_card(card.to_json(LINKS), functions=ROUTES) == []
    offered = next(w for w in card.sections[0].widgets if getattr(w, "name", "") == "assignee")
    assert str(scene.ana.id) in {option.value for option in offered.options}


def test_nobody_with_free_mail_is_asked_for_a_company():
    card = forms.contact_form("petr@gmail.com", "Petr", "", HERE)

    assert [widget.name for widget in card.sections[0].widgets] == ["name"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("form", ["note/new", "task/new", "deal/new"])
def test_who_leaves_a_form_is_back_on_the_card_below_it(scene, form, host):
    """Below it may stand My day: so it is not the first card to which one goes back."""
    beside = Beside(scene.session, scene.ana, host)
    new = beside.ask(form, scene.first, {}, message=str(scene.first.id), person="0")
    cancel, save = (buttons(new)[words] for words in ("Cancel", "Save"))
    typed = {"text": "x", "title": "x", "name": "x", "amount": "1", "currency": "EUR"}

    left = beside.ask(cancel.function, scene.first, {}, **cancel.parameters)
    saved = beside.ask(save.function, scene.first, typed, **save.parameters)

    for answer in (left, saved):
        assert (answer.card.name, answer.move) == ("message", Move.BACK)
    assert (left.changed, saved.changed) == (False, True)


@pytest.mark.parametrize("form", ["note/new", "task/new", "deal/new", "contact/new"])
def test_a_form_that_is_sent_twice_saves_once_and_says_the_same(scene, form):
    """A double click, or Gmail that sends a call again (google.md 1.1)."""
    beside = Beside(scene.session, scene.ana)
    message = scene.stranger if form == "contact/new" else scene.first
    typed = {"text": "x", "title": "x", "name": "x", "amount": "1", "currency": "EUR"}
    new = beside.ask(form, message, {}, message=str(message.id), person="0")
    save = buttons(new)["Save"]

    first = beside.ask(save.function, None, typed, **save.parameters)
    before = checksums(scene.session, scene.workspace.id)
    second = beside.ask(save.function, None, typed, **save.parameters)

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    assert (first.notice, words(first)) == (second.notice, words(second))


@pytest.mark.parametrize("form", ["note/new", "task/new", "deal/new"])
def test_something_else_in_a_form_that_was_saved_is_not_lost_in_silence(scene, form):
    beside = Beside(scene.session, scene.ana)
    typed = {"text": "x", "title": "x", "name": "x", "amount": "1", "currency": "EUR"}
    save = buttons(beside.ask(form, scene.first))["Save"]
    beside.ask(save.function, scene.first, typed, **save.parameters)

    other = {**typed, "text": "y", "title": "y", "name": "y"}
    answer = beside.ask(save.function, scene.first, other, **save.parameters)

    assert answer.card is None
    assert "saved already" in answer.notice


@pytest.mark.parametrize("form", ["note/new", "task/new", "deal/new"])
def test_each_form_saves_something_of_its_own(scene, form):
    beside = Beside(scene.session, scene.ana)

    saves = [buttons(beside.ask(form, scene.first))["Save"] for _ in range(2)]

    assert saves[0].parameters != saves[1].parameters
