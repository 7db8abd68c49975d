"""All that letters tell of a contact has a card of its own, behind the few that are shown first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.mail.meaning import Details
from crm.mail.models import Message
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, words
from tests.crm.filing.telling import told

DAY = timedelta(days=1)
PHONES = tuple(f"+42077712345{n}" for n in range(3))
LINKS = tuple(f"https://{n}.severka.test" for n in "abc")
MANY = Details(title="Buyer", company="Severka a. s.", phones=PHONES, links=LINKS)


@pytest.fixture
def letter(scene):
    filed = told(scene.session, scene.mailbox, MANY)
    return scene.session.get_one(Message, (scene.workspace.id, filed.new[0]))


@pytest.mark.parametrize("host", HOSTS)
def test_beside_a_message_the_rest_is_a_click_away_and_another_leads_back(scene, letter, host):
    beside = Beside(scene.session, scene.ana, host)
    more = buttons(beside.ask("message", letter))["… and 4 more"]

    shown = beside.ask(more.function, letter, {}, **more.parameters)

    assert words(shown).count("From a signature") == 8
    back = buttons(shown)["Back to the message"]
    assert beside.ask(back.function, letter, {}, **back.parameters).card.name == "message"


def test_without_a_message_the_rest_is_a_click_away_too(scene, letter):
    beside = Beside(scene.session, scene.ana)
    more = buttons(beside.ask("contact", contact=str(scene.contact.id)))["… and 4 more"]

    shown = beside.ask(more.function, None, {}, **more.parameters)

    assert words(shown).count("From a signature") == 8
    assert "Back to the message" not in buttons(shown)


def test_what_is_decided_there_is_said_there_until_nothing_is_left(scene, letter):
    beside = Beside(scene.session, scene.ana)
    shown = beside.ask("detail/all", letter)
    use = next(a for text, a in buttons(shown).items() if text == "Use")

    shown = beside.ask(use.function, letter, {}, **use.parameters)
    assert shown.card.name == "details"
    assert "Used just now" in words(shown)
    for _ in range(7):
        ignore = buttons(shown)["Ignore"]
        shown = beside.ask(ignore.function, letter, {}, **ignore.parameters)

    again = beside.ask("detail/all", letter)
    assert "Nothing new." in words(again)


def test_whoever_may_not_edit_reads_it_all_and_presses_nothing(scene, letter):
    shown = scene.beside("reader").ask("detail/all", letter)

    assert words(shown).count("From a signature") == 8
    assert "Use" not in buttons(shown)


def test_what_the_open_message_says_comes_first_and_then_the_newest(scene, letter):
    old = told(scene.session, scene.mailbox, Details(title="Clerk"), at=make.NOW - 9 * DAY)
    new = told(scene.session, scene.mailbox, Details(title="Head"), at=make.NOW + DAY)
    beside = Beside(scene.session, scene.ana)

    def titles(message_id):
        said = words(beside.ask("detail/all", message_id)).split("\n")
        return [said[i + 1] for i, word in enumerate(said) if word == "Title"]

    assert titles(letter) == ["Buyer", "Head", "Clerk"]
    assert titles(old.new[0]) == ["Clerk", "Head", "Buyer"]
    assert titles(new.new[0]) == ["Head", "Buyer", "Clerk"]
