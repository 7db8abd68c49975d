"""One way in: unknown buttons, hidden messages, foreign ids, faults; all told, nothing changed."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest

from addon.actions import ENTRIES, FUNCTIONS
from addon.dispatch import dispatch
from crm.base import events
from crm.base.errors import ConflictError
from crm.base.events import EventKind
from crm.filing import suggestions
from crm.mail import news, visibility
from crm.mail.models import Shares
from crm.people import contacts
from crm.people.models import DetailKind
from crm.work import notes
from crm.work.models import Record
from tests import make
from tests.addon.beside import HOSTS, Beside, actions, buttons, event_of, html, nothing, words
from tests.crm.filing.telling import suggest
from tests.house.cards import PERSONAL
from tests.rows import changed, checksums


def test_a_button_that_nobody_knows_changes_nothing_and_is_told(scene):
    answer = Beside(scene.session, scene.ana).ask("deal/explode", scene.first)

    assert answer.notice == "This button is unknown here. Nothing was changed."


@pytest.mark.parametrize("function", ["homepage", "note/save"])
def test_a_fault_is_told_with_the_reference_of_its_line(scene, monkeypatch, caplog, function):
    monkeypatch.setitem(FUNCTIONS, function, write_and_fail)

    with caplog.at_level(logging.ERROR):
        answer = Beside(scene.session, scene.ana).ask(function, scene.first, {"text": "Hello"})

    reference = re.search(r"Reference ([0-9a-f]{8})\.", told(answer))
    assert reference is not None
    assert reference[1] in caplog.text
    assert "Nothing was changed." in told(answer)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name.endswith("/save")])
def test_whatever_goes_wrong_what_was_typed_stays(scene, monkeypatch, function, host):
    """A card in the answer would stand where the form is; a word alone leaves it."""
    beside = Beside(scene.session, scene.ana, host)
    typed = {"text": "Hello", "title": "Call", "email": "nobody"}

    gone = beside.ask(function, None, typed, message=str(uuid4()))
    monkeypatch.setitem(FUNCTIONS, function, write_and_fail)
    broken = beside.ask(function, scene.first, typed)

    of_draft = function in WITHOUT_IDS
    refused = "“nobody” is not an address." if of_draft else "There is no such message."
    assert (gone.card, gone.notice) == (None, refused)
    assert broken.card is None
    assert "by a fault of ours. Nothing was changed." in broken.notice


def test_a_fault_takes_back_what_its_handler_began(scene, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "note/save", write_and_fail)
    before = checksums(scene.session, scene.workspace.id)

    Beside(scene.session, scene.ana).ask("note/save", scene.first, {"text": "Hello"})

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    assert scene.session.is_active


def test_a_refusal_takes_back_what_its_handler_began(scene, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "note/save", write_and_refuse)
    before = checksums(scene.session, scene.workspace.id)

    answer = Beside(scene.session, scene.ana).ask("note/save", scene.first)

    assert answer.notice == "Somebody was first."
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_an_entry_that_fails_offers_another_try(scene, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "homepage", write_and_fail)

    answer = Beside(scene.session, scene.ana).ask("homepage")

    assert [action.function for action in actions(answer)] == ["homepage"]


def test_a_database_that_ends_the_statement_becomes_a_card(scene, monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "homepage", divide_by_zero)
    scene.session.commit()

    answer = Beside(scene.session, scene.ana).ask("homepage")

    assert "could not be made" in words(answer)
    assert "Brno rollout" in words(Beside(scene.session, scene.ana).ask("message", scene.first))


@pytest.mark.parametrize("function", ENTRIES)
def test_an_entry_reads_and_nothing_else(scene, statements, function):
    scene.session.flush()
    statements.clear()

    Beside(scene.session, scene.ana).ask(function, scene.first)

    begun = {statement.lstrip("( \n").split()[0].lower() for statement in statements}
    assert begun <= {"select", "with"}


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - {"homepage"}))
def test_a_message_that_is_hidden_is_not_found_and_nothing_changes(scene, function):
    hide(scene)
    colleague = Beside(scene.session, scene.user("rep"))
    before = checksums(scene.session, scene.workspace.id)
    parameters = {
        "message": str(scene.first.id),
        "task": str(uuid4()),
        "deal": str(uuid4()),
        "record": "1",
        "id": str(scene.contact.id),
        "person": "0",
    }

    hidden = colleague.ask(function, scene.first, {"text": "x", "title": "x"}, **parameters)
    unknown = colleague.ask(
        function, None, {"text": "x", "title": "x"}, **{**parameters, "message": str(uuid4())}
    )

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    assert told(hidden) == told(unknown)
    assert "Label printers" not in told(hidden)


def test_of_a_hidden_message_the_home_page_says_nothing(scene):
    hide(scene)

    answer = Beside(scene.session, scene.user("rep")).ask("homepage")

    assert "Label printers" not in html(answer)


#: Each parameter and each chosen value that leads to a row, by function.
LEADS = {
    "message": ["message"],
    "message/back": ["message"],
    "message/person": ["message"],
    "contact": ["contact"],
    "contact/new": ["message"],
    "contact/save": ["message"],
    "detail/all": ["contact"],
    "detail/use": ["contact"],
    "detail/ignore": ["contact"],
    "detail/undo": ["contact"],
    "note/new": ["message"],
    "note/save": ["message"],
    "task/new": ["message"],
    "task/save": ["message", "typed:assignee", "typed:deal"],
    "task/done": ["message", "task"],
    "task/undo": ["message", "task"],
    "deal": ["message", "deal"],
    "deal/new": ["message"],
    "deal/save": ["message", "typed:stage"],
    "deal/move": ["message", "deal", "stage", "typed:stage_"],
    "deal/back": ["message", "deal", "move"],
    "deal/link": ["message", "deal"],
    "deal/unlink": ["message", "deal"],
    "deal/relink": ["message", "deal"],
    "link/off": ["message", "id:1", "id:2", "id:3"],
    "link/never": ["message", "id:1", "id:2", "id:3"],
    "link/back": ["message", "id:1", "id:2", "id:3"],
    "thread/private": ["message"],
    "thread/share": ["message"],
}


#: What no id leads to: the day, and a draft, of which Gmail says the addresses alone.
WITHOUT_IDS = {"homepage", "compose", "recipient/new", "recipient/save"}


def test_the_table_of_ids_names_every_function():
    assert set(LEADS) | WITHOUT_IDS == set(FUNCTIONS)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    ("function", "place"), [(name, place) for name, places in LEADS.items() for place in places]
)
def test_an_id_of_another_workspace_is_as_good_as_none(scene, elsewhere, function, place, host):
    own, typed = given(scene, function)
    theirs, _ = given(elsewhere, function)
    if function == "deal/back":
        own["move"] = moved(scene)
    put(own, typed, theirs, scene, elsewhere, place)
    both = (scene.workspace.id, elsewhere.workspace.id)
    before = checksums(scene.session, *both)

    answer = Beside(scene.session, scene.ana, host).ask(function, None, typed, **own)

    after = checksums(scene.session, *both)
    if (function, place) == ("task/save", "typed:deal"):  # Chosen among none: as if not chosen.
        assert changed(before, after) == ["task"]
        return
    assert changed(before, after) == []
    # There is nothing to put back, or to take back.
    if not (function == "link/back" and place != "message") and place != "move":
        assert answer.card is None or answer.card.name == "notice", words(answer)


def test_no_parameter_of_any_card_holds_an_address_or_a_token(scene):
    raw = make.raw(to="ana@halden.test, Petr <petr@kovar.test>", Cc="eva@kovar.test")
    (many,) = make.filed(scene.session, scene.mailbox, raw).new
    found = []
    for host in HOSTS:
        beside = Beside(scene.session, scene.ana, host)
        for message in (scene.first, scene.stranger, scene.among):
            found += actions(beside.ask("message", message))
        found += actions(beside.ask("message", None, message=str(many)))
        found += actions(beside.ask("deal", None, deal=str(scene.deal.id)))
        for form in ("note/new", "task/new", "deal/new"):
            found += actions(beside.ask(form, scene.first, {}, person="0"))

    values = [value for action in found for value in action.parameters.values()]
    assert values
    assert [value for value in values if PERSONAL.search(value) or len(value) > 40] == []


def test_dispatch_never_raises_whatever_the_event_says(scene):
    for function in FUNCTIONS:
        for value in ("", "\x00", "0", "-1", "²", "9" * 5000, "💩", "' or 1=1 --", "null", "../.."):
            names = (
                "message person deal task stage record id card move since address detail".split()
            )
            event = event_of(function, message_id=value, **dict.fromkeys(names, value))

            with scene.session.begin_nested() as savepoint:
                answer = dispatch(scene.session, event, user=scene.ana, look=nothing, at=make.NOW)
                savepoint.rollback()

            assert "Reference" not in told(answer), (function, value)


def told(answer):
    """Return what an answer says, on a card or in a word."""
    return answer.notice + (words(answer) if answer.card is not None else "")


def hide(scene):
    """Let colleagues see nothing of Ana's mail."""
    for message in (*scene.messages, scene.stranger, scene.among):
        message.shares = Shares.NOTHING
    scene.mailbox.shares = Shares.NOTHING
    scene.session.flush()


