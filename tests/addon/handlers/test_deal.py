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
    assert "Not logged: nobody we know, and not written to us directly" in words(answer)
    assert "Brno rollout" not in words(beside.ask("message", scene.stranger))
    assert "Link this thread" in buttons(beside.ask("deal", scene.stranger, {}, **deal))
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("which", ["first", "stranger", "among"])
def test_an_unlinking_says_so_and_its_undo_restores_all(scene, host, which):
    """Of who is no contact, no other button would lead back to the deal."""
    beside, message = Beside(scene.session, scene.ana, host), getattr(scene, which)
    deal = {"deal": str(scene.deal.id), "message": str(message.id)}
    linked = beside.ask("deal/link", message, {}, **deal)
    before = checksums(scene.session, scene.workspace.id)
    later = make.NOW + dt.timedelta(days=2)

    unlinked = beside.ask("deal/unlink", message, {}, at=later, **deal)

    assert "Unlinked from Brno rollout just now\nUndo" in words(unlinked)
    undo = buttons(unlinked)["Undo"]
    back = beside.ask(undo.function, message, {}, at=later, **undo.parameters)
    assert words(back) == words(beside.ask("message", message, at=later))
    assert words(beside.ask("message", message)) == words(linked)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_an_undo_restores_what_came_after_the_link_and_what_was_taken_off(scene):
    beside = Beside(scene.session, scene.ana)
    here = {"deal": str(scene.deal.id)}
    beside.ask("deal/link", scene.stranger, {}, at=make.NOW - dt.timedelta(days=1), **here)
    answers = f"<{scene.stranger.rfc_id}>"
    raw = make.raw("Petr <petr@kovar.test>", "x@lists.test", "Re: labels", In_Reply_To=answers)
    (reply,) = make.filed(scene.session, scene.mailbox, raw).new
    record = {"record": "3", "id": str(scene.deal.id)}
    beside.ask("link/off", scene.stranger, {}, **record)
    before = checksums(scene.session, scene.workspace.id)

    undo = buttons(beside.ask("deal/unlink", reply, {}, **here))["Undo"]
    assert "Not logged: nobody we know" in words(beside.ask("message", scene.stranger))
    beside.ask(undo.function, None, {}, **undo.parameters)

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_what_was_taken_off_an_unlinked_deal_is_told_again_once_it_is_linked(scene):
    beside = Beside(scene.session, scene.ana)
    here, record = {"deal": str(scene.deal.id)}, {"record": "3", "id": str(scene.deal.id)}
    beside.ask("deal/link", scene.stranger, {}, **here)
    linked = checksums(scene.session, scene.workspace.id)
    taken = beside.ask("link/off", scene.stranger, {}, **record)
    assert "Not logged: somebody took it off" in words(taken)

    unlinked = beside.ask("deal/unlink", scene.stranger, {}, **here)
    stale = beside.ask("link/back", scene.stranger, {}, **record)
    back = beside.ask("deal/link", scene.stranger, {}, **here)

    assert "Taken off" not in words(unlinked)
    assert "Not logged: nobody we know" in words(unlinked)
    assert stale.notice == "There is no such record beside this message."
    assert "Taken off Brno rollout\nUndo" in words(back)
    assert "Not logged: somebody took it off" in words(back)
    beside.ask("link/back", scene.stranger, {}, **record)
    assert changed(linked, checksums(scene.session, scene.workspace.id)) == []


def test_unlinking_what_is_not_linked_offers_no_way_back(scene):
    before = checksums(scene.session, scene.workspace.id)

    answer = Beside(scene.session, scene.ana).ask(
        "deal/unlink", scene.stranger, {}, deal=str(scene.deal.id)
    )

    assert "just now" not in words(answer)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


@pytest.mark.parametrize(
    ("since", "kept"),
    [
        ("9999-12-31T23:59:59+00:00", make.NOW),
        ("0001-01-01T00:00:00+23:59", make.NOW - dt.timedelta(days=9)),
    ],
)
def test_a_button_that_names_an_impossible_moment_is_not_believed(scene, since, kept):
    beside, here = Beside(scene.session, scene.ana), {"deal": str(scene.deal.id)}

    beside.ask("deal/relink", scene.stranger, {}, **here, since=since)

    linked = DealThread.thread_id == scene.stranger.thread_id
    assert scene.session.scalar(select(DealThread.since).where(linked)) == kept


@pytest.mark.parametrize("since", ["", "yesterday", "2026-11-20", "2026-11-20T12:00:00"])
def test_a_button_that_names_no_moment_links_nothing(scene, since):
    before = checksums(scene.session, scene.workspace.id)

    answer = Beside(scene.session, scene.ana).ask(
        "deal/relink", scene.stranger, {}, deal=str(scene.deal.id), since=since
    )

    assert "out of date" in answer.notice
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_a_moved_deal_says_for_how_long_it_has_stood_there(scene):
    beside = Beside(scene.session, scene.ana)
    beside.ask("deal/move", None, {}, deal=str(scene.deal.id), stage=str(scene.stages[1]))

    later = beside.ask("message", scene.first, at=make.NOW + dt.timedelta(days=1, hours=1))

    assert "1 day here" in words(later)
