"""Answers that would go to somebody else than whom they are meant for."""

from __future__ import annotations

import pytest

from addon import diverting
from crm.mail import messages, visibility
from crm.mail.models import Message
from crm.people import contacts
from crm.people.models import ContactAddress
from tests import make

JANA = "Jana <jana@severka.test>"


@pytest.fixture
def told(session, workspace, ana):
    """File what came before a letter, and the letter; say what is told beside it."""
    box = make.mailbox(session, ana)

    def tell(letter, *, known=True):
        if known:
            make.filed(session, box, make.raw("ana@halden.test", JANA), folder_name="Sent")
        (id_,) = make.filed(session, box, letter).new
        viewer = visibility.viewer(session, ana)
        people = messages.participants(session, viewer, [id_])
        message = session.get_one(Message, (workspace.id, id_))
        return diverting.warning(session, viewer, message, people)

    return tell


def test_of_a_contact_whom_we_know_it_is_told_where_answers_go(told):
    said = told(make.raw(JANA, Reply_To="Jana <jana@severka-pay.test>"))

    assert "jana@severka-pay.test" in said
    assert "jana@severka.test" in said


@pytest.mark.parametrize(
    "answers_to",
    [
        "jana@severka.test",
        "orders@shop.severka.test",
        "sam@halden.test",
        "Sam <sam@sales.halden.test>, jana@severka.test",
        "nonsense",
        "",
    ],
)
def test_the_same_domain_and_our_own_are_not_elsewhere(told, answers_to):
    assert told(make.raw(JANA, Reply_To=answers_to)) == ""


def test_one_of_several_is_enough(told):
    letter = make.raw(JANA, Reply_To="jana@severka.test, jana@elsewhere.test")
    assert "jana@elsewhere.test" in told(letter)


def test_of_free_mail_each_address_is_somebody_else(told, session, ana):
    box = make.mailbox(session, ana, "ana@home.test")
    make.filed(session, box, make.raw("ana@halden.test", "petr@gmail.com"), folder_name="Sent")

    assert "pete@gmail.com" in told(make.raw("Petr <petr@gmail.com>", Reply_To="pete@gmail.com"))
    assert told(make.raw("Petr <petr@gmail.com>", Reply_To="petr@gmail.com")) == ""


def test_a_stranger_and_a_newsletter_have_answers_wherever_they_like(told):
    elsewhere = {"Reply_To": "somebody@elsewhere.test"}
    assert told(make.raw(JANA, **elsewhere), known=False) == ""
    assert told(make.raw(JANA, List_Unsubscribe="<mailto:x@y.test>", **elsewhere)) == ""


def test_another_address_of_the_same_contact_is_the_same_person(session, workspace, ana, told):
    letter = make.raw(JANA, Reply_To="jana@home.test")
    assert told(letter) != ""
    jana = contacts.find_by_email(session, ana, "jana@severka.test")
    session.add(
        ContactAddress(
            workspace_id=workspace.id, contact_id=jana.id, email="jana@home.test", position=1
        )
    )
    session.flush()

    assert told(make.raw(JANA, Reply_To="jana@home.test")) == ""
