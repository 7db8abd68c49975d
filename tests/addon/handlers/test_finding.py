"""What an event is about is looked up, never believed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from addon.handlers import finding
from crm.base.errors import InvalidError, NotFoundError
from crm.mail import messages
from tests import make
from tests.addon.beside import Beside, event_of, looking_at, nothing, words
from tests.addon.test_facts import context_of


def test_a_message_is_found_by_our_id_before_the_hosts(scene):
    event = event_of("message", message_id=str(scene.stranger.id), message=str(scene.first.id))

    assert finding.message(context_of(scene), event).message is scene.first


def test_a_message_of_gmail_is_found_by_what_its_letter_says(scene):
    context = context_of(scene)
    gmail = type(context)(
        context.session, context.user, context.viewer, context.at, looking_at(scene.later)
    )

    event = event_of("message", message_id="18c2f0a1b2c3d4e5")

    assert finding.message(gmail, event).message is scene.later
    assert finding.find_message(context, event) is None


@pytest.mark.parametrize("look", [nothing, lambda _id: None])
def test_a_message_that_is_not_stored_is_not_found(scene, look):
    with pytest.raises(NotFoundError):
        finding.message(context_of(scene), event_of("message", message_id="18c2f0a1b2c3d4e5"))


def test_a_person_is_a_place_in_the_message_and_nothing_else(scene):
    context = context_of(scene)
    raw = make.raw(to="ana@halden.test, Petr <petr@kovar.test>")
    (both,) = make.filed(scene.session, scene.mailbox, raw).new
    seen = messages.get(scene.session, context.viewer, both)

    def person(place):
        return finding.person(context, event_of("message/person", person=place), seen)

    assert person("0") == "jana@severka.test"
    assert person("1") == "petr@kovar.test"
    for place in ("", "2", "-1", "jana@severka.test", "9" * 30, "0x0", "01", "²", "۱", "٣"):
        assert person(place) == ""


def test_a_place_with_more_digits_than_a_number_may_have_is_nobodys(scene):
    """Python refuses to read a number of more than 4,300 digits."""
    answer = Beside(scene.session, scene.ana).ask("message/person", scene.first, person="9" * 5000)

    assert words(answer).startswith("Jana\nSeverka")


def test_an_id_is_an_id():
    known = uuid4()

    assert finding.id_of(event_of("deal", deal=str(known)), "deal") == known
    for value in ("", "7", "null", str(known)[:-1]):
        with pytest.raises(InvalidError, match="out of date"):
            finding.id_of(event_of("deal", deal=value), "deal")
