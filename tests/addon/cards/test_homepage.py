"""My day: what it asks for, and nothing when it asks for nothing."""

from __future__ import annotations

from addon.cards.homepage import homepage_card
from tests.addon.beside import Beside, buttons, words
from tests.addon.test_facts import context_of


def test_a_day_that_asks_for_nothing_says_so(scene):
    card = homepage_card(context_of(scene), [], [], [], may_write=True)

    assert "Nobody waits for you" in str(card.sections[0].widgets[0].text)


def test_a_day_shows_who_waits_what_is_due_and_deals_without_a_step(scene):
    scene.task.deal_id = None
    scene.session.flush()

    answer = Beside(scene.session, scene.ana).ask("homepage")

    said = words(answer)
    assert said.startswith("My day\nToday\nWaiting for your answer\n")
    assert "Tasks due\nSend the quote" in said
    assert "Deals without a next step\nBrno rollout" in said


def test_a_thread_that_waits_leads_to_its_card(scene):
    beside = Beside(scene.session, scene.ana)
    waits = buttons(beside.ask("homepage"))["Re: Label printers"]

    answer = beside.ask(waits.function, None, {}, **waits.parameters)

    assert words(answer).startswith("Jana\nSeverka")
