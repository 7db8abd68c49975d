"""Not here: once, for the address for ever, and back as if nothing had been."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from crm.work import timeline
from crm.work.models import Record
from tests import make
from tests.addon.beside import HOSTS, Beside, actions, buttons, words
from tests.addon.test_facts import context_of
from tests.rows import changed, checksums

WAYS = ("off", "never", "back")


def records(scene):
    return {
        Record.CONTACT: scene.contact.id,
        Record.COMPANY: scene.contact.company_id,
        Record.DEAL: scene.deal.id,
    }


def lines(scene, record_id):
    page = timeline.page(scene.session, context_of(scene).viewer, record_id)
    return [(e.summary, e.rule, e.message_id) for e in page.entries]


def links(scene):
    """Return every row that puts a line on a timeline, byte for byte."""
    scene.session.flush()
    rows = scene.session.execute(text("select * from activity_link order by 1, 2, 3, 4, 5"))
    return [tuple(row) for row in rows]


def refused(scene):
    """Return what is refused: messages by their subjects, and addresses."""
    subjects = {str(one.id): one.subject for one in scene.messages}
    found = scene.session.scalars(text("select what from refusal")).all()
    return sorted(subjects.get(what, what) for what in found)


def undoes(answer):
    """Return the ways back that a card offers, in the order of its lines."""
    return [action for action in actions(answer) if action.function == "link/back"]


def offered(answer, name):
    return buttons(answer)[f"Take this message off \u2068{name}\u2069"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("name", ["Jana", "Severka", "Brno rollout"])
def test_not_here_takes_one_message_off_and_back_restores_all(scene, host, name):
    beside = Beside(scene.session, scene.ana, host)
    shown = beside.ask("message", scene.first)
    before, rows = words(shown), checksums(scene.session, scene.workspace.id)
    off = offered(shown, name)

    answer = beside.ask(off.function, scene.first, {}, **off.parameters)

    assert f"Taken off {name}\nUndo\nNever for this address" in words(answer)
    record_id = records(scene)[Record(int(off.parameters["record"]))]
    assert scene.first.id not in {message for _, _, message in lines(scene, record_id)}
    assert scene.later.id in {message for _, _, message in lines(scene, record_id)}
    undo = buttons(answer)["Undo"]
    back = beside.ask(undo.function, scene.first, {}, **undo.parameters)
    assert words(back) == before
    assert changed(rows, checksums(scene.session, scene.workspace.id)) == []


def test_back_keeps_since_when_it_stood_there(scene):
    beside, before = Beside(scene.session, scene.ana), links(scene)
    parameters = {"record": "1", "id": str(scene.contact.id)}

    beside.ask("link/off", scene.first, {}, **parameters)
    beside.ask("link/back", scene.first, {}, at=make.NOW + timedelta(days=3), **parameters)

    assert links(scene) == before


@pytest.mark.parametrize("name", ["Jana", "Severka", "Brno rollout"])
def test_never_takes_all_from_the_address_and_back_restores_all(scene, name):
    beside = Beside(scene.session, scene.ana)
    before = checksums(scene.session, scene.workspace.id)
    off = offered(beside.ask("message", scene.first), name)
    record_id = records(scene)[Record(int(off.parameters["record"]))]
    once = beside.ask(off.function, scene.first, {}, **off.parameters)
    never = buttons(once)["Never for this address"]

    answer = beside.ask(never.function, scene.first, {}, **never.parameters)

    assert "Messages from \u2068jana@severka.test\u2069 stay off it" in answer.notice
    left = {message for _, _, message in lines(scene, record_id)}
    assert not {scene.first.id, scene.later.id} & left
    assert scene.messages[1].id in left  # Ana's own answer is from another address.
    undo = buttons(answer)["Undo"]
    beside.ask(undo.function, scene.first, {}, **undo.parameters)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_never_is_told_and_undone_beside_each_message_of_the_address(scene):
    beside = Beside(scene.session, scene.ana)
    before = checksums(scene.session, scene.workspace.id)
    off = offered(beside.ask("message", scene.first), "Jana")
    beside.ask("link/never", scene.first, {}, **off.parameters)

    there = beside.ask("message", scene.later)

    assert "All from jana@severka.test stays off Jana" in words(there)
    assert "Never for this address" not in buttons(there)
    undo = buttons(there)["Undo"]
    beside.ask(undo.function, scene.later, {}, **undo.parameters)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


@pytest.mark.parametrize("host", HOSTS)
def test_each_refusal_is_a_line_and_its_undo_takes_back_that_alone(scene, host):
    """Beside our answer to Jana: her address is refused, and the answer itself."""
    beside, ours = Beside(scene.session, scene.ana, host), scene.messages[1]
    off = offered(beside.ask("message", scene.first), "Brno rollout")
    beside.ask("link/never", scene.first, {}, **off.parameters)
    by_address = checksums(scene.session, scene.workspace.id)
    there = beside.ask("message", ours)
    assert "All from jana@severka.test stays off Brno rollout\nUndo" in words(there)
    off = offered(there, "Brno rollout")

    taken = beside.ask(off.function, ours, {}, **off.parameters)

    assert (
        "Taken off Brno rollout\nUndo\nAll from jana@severka.test stays off Brno rollout\nUndo"
    ) in words(taken)
    assert refused(scene) == [ours.subject, "jana@severka.test"]
    first, _second = undoes(taken)
    back = beside.ask(first.function, ours, {}, **first.parameters)
    assert words(back) == words(there)
    assert changed(by_address, checksums(scene.session, scene.workspace.id)) == []


def test_the_undo_of_an_address_leaves_what_was_refused_itself(scene):
    beside, ours = Beside(scene.session, scene.ana), scene.messages[1]
    record = {"record": "3", "id": str(scene.deal.id)}
    beside.ask("link/off", ours, {}, **record)
    before = checksums(scene.session, scene.workspace.id)
    taken = beside.ask("link/never", scene.first, {}, **record)
    assert len(undoes(taken)) == 1
    _first, undo = undoes(beside.ask("message", ours))

    beside.ask(undo.function, ours, {}, **undo.parameters)

    assert refused(scene) == [ours.subject]
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_never_beside_our_own_message_is_two_lines_and_two_ways_back(scene):
    beside, ours = Beside(scene.session, scene.ana), scene.messages[1]
    before = checksums(scene.session, scene.workspace.id)
    off = offered(beside.ask("message", ours), "Brno rollout")

    answer = beside.ask("link/never", ours, {}, **off.parameters)

    assert refused(scene) == [ours.subject, "jana@severka.test"]
    assert "Never for this address" not in buttons(answer)
    for undo in undoes(answer):
        beside.ask(undo.function, ours, {}, **undo.parameters)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


@pytest.mark.parametrize("address", ["1", "99", "-1", "x", "jana@severka.test", "²"])
def test_an_address_that_no_line_names_is_not_found(scene, address):
    beside = Beside(scene.session, scene.ana)
    parameters = {"record": "3", "id": str(scene.deal.id)}
    beside.ask("link/never", scene.first, {}, **parameters)
    before = checksums(scene.session, scene.workspace.id)

    answer = beside.ask("link/back", scene.first, {}, **parameters, address=address)

    assert answer.notice == "There is no such record beside this message."
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_the_address_of_a_blind_copy_is_told_to_its_sender_alone(scene):
    beside, colleague = Beside(scene.session, scene.ana), scene.beside("rep")
    secret = make.raw("Eve <eve@zinc.test>", subject="Re: x", In_Reply_To="<later@severka.test>")
    ours = make.raw(
        "ana@halden.test",
        "Jana <jana@severka.test>",
        "Re: Label printers",
        Bcc="eve@zinc.test",
        In_Reply_To="<later@severka.test>",
    )
    from_eve, blind = make.filed(scene.session, scene.mailbox, secret, ours).new
    parameters = {"record": "3", "id": str(scene.deal.id)}
    beside.ask("link/never", from_eve, {}, **parameters)
    before = checksums(scene.session, scene.workspace.id)

    shown = beside.ask("message", blind)
    (undo,) = undoes(shown)
    hidden = colleague.ask("message", blind)
    forged = colleague.ask(undo.function, blind, {}, **undo.parameters)

    assert "All from eve@zinc.test stays off Brno rollout" in words(shown)
    assert "eve@zinc.test" not in words(hidden)
    assert undoes(hidden) == []
    assert forged.notice == "There is no such record beside this message."
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    beside.ask(undo.function, blind, {}, **undo.parameters)
    assert refused(scene) == []


@pytest.mark.parametrize("name", ["Jana", "Severka", "Brno rollout"])
def test_never_holds_for_what_comes_later_and_for_nothing_else(scene, name):
    beside = Beside(scene.session, scene.ana)
    off = offered(beside.ask("message", scene.first), name)
    record_id = records(scene)[Record(int(off.parameters["record"]))]
    beside.ask("link/never", scene.first, {}, **off.parameters)

    from_jana = make.raw(subject="Re: Label printers", In_Reply_To="<later@severka.test>")
    to_jana = make.raw(
        sender="ana@halden.test",
        to="jana@severka.test",
        subject="Re: Label printers",
        In_Reply_To="<later@severka.test>",
    )
    came, went = make.filed(scene.session, scene.mailbox, from_jana, to_jana).new

    left = {message for _, _, message in lines(scene, record_id)}
    assert came not in left
    assert went in left


def test_never_on_a_message_of_ours_does_not_refuse_ourselves(scene):
    """Of a message that we sent, the address is the contact's: ours stands on every record."""
    beside = Beside(scene.session, scene.ana)
    ours = scene.messages[1]
    others = make.filed(
        scene.session,
        scene.mailbox,
        make.raw(sender="ana@halden.test", to="jana@severka.test", subject="Another matter"),
    ).new

    beside.ask("link/never", ours, {}, record="1", id=str(scene.contact.id))

    kept = {message for _, _, message in lines(scene, scene.contact.id)}
    refused = scene.session.execute(text("select what from refusal")).scalars().all()
    assert "ana@halden.test" not in refused
    assert ours.id not in kept
    assert scene.first.id not in kept
    assert set(others) <= kept  # What we write to her ourselves is no message from her address.


