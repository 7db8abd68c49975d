"""The card of one contact, which stands beside no message."""

from __future__ import annotations

import pytest

from addon import facts
from addon.cards.contact import contact_card
from crm.base.errors import NotFoundError
from tests.addon.beside import LINKS, ROUTES, Beside, words
from tests.addon.test_facts import context_of
from tests.house.cards import check_card


def test_a_contact_shows_company_deals_tasks_and_the_past(scene):
    answer = Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id))

    said = words(answer)
    assert said.startswith("Jana\nSeverka\n")
    assert "New\nBrno rollout" in said
    assert "Send the quote" in said
    assert "Likes blue" in said


def test_it_leads_to_the_contacts_page(scene):
    card = contact_card(
        facts.gather_about(context_of(scene), scene.contact.id), context_of(scene), {}
    )

    said = card.to_json(LINKS)
    assert check_card(said, functions=ROUTES) == []
    assert f"{LINKS.app}/contacts/{scene.contact.id}" in str(said)


def test_another_workspaces_contact_is_not_found(scene, elsewhere):
    with pytest.raises(NotFoundError):
        facts.gather_about(context_of(scene), elsewhere.contact.id)
