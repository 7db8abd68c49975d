"""Each suspicion is a warning, and none is said twice."""

from __future__ import annotations

import pytest

from addon import suspecting
from crm.mail.meaning import Suspicion
from crm.mail.models import Message


def warnings(suspicions="", name="Jana", email="jana@severka.test"):
    message = Message(from_name=name, from_email=email, suspicions=suspicions)
    return [
        said.replace("\u2068", "").replace("\u2069", "") for said in suspecting.warnings(message)
    ]


@pytest.mark.parametrize("suspicion", Suspicion)
def test_each_suspicion_is_said_with_the_address_that_counts(suspicion):
    (said,) = warnings(suspicion.value)

    assert "jana@severka.test" in said
    assert len(said.split(". ")) > 1


def test_who_is_not_suspected_is_not_warned_of():
    assert warnings() == []
    assert warnings("of_something_unheard") == []


def test_what_the_name_shows_is_said_once_and_by_its_addresses():
    (said,) = warnings("name_shows_address", name="boss@halden.test")

    assert said.startswith("The name shows boss@halden.test")


def test_several_suspicions_are_several_warnings():
    assert len(warnings("disowned several_senders", name="boss@halden.test")) == 3


def test_whom_no_address_names_is_nobody():
    m = Message(from_name="", from_email="", suspicions="hidden_signs")

    (said,) = suspecting.warnings(m)

    assert "it is Nobody." in said