def test_taken_off_everything_a_message_says_why_it_is_not_logged(scene):
    beside = Beside(scene.session, scene.ana)
    for record, record_id in records(scene).items():
        parameters = {"record": str(int(record)), "id": str(record_id)}
        answer = beside.ask("link/off", scene.first, {}, **parameters)

    assert "Not logged: somebody took it off" in words(answer)


@pytest.mark.parametrize("record", ["", "0", "9", "one", "²", "9" * 5000])
def test_a_record_that_is_none_is_refused(scene, record):
    before = checksums(scene.session, scene.workspace.id)

    answer = Beside(scene.session, scene.ana).ask(
        "link/off", scene.first, {}, record=record, id=str(scene.contact.id)
    )

    assert "out of date" in answer.notice
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_where_there_is_no_address_outside_none_is_refused_for_ever(scene):
    """A message among colleagues stands on a deal by its thread, and by nobody's address."""
    beside = Beside(scene.session, scene.ana)
    beside.ask("deal/link", scene.among, {}, deal=str(scene.deal.id))
    off = offered(beside.ask("message", scene.among), "Brno rollout")
    taken = beside.ask(off.function, scene.among, {}, **off.parameters)
    before = checksums(scene.session, scene.workspace.id)

    answer = beside.ask("link/never", scene.among, {}, **off.parameters)

    assert "Never for this address" not in buttons(taken)
    assert "no address outside" in answer.notice
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_support_takes_no_mail_off_a_deal(scene):
    """Who may not link a thread to a deal may not take it off one either."""
    parameters = {"record": "3", "id": str(scene.deal.id)}
    support = scene.beside("support")
    shown = buttons(support.ask("message", scene.first))
    before = checksums(scene.session, scene.workspace.id)

    refused = [support.ask(f"link/{way}", scene.first, {}, **parameters) for way in WAYS]

    assert "Take this message off \u2068Jana\u2069" in shown
    assert "Take this message off \u2068Brno rollout\u2069" not in shown
    assert all("does not allow this" in answer.notice for answer in refused)
    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    Beside(scene.session, scene.ana).ask("link/off", scene.first, {}, **parameters)
    assert "Undo" not in buttons(support.ask("message", scene.first))
