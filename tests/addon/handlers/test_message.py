"""The open message: not stored yet, chosen people, kept private and shared again."""

from __future__ import annotations

import pytest

from crm.mail.models import Shares
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, event_of, html, words
from tests.rows import changed, checksums


def test_a_message_that_is_not_stored_yet_is_said_to_come(scene):
    answer = Beside(scene.session, scene.ana).ask("message")

    assert "This message is not in Inlay yet." in words(answer)


@pytest.mark.parametrize("host", HOSTS)
def test_a_private_thread_is_gone_for_colleagues_and_comes_back(scene, host):
    for message in scene.messages:
        message.shares = scene.mailbox.shares = Shares.EVERYTHING
    colleague = Beside(scene.session, scene.user("manager"))
    beside = Beside(scene.session, scene.ana, host)
    before = words(colleague.ask("message", scene.first))
    rows = checksums(scene.session, scene.workspace.id)
    keep = buttons(beside.ask("message", scene.first))["Keep private"]

    private = beside.ask(keep.function, scene.first, {}, **keep.parameters)

    for message in scene.messages:
        assert words(colleague.ask("message", message)).endswith("There is no such message.")
    contact = colleague.ask("deal", None, {}, deal=str(scene.deal.id))
    assert "Label printers" not in html(contact)
    assert "Label printers" in words(private)
    assert "Private: colleagues see nothing of this thread from your mailbox." in words(private)
    share = buttons(private)["Share again"]
    beside.ask(share.function, scene.first, {}, **share.parameters)
    assert words(colleague.ask("message", scene.first)) == before
    assert changed(rows, checksums(scene.session, scene.workspace.id)) == []


def test_what_comes_later_on_a_private_thread_is_private_too(scene):
    Beside(scene.session, scene.ana).ask("thread/private", scene.first)
    raw = make.raw(subject="Re: Label printers", In_Reply_To="<later@severka.test>")

    (new,) = make.filed(scene.session, scene.mailbox, raw).new

    answer = Beside(scene.session, scene.user("rep")).ask("message", None, message=str(new))
    assert words(answer).endswith("There is no such message.")


def test_who_does_not_have_the_thread_decides_nothing(scene):
    colleague = scene.user("rep")
    make.mailbox(scene.session, colleague)
    before = checksums(scene.session, scene.workspace.id)

    answer = Beside(scene.session, colleague).ask("thread/private", scene.first)

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
    assert "in a mailbox of yours" in answer.notice


def test_the_names_of_colleagues_are_asked_only_where_one_has_promised(scene, statements):
    from addon.handlers.message import names
    from tests.addon.test_facts import context_of

    sam = make.user(scene.session, scene.workspace, "sam@halden.test", name="Sam Okafor")
    context = context_of(scene)
    statements.clear()

    assert names(context, (scene.task,)) == {}
    assert statements == []
    scene.task.assignee_id = sam.id
    assert names(context, (scene.task,))[sam.id] == "Sam Okafor"


def test_a_card_is_made_without_a_door(scene):
    from addon.handlers.message import card, chosen
    from tests.addon.test_facts import context_of

    event = event_of("message", message=str(scene.first.id))

    assert "Jana" in card(context_of(scene), event).title
    assert chosen(context_of(scene), event).card == card(context_of(scene), event)
