"""Bounces that a sending service tells as JSON."""

import json

import pytest

from sync.reading import bounce_events
from sync.reading.bounce_reports import Told


def event(**extra):
    bounce = {
        "bounceType": "Permanent",
        "bouncedRecipients": [
            {"emailAddress": "Eva <eva@acme.test>", "diagnosticCode": "smtp; 550 5.1.1 no"}
        ],
        **extra,
    }
    mail = {"commonHeaders": {"messageId": "<1@inlay.test>"}}
    return json.dumps({"notificationType": "Bounce", "bounce": bounce, "mail": mail})


def test_an_event_tells_recipients_and_the_letter():
    found = bounce_events.find(event() + "\n--\nUnsubscribe here")

    assert found == bounce_events.Event(
        (Told("eva@acme.test", "failed", "5.1.1", "550 5.1.1 no"),), "1@inlay.test"
    )


def test_a_passing_trouble_is_a_delay():
    assert bounce_events.find(event(bounceType="Transient")).told[0].action == "delayed"


def test_lines_may_be_broken_inside_of_a_word():
    assert bounce_events.find(event().replace("550 5.1.1", "550\n 5.1.1")).told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "{",
        "{}",
        '{"notificationType":"Complaint"}',
        '{"a":' * 100_000,
        event(bouncedRecipients=7)[:40],
    ],
)
def test_what_is_no_event_is_none(text):
    assert bounce_events.find(text) is None


@pytest.mark.parametrize("recipients", [7, None, [7], [{"emailAddress": 7}], [{}]])
def test_an_event_of_another_shape_tells_nobody(recipients):
    assert bounce_events.find(event(bouncedRecipients=recipients)).told == ()
