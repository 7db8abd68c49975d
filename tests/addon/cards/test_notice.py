"""What did not work is said in a card that Gmail takes."""

from __future__ import annotations

from addon.cards.notice import broken_card, notice_card, stranger_card
from addon.widgets import Action
from tests.addon.beside import LINKS, ROUTES
from tests.house.cards import check_card


def test_every_notice_is_a_card():
    again = Action("message", {"message": "7"})

    broken = broken_card("7f3a19c0", again=again)
    for card in (notice_card("So it is."), broken, stranger_card("/google")):
        assert check_card(card.to_json(LINKS), functions=ROUTES) == []
        assert card.name == "notice"


def test_a_fault_names_its_reference_and_offers_another_try():
    said = str(broken_card("7f3a19c0", again=Action("message")).to_json(LINKS))

    assert "7f3a19c0" in said
    assert "Try again" in said


def test_without_another_try_there_is_no_button():
    assert "buttonList" not in str(notice_card("So it is.").to_json(LINKS))
