"""Every function, by every role, as Gmail asks and as the panel asks."""

from __future__ import annotations

import pytest

from addon.actions import ENTRIES, FORMS, FUNCTIONS
from crm.filing import suggestions
from crm.people.models import DetailKind
from crm.workspace.models import UserRole
from tests import make
from tests.addon.beside import HOSTS, Beside, actions, buttons, words
from tests.crm.filing.telling import suggest
from tests.rows import changed, checksums

EDITS = ("admin", "manager", "rep", "support")
DEALS = ("admin", "manager", "rep")
OWNER = ("admin",)
ALL = tuple(role.value for role in UserRole)

#: Who is let through; whoever else asks changes nothing and is told why.
ALLOWED = {
    "contact/save": EDITS,
    "recipient/save": EDITS,
    "detail/use": EDITS,
    "detail/ignore": EDITS,
    "detail/undo": EDITS,
    "note/save": EDITS,
    "task/save": EDITS,
    "task/done": EDITS,
    "task/undo": EDITS,
    "deal/save": DEALS,
    "deal/move": DEALS,
    "deal/back": DEALS,
    "deal/link": DEALS,
    "deal/unlink": DEALS,
    "deal/relink": DEALS,
    "link/off": EDITS,
    "link/never": EDITS,
    "link/back": EDITS,
    "thread/private": OWNER,
    "thread/share": OWNER,
}
#: What only shows, and leaves every row as it is.
READS = set(FUNCTIONS) - set(ALLOWED)


def asked(scene, function):
    """Return beside which message a function is asked, what was typed, and what it carries."""
    link = {"record": "1", "id": str(scene.contact.id)}
    relink = {"deal": str(scene.deal.id), "since": make.NOW.isoformat()}
    task, deal = {"task": str(scene.task.id)}, {"deal": str(scene.deal.id)}
    petr, back = {"person": "0"}, {}
    title = {"detail": suggestions.key_of(DetailKind.TITLE, "Head of Sales")}
    if function.startswith("detail/"):
        suggest(scene.session, scene.mailbox, scene.first)
    if function == "deal/back":
        here = {f"stage_{scene.deal.id.hex}": str(scene.stages[2])}
        moved = Beside(scene.session, scene.ana).ask("deal/move", scene.first, here, **deal)
        back = buttons(moved)["Undo"].parameters
    return {
        "homepage": (None, {}, {}),
        "message/person": (scene.first, {}, {"person": "1"}),
        "contact": (None, {}, {"contact": str(scene.contact.id)}),
        "recipient/save": (None, {"email": "eva@nova.test", "name": "Eva"}, {}),
        "contact/new": (scene.stranger, {}, petr),
        "contact/save": (scene.stranger, {"name": "Petr Novák", "company": "Kovář"}, petr),
        "detail/use": (scene.first, {}, title),
        "detail/ignore": (scene.first, {}, title),
        "detail/undo": (scene.first, {}, title),
        "note/save": (scene.first, {"text": "Prefers the phone"}, {}),
        "task/save": (scene.first, {"title": "Call Jana", "priority": "3"}, {}),
        "task/done": (scene.first, {}, task),
        "task/undo": (scene.first, {}, task),
        "deal": (scene.first, {}, deal),
        "deal/save": (scene.first, {"name": "Ten", "amount": "1,500.50", "currency": "EUR"}, {}),
        "deal/move": (scene.first, {f"stage_{scene.deal.id.hex}": str(scene.stages[2])}, deal),
        "deal/back": (scene.first, {}, back),
        "deal/link": (scene.first, {}, deal),
        "deal/unlink": (scene.first, {}, deal),
        "deal/relink": (scene.stranger, {}, relink),
        "link/off": (scene.first, {}, link),
        "link/never": (scene.first, {}, link),
        "link/back": (scene.first, {}, link),
    }.get(function, (scene.first, {}, {}))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_role_gets_what_it_may_and_nothing_else(scene, function, host):
    refused = set(ALL) - set(ALLOWED.get(function, ALL))
    message, typed, parameters = asked(scene, function)

    for role in ALL if host == "panel" else ("admin", "reader"):
        user = scene.user(role)
        before = checksums(scene.session, scene.workspace.id)
        with scene.session.begin_nested() as savepoint:
            answer = Beside(scene.session, user, host).ask(function, message, typed, **parameters)
            after = checksums(scene.session, scene.workspace.id)
            savepoint.rollback()
        scene.session.expire_all()

        if role in refused or function in READS:
            assert changed(before, after) == [], role
        if role in refused:
            assert answer.card is None, role
            assert answer.notice, role
        else:
            assert answer.card is not None, role
            assert "could not be made" not in words(answer), role


def test_entries_are_functions_that_only_read():
    assert set(ENTRIES) <= READS


def test_what_is_saved_is_asked_for_by_a_form():
    assert set(FORMS) == {name for name in FUNCTIONS if name.endswith("/save")}
    assert set(FORMS.values()) <= READS


@pytest.mark.parametrize("role", ALL)
def test_every_button_of_a_card_does_what_it_says(scene, role):
    beside = scene.beside(role)
    shown = [beside.ask("homepage"), beside.ask("deal", deal=str(scene.deal.id))]
    shown += [beside.ask("message", one) for one in (scene.first, scene.stranger, scene.among)]
    chosen = {f"stage_{scene.deal.id.hex}": str(scene.stages[2])}

    refused = []
    for action in [action for card in shown for action in actions(card)]:
        with scene.session.begin_nested() as savepoint:
            answer = beside.ask(action.function, None, chosen, **action.parameters)
            savepoint.rollback()
        scene.session.expire_all()
        if answer.card is None or answer.card.name == "notice":
            refused.append(f"{action.function}: {answer.notice or words(answer)}")

    assert refused == []
