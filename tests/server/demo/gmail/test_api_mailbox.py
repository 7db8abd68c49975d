"""The mailbox as a whole: its profile, its watch and its senders."""

from __future__ import annotations

import base64
import json

import pytest

from tests.server.demo.gmail.asking import ANA, letter, refused

TOPIC = "projects/halden/topics/gmail"
DAY = 24 * 3600


def told(push):
    return json.loads(base64.urlsafe_b64decode(push["message"]["data"]))


def test_a_profile_counts_messages_and_threads(gmail, ana):
    ana.deliver(letter("Offer", id_="1@x"))
    ana.deliver(letter("Re: Offer", id_="2@x"))

    assert gmail.getProfile(userId="me").execute() == {
        "emailAddress": ANA,
        "messagesTotal": 2,
        "threadsTotal": 1,
        "historyId": str(ana.history.now),
    }


def test_a_push_says_where_the_history_stands_now(gmail, ana, google):
    began = gmail.watch(userId="me", body={"topicName": TOPIC}).execute()
    ana.deliver(letter())

    push = google.push_body(ANA)

    assert told(push) == {"emailAddress": ANA, "historyId": ana.history.now}
    assert int(began["historyId"]) < ana.history.now
    assert push["subscription"].startswith("projects/halden/subscriptions/")
    assert told(google.push_body(ANA, text=True))["historyId"] == str(ana.history.now)
    assert push["message"]["messageId"] != google.push_body(ANA)["message"]["messageId"]


def test_a_watch_ends_after_seven_days_unless_it_is_renewed(gmail, google, clock):
    began = gmail.watch(userId="me", body={"topicName": TOPIC}).execute()

    assert int(began["expiration"]) == (clock[0] + 7 * DAY) * 1000
    clock[0] += 8 * DAY
    with pytest.raises(LookupError):
        google.push_body(ANA)


def test_a_watch_may_be_stopped(gmail, google):
    gmail.watch(userId="me", body={"topicName": TOPIC}).execute()
    gmail.stop(userId="me").execute()

    with pytest.raises(LookupError):
        google.push_body(ANA)


def test_a_watch_needs_a_topic(gmail):
    assert refused(gmail.watch(userId="me", body={})) == (400, "invalidArgument")


def test_the_addresses_that_an_owner_sends_from_are_told(gmail, ana):
    ana.aliases["sales@halden.example"] = "Sales"

    told_ = gmail.settings().sendAs().list(userId="me").execute()["sendAs"]

    assert [(one["sendAsEmail"], one["isPrimary"]) for one in told_] == [
        (ANA, True),
        ("sales@halden.example", False),
    ]
