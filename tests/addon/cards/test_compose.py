"""The card beside a draft: a line a recipient, in words, and small."""

from __future__ import annotations

from datetime import timedelta

from addon.cards.compose import compose_card
from addon.recipients import Acquaintance, Recipients
from crm.base import ids
from crm.base.addresses import Address
from tests import make
from tests.addon.beside import LINKS, ROUTES
from tests.addon.test_facts import context_of
from tests.house.cards import check_card


def card_of(scene, found, *, may_edit=True):
    return compose_card(found, context_of(scene), None, {}, may_edit=may_edit)


def many(last_at=None):
    return Recipients(
        contacts=tuple(
            Acquaintance(ids.new(), f"C{i} <b>", "<i>", f"c{i}@x.test", 2, 1, last_at)
            for i in range(10)
        ),
        strangers=tuple(Address(f"s{i}@x.test") for i in range(10)),
        colleagues=tuple(Address(f"u{i}@x.test", f"U{i}") for i in range(10)),
        count=2_000,
    )


def test_the_fullest_card_is_one_that_gmail_takes(scene):
    said = card_of(scene, many(make.NOW)).to_json(LINKS)

    faults = check_card(said, functions=ROUTES)
    assert [fault for fault in faults if not fault.endswith("a tag or an entity")] == []
    assert "2,000 recipients" in str(said)
    assert "1,970 more" in str(said)


def test_who_may_not_change_contacts_is_offered_none(scene):
    said = str(card_of(scene, many(), may_edit=False).to_json(LINKS))

    assert "recipient/new" not in said
    assert "s0@x.test" in said


def test_a_contact_with_nothing_open_and_nothing_said_has_a_line_all_the_same(scene):
    quiet = Acquaintance(ids.new(), "Eva", "", "eva@nova.test", 0, 0, None)
    spoken = Acquaintance(ids.new(), "Jan", "", "jan@nova.test", 1, 2, make.NOW - timedelta(days=1))

    lines = card_of(scene, Recipients(contacts=(quiet, spoken), count=2)).sections[0].widgets

    assert lines[0].below == ""
    assert "1 open deal" in lines[1].below
    assert "2 open tasks" in lines[1].below
    assert "Yesterday" in lines[1].below
