"""What signatures tell, on the card: used with one click, ignored with another, and back."""

from __future__ import annotations

import pytest

from crm.mail.models import Message
from tests.addon.beside import HOSTS, Beside, actions, buttons, words
from tests.crm.filing.telling import HEAD, told


@pytest.fixture
def letter(scene):
    filed = told(scene.session, scene.mailbox, HEAD)
    return scene.session.get_one(Message, (scene.workspace.id, filed.new[0]))


@pytest.mark.parametrize("host", HOSTS)
def test_a_suggestion_is_used_with_one_click_and_taken_back_with_another(scene, letter, host):
    beside = Beside(scene.session, scene.ana, host)
    shown = beside.ask("message", letter)
    assert "Title\nHead of Sales\nFrom a signature" in words(shown)

    use = next(a for a in _pressed(shown, "detail/use") if a.parameters["detail"][0] == "2")
    used = beside.ask(use.function, letter, {}, **use.parameters)

    assert scene.contact.title == "Head of Sales"
    assert "Head of Sales\nUsed just now" in words(used)
    undo = buttons(used)["Undo: \u2068Head of Sales\u2069"]
    beside.ask(undo.function, letter, {}, **undo.parameters)
    assert scene.contact.title == ""


def test_what_is_ignored_is_gone_from_the_next_card(scene, letter):
    beside = Beside(scene.session, scene.ana)
    for ignore in _pressed(beside.ask("message", letter), "detail/ignore"):
        beside.ask(ignore.function, letter, {}, **ignore.parameters)

    again = words(beside.ask("message", letter))

    assert "New in their letters" not in again


def test_the_card_of_a_contact_offers_it_too(scene, letter):
    beside = Beside(scene.session, scene.ana)
    shown = beside.ask("contact", contact=str(scene.contact.id))

    use = _pressed(shown, "detail/use")[0]
    used = beside.ask(use.function, None, {}, **use.parameters)

    assert "Used just now" in words(used)
    assert scene.contact.title == "Head of Sales"


def test_a_button_that_is_out_of_date_says_so_and_changes_nothing(scene, letter):
    beside = Beside(scene.session, scene.ana)
    use = _pressed(beside.ask("message", letter), "detail/use")[0]
    beside.ask(use.function, letter, {}, **use.parameters)

    again = beside.ask(use.function, letter, {}, **use.parameters)

    assert "not suggested any more" in (again.notice or words(again))


def test_who_may_not_edit_sees_it_and_no_button(scene, letter):
    shown = scene.beside("reader").ask("message", letter)

    assert "Head of Sales" in words(shown)
    assert not _pressed(shown, "detail/use")


def _pressed(answer, function):
    """Return the buttons of one function, one for each value."""
    found = {a.parameters["detail"]: a for a in actions(answer) if a.function == function}
    return list(found.values())
