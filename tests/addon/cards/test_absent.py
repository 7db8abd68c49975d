"""The card beside a message that is not here says why, and what can be done."""

from __future__ import annotations

import pytest

from addon.cards.absent import absent_card
from addon.facts import OtherSide
from crm.base.addresses import Address
from crm.mail.opened import Fate, Opened
from tests.addon.beside import LINKS, ROUTES
from tests.addon.test_facts import context_of
from tests.house.cards import check_card


def made(scene, opened, address=None, role="admin"):
    scene.ana.role = role
    beside = OtherSide(address, None) if address is not None else None
    card = absent_card(opened, beside, context_of(scene), {})
    said = card.to_json(LINKS)
    assert check_card(said, functions=ROUTES) == []
    return str(said)


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.FILED])
@pytest.mark.parametrize("address", [None, Address("jana@severka.test", "Jana")])
def test_each_fate_has_words_and_a_card_that_gmail_takes(scene, fate, address):
    said = made(scene, Opened(fate, address="ana@halden.test"), address)

    assert ("Look again" in said) is (fate not in (Fate.GONE, Fate.UNREAD))
    assert ("jana@severka.test" in said) is (address is not None)


@pytest.mark.parametrize("rule", ["spam", "trash", "draft", "chat", "start", ""])
def test_each_rule_is_told(scene, rule):
    assert "logged" in made(scene, Opened(Fate.LEFT_OUT, rule=rule))


def test_who_may_not_connect_is_led_nowhere(scene):
    assert "/mailboxes/gmail" in made(scene, Opened(Fate.UNCONNECTED))
    assert "/mailboxes/gmail" not in made(scene, Opened(Fate.UNCONNECTED), role="reader")
    assert "/mailboxes" in made(scene, Opened(Fate.STOPPED))
    assert "/mailboxes" not in made(scene, Opened(Fate.STOPPED), role="reader")


def test_a_machine_is_not_written_to(scene):
    said = made(scene, Opened(Fate.COMING), Address("no-reply@shop.test"))

    assert "Nobody reads this address" in said
    assert "mailto:" not in said


def test_somebody_who_signs_with_anothers_address_is_warned_of(scene):
    posed = Address("eve@evil.test", "jana@severka.test")

    assert "came from" in made(scene, Opened(Fate.COMING), posed)