def given(scene, function):
    message = scene.stranger if function.startswith("contact") else scene.first
    parameters = {"message": str(message.id)}
    if function.startswith("contact"):
        parameters |= {"person": "0", "contact": str(scene.contact.id)}
    if function.startswith("detail/"):
        suggest(scene.session, scene.mailbox, scene.first)
        key = suggestions.key_of(DetailKind.TITLE, "Head of Sales")
        parameters |= {"contact": str(scene.contact.id), "card": "contact", "detail": key}
    if function in ("task/done", "task/undo"):
        parameters["task"] = str(scene.task.id)
    if "deal" in LEADS.get(function, ()):
        parameters["deal"] = str(scene.deal.id)
    if function == "deal/relink":
        parameters["since"] = make.NOW.isoformat()
    if function == "deal/back":
        parameters["move"] = str(scene.made)
    if function == "deal/move":
        parameters["stage"] = str(scene.stages[3])
    if function.startswith("link/"):
        parameters |= {"record": "1", "id": str(scene.contact.id)}
    typed = {"text": "x", "title": "x", "name": "x", "amount": "1", "currency": "EUR"}
    return parameters, typed


def moved(scene):
    """Move the deal, and return the id of the move."""
    here = {"deal": str(scene.deal.id), "stage": str(scene.stages[2])}
    answer = Beside(scene.session, scene.ana).ask("deal/move", None, {}, **here)
    return buttons(answer)["Undo"].parameters["move"]


