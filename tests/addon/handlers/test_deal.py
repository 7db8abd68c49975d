"""Deals beside a message: made, moved and back, linked."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from crm.sales import deals
from crm.sales.models import Deal, DealContact, DealMove, DealThread
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, html, words
from tests.rows import changed, checksums

TEN = {"name": "Ten printers", "amount": "1.500,50", "currency": "czk"}


@pytest.mark.parametrize("host", HOSTS)
def test_a_deal_stands_in_the_database_and_beside_the_other_messages(scene, host):
    beside = Beside(scene.session, scene.ana, host)
    save = buttons(beside.ask("deal/new", scene.first))["Save"]

    typed = {**TEN, "stage": str(scene.stages[3]), "closes": dt.date(2026, 12, 24)}
    answer = beside.ask(save.function, scene.first, typed)

    deal = scene.session.scalar(select(Deal).where(Deal.name == "Ten printers"))
    assert (deal.amount, deal.currency, deal.stage_id) == (150_050, "CZK", scene.stages[3])
    assert (deal.owner_id, deal.closes_on) == (scene.ana.id, dt.date(2026, 12, 24))
    assert deal.company_id == scene.contact.company_id
    linked = scene.session.scalar(select(DealThread.thread_id).where(DealThread.deal_id == deal.id))
    part = scene.session.scalar(
        select(DealContact.contact_id).where(DealContact.deal_id == deal.id)
    )
    assert (linked, part) == (scene.first.thread_id, scene.contact.id)
    for shown in (answer, beside.ask("message", scene.later)):
        said = words(shown).replace("\xa0", " ")
        assert "Ten printers\nCZK 1,500.50 · closes 24 Dec · here since today" in said
        assert "Ten printers\nThe thread is linked to it" in said


def test_the_form_comes_with_the_subject_and_the_currency_of_the_last_deal(scene):
    scene.deal.currency = "CZK"
    scene.session.flush()

    form = html(Beside(scene.session, scene.ana).ask("deal/new", scene.later))

    assert 'value="Label printers"' in form
    assert 'value="CZK"' in form


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "x"},
        {"amount": "-5"},
        {"amount": "9" * 30},
        {"currency": "XXXX"},
        {"name": " "},
        {"name": "x" * 201},
    ],
)
def test_what_cannot_be_a_deal_is_refused_and_the_form_stays(scene, wrong):
    answer = Beside(scene.session, scene.ana).ask("deal/save", scene.first, {**TEN, **wrong})

    assert answer.card is None
    assert answer.notice
    assert scene.session.scalar(select(Deal).where(Deal.name == "Ten printers")) is None


@pytest.mark.parametrize("host", HOSTS)
def test_a_move_says_so_and_its_undo_puts_everything_back(scene, host):
    beside = Beside(scene.session, scene.ana, host)
    since = scene.deal.stage_since
    chosen = {f"stage_{scene.deal.id.hex}": str(scene.stages[5])}

    choice = buttons(beside.ask("message", scene.first))["Stage"]
    moved = beside.ask(choice.function, scene.first, chosen, **choice.parameters)

    assert (scene.deal.stage_id, scene.deal.outcome) == (scene.stages[5], 1)
    assert "Moved from New just now\nUndo" in words(moved)
    undo = buttons(moved)["Undo"]
    back = beside.ask(undo.function, scene.first, chosen, **undo.parameters)
    assert (scene.deal.stage_id, scene.deal.outcome) == (scene.stages[0], 0)
    assert "just now" not in words(back)
    assert scene.deal.stage_since == since, "a move that was undone counts no days anew"


@pytest.mark.parametrize("host", HOSTS)
def test_a_move_on_the_card_of_a_deal_is_taken_back_there(scene, host):
    beside = Beside(scene.session, scene.ana, host)
    here = {"deal": str(scene.deal.id), "message": str(scene.first.id)}
    shown = beside.ask("deal", scene.first, {}, **here)
    choice = buttons(shown)["Stage"]
    chosen = {f"stage_{scene.deal.id.hex}": str(scene.stages[2])}

    moved = beside.ask(choice.function, scene.first, chosen, **choice.parameters)

    assert "Moved from New just now\nUndo" in words(moved)
    undo = buttons(moved)["Undo"]
    back = beside.ask(undo.function, scene.first, chosen, **undo.parameters)
    assert (moved.card.name, back.card.name) == ("deal", "deal")
    assert scene.deal.stage_id == scene.stages[0]


def test_undo_pressed_twice_takes_no_further_move_back(scene):
    beside = Beside(scene.session, scene.ana)
    for stage in scene.stages[1:3]:
        here = {"deal": str(scene.deal.id), "stage": str(stage), "message": str(scene.first.id)}
        moved = beside.ask("deal/move", None, {}, **here)
    undo = buttons(moved)["Undo"]

    answers = [beside.ask(undo.function, None, {}, **undo.parameters) for _ in range(2)]

    assert scene.deal.stage_id == scene.stages[1]
    assert words(answers[0]) == words(answers[1])


def test_undo_does_not_take_back_what_a_colleague_has_done_since(scene):
    beside, colleague = Beside(scene.session, scene.ana), scene.beside("rep")
    here = {"deal": str(scene.deal.id)}
    moved = beside.ask("deal/move", None, {}, stage=str(scene.stages[1]), **here)
    undo = buttons(moved)["Undo"]
    colleague.ask("deal/move", None, {}, stage=str(scene.stages[3]), **here)

    answer = beside.ask(undo.function, None, {}, **undo.parameters)

    assert answer.notice == "The deal has moved on since then. Nothing was changed."
    assert scene.deal.stage_id == scene.stages[3]


def test_every_move_is_in_the_history_of_the_deal(scene):
    beside = Beside(scene.session, scene.ana)

    for stage in (scene.stages[2], scene.stages[2], scene.stages[4]):
        beside.ask("deal/move", None, {}, deal=str(scene.deal.id), stage=str(stage))

    moves = scene.session.scalars(
        select(DealMove.stage_id).where(DealMove.deal_id == scene.deal.id).order_by(DealMove.id)
    )
    assert list(moves) == [scene.stages[0], scene.stages[2], scene.stages[4]]


def test_without_a_stage_nothing_moves(scene):
    answer = Beside(scene.session, scene.ana).ask(
        "deal/move", scene.first, {}, deal=str(scene.deal.id)
    )

    assert answer.notice == "No stage was chosen. Nothing was moved."


def test_a_deal_that_is_linked_brings_the_thread_onto_its_timeline(scene):
    beside = Beside(scene.session, scene.ana)

    answer = beside.ask("deal/link", scene.stranger, {}, deal=str(scene.deal.id))

    assert answer.notice == "This thread is linked to \u2068Brno rollout\u2069."
    assert "Brno rollout\nThe thread is linked to it" in words(answer)
    assert [d.id for d in deals.of_thread(scene.session, scene.ana, scene.stranger.thread_id)] == [
        scene.deal.id
    ]
    assert "Who sells labels?" in words(beside.ask("deal", None, {}, deal=str(scene.deal.id)))


def test_a_thread_that_is_linked_is_no_longer_not_logged(scene):
    beside = Beside(scene.session, scene.ana)

    beside.ask("deal/link", scene.stranger, {}, deal=str(scene.deal.id))

    scene.session.refresh(scene.stranger)
    assert scene.stranger.unfiled == ""


def test_linking_twice_is_linking_once(scene):
    beside = Beside(scene.session, scene.ana)

    first = beside.ask("deal/link", scene.first, {}, deal=str(scene.deal.id))
    second = beside.ask("deal/link", scene.first, {}, deal=str(scene.deal.id))

    assert words(first) == words(second)


def test_a_thread_that_was_linked_in_error_is_unlinked_and_all_is_as_before(scene):
    beside = Beside(scene.session, scene.ana)
    deal = {"deal": str(scene.deal.id), "message": str(scene.stranger.id)}
    before = checksums(scene.session, scene.workspace.id)
    beside.ask("deal/link", scene.stranger, {}, **deal)
    shown = buttons(beside.ask("deal", scene.stranger, {}, **deal))
    assert "Link this thread" not in shown

    answer = beside.ask(shown["Unlink this thread"].function, scene.stranger, {}, **deal)

    assert answer.notice == "This thread is not linked to \u2068Brno rollout\u2069 any more."
    assert "Brno rollout" not in words(answer)
    assert "Link this thread" in buttons(beside.ask("deal", scene.stranger, {}, **deal))
    assert changed(before, checksums(scene.session, scene.workspace.id)) == ["message"]
    scene.session.refresh(scene.stranger)
    assert scene.stranger.unfiled == "taken_off"


def test_a_moved_deal_says_for_how_long_it_has_stood_there(scene):
    beside = Beside(scene.session, scene.ana)
    beside.ask("deal/move", None, {}, deal=str(scene.deal.id), stage=str(scene.stages[1]))

    later = beside.ask("message", scene.first, at=make.NOW + dt.timedelta(days=1, hours=1))

    assert "1 day here" in words(later)
