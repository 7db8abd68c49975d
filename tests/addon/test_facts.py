"""What is gathered for a card: who, in which order, at a cost that does not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from addon import facts
from addon.context import Context
from crm.mail import messages, visibility
from crm.mail.models import Message
from crm.work import tasks
from tests import make
from tests.addon.beside import Beside, nothing


def gathered(scene, message, email="", user=None):
    context = context_of(scene, user)
    seen = messages.get(scene.session, context.viewer, message.id)
    return facts.gather(context, seen, email)


def context_of(scene, user=None):
    user = user or scene.ana
    viewer = visibility.viewer(scene.session, user)
    return Context(scene.session, user, viewer, make.NOW, nothing)


def test_people_outside_are_offered_and_colleagues_are_not(scene):
    raw = make.raw(to="ana@halden.test, sam@halden.test, Petr <petr@kovar.test>")
    message = scene.session.get_one(
        Message, (scene.workspace.id, make.filed(scene.session, scene.mailbox, raw).new[0])
    )

    found = gathered(scene, message)

    assert [p.email for p in found.people] == [
        "jana@severka.test",
        "petr@kovar.test",
    ]


def test_the_card_is_about_who_is_outside_whichever_way_the_message_went(scene):
    assert gathered(scene, scene.first).chosen.email == "jana@severka.test"
    assert gathered(scene, scene.messages[1]).chosen.email == "jana@severka.test"


def test_the_card_is_about_who_was_chosen(scene):
    raw = make.raw(to="ana@halden.test, Petr <petr@kovar.test>")
    message = scene.session.get_one(
        Message, (scene.workspace.id, make.filed(scene.session, scene.mailbox, raw).new[0])
    )

    found = gathered(scene, message, "petr@kovar.test")

    assert found.chosen.email == "petr@kovar.test"
    assert found.contact is None


def test_among_colleagues_nobody_is_chosen(scene):
    found = gathered(scene, scene.among)

    assert found.chosen is None
    assert found.contact is None
    assert found.recent.entries == ()


def test_a_deal_of_both_thread_and_contact_stands_once(scene):
    assert [deal.name for deal in gathered(scene, scene.first).deals] == ["Brno rollout"]


def test_only_who_has_the_thread_may_keep_it_private(scene):
    colleague = scene.user("rep")
    make.mailbox(scene.session, colleague)

    assert gathered(scene, scene.first).mine
    assert not gathered(scene, scene.first, user=colleague).mine


@pytest.mark.parametrize("function", ["message", "homepage"])
def test_a_card_costs_the_same_beside_one_message_and_beside_two_hundred(
    scene, statements, function
):
    beside = Beside(scene.session, scene.ana)
    beside.ask(function, scene.first)
    statements.clear()
    beside.ask(function, scene.first)
    before = list(statements)

    grow(scene, 200)
    beside.ask(function, scene.first)
    statements.clear()
    beside.ask(function, scene.first)

    assert len(statements) == len(before)
    assert len(before) <= 14


def grow(scene, count):
    letters = [
        make.raw(
            subject=f"Re: Label printers {n}",
            at=make.NOW + timedelta(minutes=n),
            In_Reply_To="<later@severka.test>",
        )
        for n in range(count)
    ]
    make.filed(scene.session, scene.mailbox, *letters)
    about = tasks.About(scene.contact.id)
    for n in range(30):
        tasks.make(scene.session, f"Task {n}", by=scene.ana, at=make.NOW, about=about)