def put(own, typed, theirs, scene, elsewhere, place):
    """Put one id of the other workspace where one of ours belongs."""
    kind, _, name = place.partition(":")
    if kind == "id":
        ids = {"1": elsewhere.contact.id, "2": elsewhere.contact.company_id, "3": elsewhere.deal.id}
        own |= {"record": str(int(Record(int(name)))), "id": str(ids[name])}
    elif kind != "typed":
        own[place] = theirs[place]
    elif name == "assignee":
        typed[name] = str(elsewhere.ana.id)
    elif name == "deal":
        typed[name] = str(elsewhere.deal.id)
    else:
        own.pop("stage", None)
        chosen = f"stage_{scene.deal.id.hex}" if name == "stage_" else name
        typed[chosen] = str(elsewhere.stages[3])


def write(context):
    contact = contacts.page(context.session, context.user).contacts[0]
    notes.write(
        context.session,
        "Half of it",
        by=context.user,
        at=context.at,
        on=[(Record.CONTACT, contact.id)],
    )


def write_and_fail(context, _event):
    write(context)
    raise RuntimeError("a fault of ours")


def write_and_refuse(context, _event):
    write(context)
    raise ConflictError("Somebody was first.")


def divide_by_zero(context, _event):
    from sqlalchemy import text

    context.session.execute(text("select 1 / 0"))


def test_what_somebody_changes_beside_a_message_is_an_event_of_its_thread(scene):
    before = make.mark(scene.session)

    def told():
        heard = events.after(scene.session, scene.ana.workspace_id, before)
        return [one for one in heard.events if one.kind is EventKind.CHANGED]

    Beside(scene.session, scene.ana).ask("message", scene.first)
    assert told() == []
    Beside(scene.session, scene.ana).ask("note/save", scene.first, {"text": "Hello"})

    assert {one.threads for one in told()} == {(scene.first.thread_id,)}


def test_who_loses_sight_of_a_thread_looks_again_and_is_not_told_which(scene):
    colleague = make.user(scene.session, scene.workspace, "bo@halden.test")
    before = make.mark(scene.session)

    Beside(scene.session, scene.ana).ask("thread/private", scene.first)

    heard = events.after(scene.session, scene.ana.workspace_id, before)
    told = news.of(scene.session, visibility.viewer(scene.session, colleague), heard.events)
    assert (told.anything, told.threads) == (True, ())
