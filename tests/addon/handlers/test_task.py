"""Tasks beside a message: promised, done, not done after all."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.sales.models import Deal
from crm.work import timeline
from crm.work.models import ActivityKind, Note, Task
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, words
from tests.addon.test_facts import context_of


@pytest.mark.parametrize("host", HOSTS)
def test_a_task_stands_in_the_database_and_beside_the_other_messages(scene, host):
    sam = make.user(scene.session, scene.workspace, "sam@halden.test", name="Sam Okafor")
    beside = Beside(scene.session, scene.ana, host)
    save = buttons(beside.ask("task/new", scene.first))["Save"]

    typed = {
        "title": "  Call   Jana ",
        "due": dt.date(2026, 11, 25),
        "assignee": str(sam.id),
        "priority": "3",
        "deal": str(scene.deal.id),
    }
    answer = beside.ask(save.function, scene.first, typed)

    task = scene.session.scalar(select(Task).where(Task.title == "Call Jana"))
    assert (task.due_on, task.assignee_id, task.priority) == (dt.date(2026, 11, 25), sam.id, 3)
    assert (task.contact_id, task.deal_id) == (scene.contact.id, scene.deal.id)
    assert (task.thread_id, task.message_id) == (scene.first.thread_id, scene.first.id)
    for shown in (answer, beside.ask("message", scene.later)):
        assert "Call Jana\nDue Wednesday · Sam Okafor".lower() in words(shown).lower()


def test_without_a_word_a_task_is_mine_and_normal(scene):
    Beside(scene.session, scene.ana).ask("task/save", scene.first, {"title": "Call"})

    task = scene.session.scalar(select(Task).where(Task.title == "Call"))
    assert (task.assignee_id, task.priority, task.due_on) == (scene.ana.id, 2, None)


def test_a_form_cannot_choose_the_id_of_what_it_saves(scene):
    beside = Beside(scene.session, scene.ana)
    before = words(beside.ask("message", scene.first))
    taken = (str(scene.first.id), str(scene.contact.id), str(scene.deal.id))

    for one in taken:
        beside.ask("task/save", scene.first, {"title": "x"}, id=one)
        beside.ask("note/save", scene.first, {"text": "x"}, id=one)
        beside.ask(
            "deal/save", scene.first, {"name": "x", "amount": "5", "currency": "EUR"}, id=one
        )
        undone = beside.ask("task/undo", scene.first, {}, task=one)
        assert undone.notice == "There is no such task."

    made = {task.id for task in scene.session.scalars(select(Task))}
    made |= {deal.id for deal in scene.session.scalars(select(Deal)) if deal is not scene.deal}
    made |= {note.id for note in scene.session.scalars(select(Note))}
    assert not made & {UUID(one) for one in taken}
    said = words(beside.ask("message", scene.first))
    assert all(line in said for line in before.splitlines() if line.startswith("Quote"))


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "10000-01-01", "-1", "2026-W10-1"])
@pytest.mark.parametrize("form", ["task", "deal"])
def test_a_day_that_is_none_is_refused_and_nothing_is_saved(scene, form, day):
    typed = {"title": "Call", "due": day, "name": "Pilot", "closes": day}
    typed |= {"amount": "5", "currency": "EUR"}
    answer = Beside(scene.session, scene.ana).ask(f"{form}/save", scene.first, typed)

    assert (answer.card, answer.wrong) == (None, "due" if form == "task" else "closes")
    assert f"“{day}” is no day." in answer.notice
    assert scene.session.scalar(select(Task).where(Task.title == "Call")) is None
    assert scene.session.scalar(select(Deal).where(Deal.name == "Pilot")) is None


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(1405, 10, 10), dt.date(9999, 12, 31)])
def test_a_year_that_cannot_be_right_is_asked_again(scene, day):
    typed = {"title": "Call", "due": day}
    answer = Beside(scene.session, scene.ana).ask("task/save", scene.first, typed)

    assert (answer.card, answer.wrong) == (None, "due")
    assert f"The year {day.year} cannot be right." in answer.notice
    assert scene.session.scalar(select(Task).where(Task.title == "Call")) is None


@pytest.mark.parametrize("title", ["", "   ", "x" * 201])
def test_a_title_that_is_none_is_refused(scene, title):
    answer = Beside(scene.session, scene.ana).ask("task/save", scene.first, {"title": title})

    assert answer.card is None
    assert "between 1 and 200" in answer.notice


@pytest.mark.parametrize("host", HOSTS)
def test_done_offers_the_way_back_and_the_way_back_restores_all(scene, host):
    beside = Beside(scene.session, scene.ana, host)
    before = words(beside.ask("message", scene.first))
    check = buttons(beside.ask("message", scene.first))["done"]

    done = beside.ask(check.function, scene.first, {}, **check.parameters)

    assert scene.task.done_at == make.NOW
    assert "Send the quote\nDone just now\nUndo" in words(done)
    undo = buttons(done)["Undo"]
    answer = beside.ask(undo.function, scene.first, {}, **undo.parameters)
    assert scene.task.done_at is None
    assert words(answer) == before


def test_a_task_that_is_done_stands_on_the_timeline_once(scene):
    beside = Beside(scene.session, scene.ana)

    for _ in range(2):
        beside.ask("task/done", scene.first, {}, task=str(scene.task.id))

    page = timeline.page(scene.session, context_of(scene).viewer, scene.contact.id)
    assert [e.kind for e in page.entries].count(ActivityKind.TASK_DONE) == 1


def test_a_task_that_was_not_done_after_all_is_not_on_the_timeline(scene):
    beside = Beside(scene.session, scene.ana)

    for function in ("task/done", "task/undo", "task/done", "task/undo"):
        beside.ask(function, scene.first, {}, task=str(scene.task.id))

    page = timeline.page(scene.session, context_of(scene).viewer, scene.contact.id)
    assert ActivityKind.TASK_DONE not in {entry.kind for entry in page.entries}


def test_from_the_day_a_task_is_done_and_the_day_is_shown_again(scene):
    beside = Beside(scene.session, scene.ana)
    check = buttons(beside.ask("homepage"))["done"]

    answer = beside.ask(check.function, None, {}, **check.parameters)

    assert answer.card.name == "homepage"
    assert "Send the quote\nDone just now\nUndo" in words(answer)
    assert answer.move.value == "update"  # A check is no step deeper.
    undo = buttons(answer)["Undo"]
    assert "Send the quote\nDue" in words(beside.ask(undo.function, None, {}, **undo.parameters))


@pytest.mark.parametrize("message", [True, False])
def test_on_the_card_of_a_deal_a_task_is_done_there_and_back(scene, message):
    beside = Beside(scene.session, scene.ana)
    here = {"deal": str(scene.deal.id)} | ({"message": str(scene.first.id)} if message else {})
    shown = beside.ask("deal", None, {}, **here)
    check = buttons(shown)["done"]

    done = beside.ask(check.function, None, {}, **check.parameters)

    assert done.card.name == "deal"
    assert "Send the quote\nDone just now\nUndo" in words(done)
    undo = buttons(done)["Undo"]
    assert words(beside.ask(undo.function, None, {}, **undo.parameters)) == words(shown)


def test_beside_a_foreign_deal_nothing_is_done(scene, elsewhere):
    parameters = {"task": str(scene.task.id), "card": "deal", "deal": str(elsewhere.deal.id)}

    answer = Beside(scene.session, scene.ana).ask("task/done", None, {}, **parameters)

    assert answer.notice == "There is no such deal."
    assert scene.task.done_at is None
