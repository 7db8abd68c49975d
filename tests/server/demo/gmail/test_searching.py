"""What `q` finds, and that it says no to what it does not know."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.server.demo.gmail.asking import letter, listed, refused


@pytest.fixture
def ids(ana):
    work = ana.labels.create("Work/Big deals")
    moments = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
    return [
        ana.deliver(letter("Offer", id_="1@x"), at=moments[0]),
        ana.deliver(
            letter("Invoice", id_="2@x", From="eva@acme.example", Cc="jan@x.example"),
            at=moments[1],
            labels=["INBOX", work.id],
        ),
        ana.deliver(letter("Offer " * 50, id_="3@x"), at=moments[2], labels=["TRASH"]),
    ]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("after:1772366400 before:1772452800", [0]),
        ("after:1772452800", [1]),
        ("after:1772452801", []),
        ("after:2026/03/02", [1]),
        ("before:2026/3/2", [0]),
        ("larger:200 in:anywhere", [2]),
        ("rfc822msgid:2@x", [1]),
        ("rfc822msgid:<2@x>", [1]),
        ("in:trash", [2]),
        ("in:anywhere", [2, 1, 0]),
        ("label:work-big-deals", [1]),
        ("label:nowhere", []),
        ("in:inbox is:unread", [0]),
        ("from:EVA@acme", [1]),
        ("to:jan@x", [1]),
        ('subject:"offer"', [0]),
        ("-subject:offer", [1]),
        ("", [1, 0]),
    ],
)
def test_a_search_finds_what_it_says(gmail, ids, q, found):
    assert listed(gmail, q=q) == [ids[index] for index in found]


@pytest.mark.parametrize(
    "q", ["offer", "has:attachment", "from:a OR from:b", "(from:a)", "after:soon", "larger:x"]
)
def test_a_search_that_is_not_understood_is_refused(gmail, ids, q):
    assert refused(gmail.messages().list(userId="me", q=q)) == (400, "invalidArgument")
