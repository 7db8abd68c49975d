"""The card's buttons in the web app: with script a fragment, without it a whole page."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import func, select

from addon.actions import FUNCTIONS
from crm.sales.models import Deal
from crm.work.models import Note, Task
from tests import make
from tests.visiting import HTMX, said


def do(function, **parameters):
    return {"do": json.dumps({"function": function, "parameters": parameters})}


def pressed(page, words):
    """Return what a button of a page posts."""
    found = re.search(rf'(?s)<button[^>]*value="([^"]*)"[^>]*>{words}</button>', page)
    assert found, f"there is no button {words}"
    return {"do": found[1].replace("&#34;", '"').replace("&amp;", "&")}


def test_a_button_answers_with_the_card_alone(reader, scene):
    answer = reader.post(f"/panel/{scene.first.id}", do("note/new"), headers=HTMX)

    assert answer.text.startswith('<article class="card" id="card"')
    assert "<html" not in answer.text
    assert "New note" in said(answer)


def test_what_was_saved_is_said_and_stands_on_the_card(reader, scene, session):
    fields = {**do("note/save"), "text:text": "Prefers the phone"}

    answer = reader.post(f"/panel/{scene.first.id}", fields, headers=HTMX)

    assert 'id="toasts"' in answer.text
    assert "The note is saved." in said(answer)
    assert "Prefers the phone" in said(answer)
    assert session.scalar(select(func.count()).where(Note.text == "Prefers the phone")) == 1


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [("amount", "x12", "“x12” does not belong"), ("currency", "ZZZ", "ZZZ is not a currency")],
)
def test_a_refusal_stands_below_its_input_and_what_was_typed_in_it(
    reader, scene, name, typed, words
):
    right = {"text:name": "Ten printers", "text:amount": "5", "text:currency": "EUR"}
    fields = {**do("deal/save"), **right, f"text:{name}": typed}

    answer = reader.post(f"/panel/{scene.first.id}", fields, headers=HTMX)

    wrong = re.findall(r'<input[^>]*aria-invalid="true"[^>]*>', answer.text)
    assert [f'name="text:{name}"' in one and f'value="{typed}"' in one for one in wrong] == [True]
    assert words in said(answer)
    assert 'value="Ten printers"' in answer.text
    assert "HX-Reswap" not in answer.headers


def test_a_fault_of_ours_is_said_above_the_buttons_of_the_form(reader, scene, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "note/save", lambda _context, _event: 1 // 0)
    fields = {**do("note/save"), "text:text": "Prefers the phone"}

    answer = reader.post(f"/panel/{scene.first.id}", fields, headers=HTMX)

    assert "That did not work, by a fault of ours." in answer.text.split("</textarea>")[1]
    assert "Prefers the phone" in said(answer)


def test_what_cannot_be_done_leaves_the_card_and_is_said(reader, scene):
    answer = reader.post(f"/panel/{scene.first.id}", do("task/done", task="7"), headers=HTMX)

    assert answer.headers["HX-Reswap"] == "none"
    assert "This button is out of date." in said(answer)


def test_what_was_said_before_goes_with_the_next_button(reader, scene):
    answer = reader.post(f"/panel/{scene.first.id}", do("message/back"), headers=HTMX)

    assert re.search(r'id="toasts"[^>]*hx-swap-oob="innerHTML">\s*</div>', answer.text)


@pytest.mark.parametrize("form", [{}, {"do": ""}, {"do": "{"}, {"do": "[]"}, {"do": "[" * 5000}])
def test_what_is_no_button_is_refused(reader, scene, form):
    for headers in ({}, HTMX):
        answer = reader.post(f"/panel/{scene.first.id}", form, headers=headers)

        assert answer.status_code == 422
        assert "Nothing was changed. Load the page again." in said(answer)


def test_a_note_that_is_far_too_long_is_asked_again_as_it_was_typed(reader, scene):
    typed = "word " * 30_000

    answer = reader.post(
        f"/panel/{scene.first.id}", {**do("note/save"), "text:text": typed}, headers=HTMX
    )

    assert "A note has at most 2,000 characters." in said(answer)
    assert typed.strip() in answer.text


def test_a_form_that_is_too_big_is_refused(reader, scene):
    answer = reader.post(f"/panel/{scene.first.id}", {**do("note/save"), "text:text": "x" * 2**20})

    assert answer.status_code == 413


def test_what_was_typed_with_odd_signs_is_kept_or_refused_in_words(reader, scene):
    for text in ("a\x00b", "\ud83d\ude00", "é" * 9000, "\x1b[31m"):
        fields = {**do("note/save"), "text:text": text.encode("utf-8", "surrogatepass")}
        answer = reader.post(f"/panel/{scene.first.id}", fields, headers=HTMX)

        assert answer.status_code == 200


def test_without_script_a_form_opens_on_the_page_and_saves(reader, scene, session):
    """ui.md: everything works without script; forms are forms."""
    page = reader.get(f"/inbox/{scene.first.thread_id}?message={scene.first.id}&pane=card")
    opened = reader.post(
        f"/panel/{scene.first.id}", pressed(page.text, "Deal"), follow_redirects=True
    )
    assert "New deal" in said(opened), "the form is not shown without script"

    fields = {"text:name": "Ten printers", "text:amount": "1500", "text:currency": "EUR"}
    saved = reader.post(
        f"/panel/{scene.first.id}",
        pressed(opened.text, "Save") | fields,
        follow_redirects=True,
    )

    assert session.scalar(select(func.count()).where(Deal.name == "Ten printers")) == 1
    assert "Ten printers" in said(saved)


def test_without_script_a_form_that_was_saved_can_be_loaded_again(reader, scene, session):
    fields = {**do("note/save"), "text:text": "Prefers the phone"}

    saved = reader.post(f"/panel/{scene.first.id}", fields)
    page = reader.get(saved.location)
    again = reader.get(saved.location)

    assert saved.status_code == 303
    assert "The note is saved." in said(page)
    assert "The note is saved." not in said(again)
    assert "Prefers the phone" in said(again)
    assert session.scalar(select(func.count()).where(Note.text == "Prefers the phone")) == 1


def test_without_script_a_saved_form_leads_back_to_whom_it_was_about(reader, scene, session):
    to = "ana@halden.test, Petr <petr@kovar.test>"
    (both,) = make.filed(session, scene.mailbox, make.raw(to=to, subject="Both")).new
    session.commit()
    fields = {**do("contact/save", person="1"), "text:name": "Petr Novák"}

    page = reader.post(f"/panel/{both}", fields, follow_redirects=True)

    assert "Petr Novák is a contact now." in said(page)
    assert re.search(r'id="card-title"[^>]*>Petr Novák<', page.text)


@pytest.mark.parametrize("fault", ["refused", "failed"])
def test_without_script_what_was_typed_is_asked_again(reader, scene, monkeypatch, fault):
    wrong = {"text:amount": "much"} if fault == "refused" else {"text:amount": "5"}
    if fault == "failed":
        monkeypatch.setitem(FUNCTIONS, "deal/save", lambda _context, _event: 1 // 0)
    fields = {
        "text:name": "Ten printers",
        "text:currency": "CZK",
        "text:stage": str(scene.stages[2]),
        "date:closes": "2026-12-24",
    }

    page = reader.post(f"/panel/{scene.first.id}", do("deal/save") | fields | wrong)

    assert "New deal" in said(page)
    for value in ("Ten printers", "CZK", "2026-12-24", *wrong.values()):
        assert f'value="{value}"' in page.text
    assert f'value="{scene.stages[2]}" selected' in page.text
    assert "circle-alert" in page.text.split('id="toasts"')[1]


def test_without_script_a_refusal_is_said(reader, scene):
    answer = reader.post(f"/panel/{scene.first.id}", do("note/save"), follow_redirects=True)

    assert "The note is empty. Nothing was saved." in said(answer)


def test_without_script_what_was_done_can_be_undone(reader, scene):
    """The undo lives in the card that answers, and nowhere else."""
    answer = reader.post(
        f"/panel/{scene.first.id}",
        do("task/done", message=str(scene.first.id), task=str(scene.task.id)),
        follow_redirects=True,
    )

    assert "Done just now" in said(answer)


def test_without_script_a_check_needs_its_button_pressed(reader, scene, session):
    page = reader.get(f"/inbox/{scene.first.thread_id}")

    assert "<noscript><button" in page.text
    reader.post(
        f"/panel/{scene.first.id}",
        do("task/done", message=str(scene.first.id), task=str(scene.task.id)),
    )
    session.expire_all()
    assert session.scalar(select(Task.done_at).where(Task.id == scene.task.id)) is not None


def test_the_card_of_a_message_alone_is_for_htmx(reader, scene):
    alone = reader.get(f"/panel/{scene.later.id}", headers=HTMX)
    page = reader.get(f"/panel/{scene.later.id}")

    assert alone.text.startswith("<article")
    assert (page.status_code, page.location) == (
        303,
        f"/inbox/{scene.later.thread_id}?message={scene.later.id}&pane=card",
    )
