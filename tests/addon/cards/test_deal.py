"""The card of one deal, beside a message and from the day's list."""

from __future__ import annotations

from tests.addon.beside import LINKS, Beside, buttons, words


def test_a_deal_shows_where_it_stands_who_and_what(scene):
    answer = Beside(scene.session, scene.ana).ask("deal", scene.first, deal=str(scene.deal.id))

    said = words(answer)
    assert said.startswith("Brno rollout\n€48,000")
    for part in ("Amount\n€48,000", "Jana\ndecides", "Send the quote", "Last activities"):
        assert part in said


def test_beside_a_message_it_leads_back_there(scene):
    beside = Beside(scene.session, scene.ana)
    card = beside.ask("deal", None, {}, deal=str(scene.deal.id), message=str(scene.first.id))

    back = buttons(card)["Back to the message"]

    assert "Link this thread" not in buttons(card)
    answer = beside.ask(back.function, None, {}, **back.parameters)
    assert words(answer).startswith("Jana\nSeverka")
    assert {"popToCard": "message"} in answer.to_json(LINKS)["action"]["navigations"]


def test_beside_another_thread_it_offers_to_link_it(scene):
    beside = Beside(scene.session, scene.ana)
    parameters = {"deal": str(scene.deal.id), "message": str(scene.stranger.id)}

    assert "Link this thread" in buttons(beside.ask("deal", None, {}, **parameters))


def test_who_may_not_move_deals_reads_the_stage(scene):
    answer = scene.beside("support").ask("deal", scene.first, deal=str(scene.deal.id))

    assert "Stage\nNew" in words(answer)
    assert "Stage" not in buttons(answer)
