"""What happened, told once and in order, until it is too old."""

from __future__ import annotations

import pytest

from server.demo.gmail import Fault
from tests.server.demo.gmail.asking import letter, refused

LISTS = ("messagesAdded", "messagesDeleted", "labelsAdded", "labelsRemoved")


def told(gmail, start, **asked):
    """Return what history.list tells, as (what, message, labels that changed)."""
    answer = gmail.history().list(userId="me", startHistoryId=start, **asked).execute()
    found = []
    for record in answer.get("history", []):
        for name in LISTS:
            found += [
                (name, line["message"]["id"], line.get("labelIds")) for line in record.get(name, [])
            ]
    return found


@pytest.fixture
def start(gmail):
    return gmail.getProfile(userId="me").execute()["historyId"]


def test_nothing_new_has_no_history_and_the_same_value(gmail, start):
    answer = gmail.history().list(userId="me", startHistoryId=start).execute()

    assert answer == {"historyId": start}


def test_everything_that_happens_is_told_in_order(gmail, ana, start):
    first, second = ana.deliver(letter()), ana.deliver(letter())
    ana.label(first, add=["STARRED"], remove=["UNREAD"])
    ana.trash(second)
    ana.delete(second)

    assert told(gmail, start) == [
        ("messagesAdded", first, None),
        ("messagesAdded", second, None),
        ("labelsAdded", first, ["STARRED"]),
        ("labelsRemoved", first, ["UNREAD"]),
        ("labelsAdded", second, ["TRASH"]),
        ("labelsRemoved", second, ["INBOX"]),
        ("messagesDeleted", second, None),
    ]


def test_what_was_told_already_is_left_out(gmail, ana, start):
    ana.deliver(letter())
    after = gmail.history().list(userId="me", startHistoryId=start).execute()["historyId"]
    second = ana.deliver(letter())

    assert told(gmail, after) == [("messagesAdded", second, None)]


def test_values_ascend_with_gaps(gmail, ana, start):
    for _ in range(30):
        ana.deliver(letter())

    answer = gmail.history().list(userId="me", startHistoryId=start).execute()

    ids = [int(record["id"]) for record in answer["history"]]
    assert ids == sorted(set(ids))
    assert ids[-1] - ids[0] > len(ids)
    assert answer["historyId"] == str(ids[-1])


def test_only_some_kinds_or_one_label_may_be_asked_for(gmail, ana, start):
    first = ana.deliver(letter())
    spam = ana.deliver(letter(), labels=["SPAM"])
    ana.label(first, remove=["INBOX"])

    assert told(gmail, start, historyTypes=["labelRemoved"]) == [
        ("labelsRemoved", first, ["INBOX"])
    ]
    assert told(gmail, start, labelId="SPAM") == [("messagesAdded", spam, None)]
    # A move out of a label is hidden from who asks for the label.
    assert told(gmail, start, labelId="INBOX") == [("messagesAdded", first, None)]


def test_pages_go_on_with_the_same_start(gmail, ana, start):
    ids = [ana.deliver(letter()) for _ in range(5)]

    first = gmail.history().list(userId="me", startHistoryId=start, maxResults=3).execute()
    token = first["nextPageToken"]
    asked = {"userId": "me", "startHistoryId": start, "maxResults": 3, "pageToken": token}
    second = gmail.history().list(**asked).execute()

    found = [record["messages"][0]["id"] for page in (first, second) for record in page["history"]]
    assert found == ids
    assert "nextPageToken" not in second
    other = {**asked, "startHistoryId": str(int(start) + 1)}
    assert refused(gmail.history().list(**other))[0] == 400


def test_a_page_may_be_empty_and_yet_not_the_last(gmail, ana, start, google):
    id_ = ana.deliver(letter())
    google.plan(Fault("empty_history_page"))

    empty = gmail.history().list(userId="me", startHistoryId=start).execute()

    assert "history" not in empty
    assert told(gmail, start, pageToken=empty["nextPageToken"]) == [("messagesAdded", id_, None)]


def test_what_is_too_old_is_not_found_and_the_profile_leads_on(gmail, ana, start, google):
    ana.age_history()

    assert refused(gmail.history().list(userId="me", startHistoryId=start)) == (404, "notFound")
    now = gmail.getProfile(userId="me").execute()["historyId"]
    assert told(gmail, now) == []
    google.plan(Fault("history_expired"))
    assert refused(gmail.history().list(userId="me", startHistoryId=now))[0] == 404
    assert told(gmail, now) == []


def test_a_start_that_is_none_is_refused(gmail):
    for start in ("soon", str(2**64), "-1"):
        asked = gmail.history().list(userId="me", startHistoryId=start)
        assert refused(asked) == (400, "invalidArgument")
    assert refused(gmail.history().list(userId="me")) == (400, "invalidArgument")
