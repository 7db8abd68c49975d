"""What came back is said by the class of its status, and never more than is known."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from addon import bouncing
from crm.mail.bounced import Returned
from tests import make


def words(status, permanent=True, said=""):
    one = Returned("bo@kovar.test", status, permanent, make.NOW, said)
    return bouncing.words(one).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.1", "Came back from bo@kovar.test: no such mailbox (5.1.1)."),
        ("5.1.10", "Came back from bo@kovar.test: the domain takes no mail (5.1.10)."),
        ("5.1.3", "Came back from bo@kovar.test: the address is wrong (5.1.3)."),
        (
            "5.7.26",
            "Came back from bo@kovar.test: their mail server refuses it by its rules (5.7.26).",
        ),
        ("5.0.0", "Came back from bo@kovar.test."),
        ("", "Came back from bo@kovar.test."),
        ("nonsense", "Came back from bo@kovar.test."),
    ],
)
def test_what_came_back_says_why_as_far_as_it_is_known(status, said):
    assert words(status) == said


def test_what_is_tried_again_says_so():
    assert words("4.2.2", permanent=False) == (
        "Not delivered to bo@kovar.test yet: the mailbox is full (4.2.2). It will be tried again."
    )
    assert words("", permanent=False) == (
        "Not delivered to bo@kovar.test yet. It will be tried again."
    )


def test_where_the_status_says_nothing_the_other_server_is_quoted():
    said = "550 \n Go \u202eaway"

    assert words("", said=said) == "Came back from bo@kovar.test: “550 Go away”"
    assert words("5.1.1", said=said) == words("5.1.1")
    assert "“550 Go away” It will be tried again." in words("", permanent=False, said=said)
    assert len(words("", said="x" * 5000)) < 300


def test_what_nobody_says_is_not_promised():
    assert "tried again" not in words("5.2.2", permanent=None)


def test_several_recipients_stand_beside_each_other():
    several = [Returned(f"{name}@kovar.test", "", True, make.NOW) for name in ("bo", "ann")]

    assert bouncing.of_message(several).count("Came back from") == 2


@pytest.mark.parametrize(("count", "end"), [(3, "p2@kovar.test."), (500, "… and 497 more")])
def test_of_many_recipients_three_are_named(count, end):
    many = [Returned(f"p{i}@kovar.test", "", True, make.NOW) for i in range(count)]

    said = bouncing.of_message(many).replace("\u2068", "").replace("\u2069", "")

    assert said.count("Came back from") == 3
    assert said.endswith(end)


def test_an_address_is_lost_since_a_day_of_the_viewer():
    said = bouncing.of_address(
        "bo@kovar.test", make.NOW, date(2026, 12, 24), ZoneInfo("Asia/Tokyo")
    )

    assert "comes back since 20 Nov" in said


def test_what_a_bounce_claims_is_said_in_one_sentence():
    def claim(*permanent):
        several = [
            Returned(f"{n}@kovar.test", "5.1.1", one, make.NOW) for n, one in enumerate(permanent)
        ]
        return bouncing.claim(several).replace("\u2068", "").replace("\u2069", "")

    assert claim() == ""
    assert claim(False) == (
        "It says that mail to 0@kovar.test is delayed, but names no message that went there."
    )
    assert claim(False, None) == (
        "It says that mail to 0@kovar.test, 1@kovar.test came back,"
        " but names no message that went there."
    )
    assert "2@kovar.test … and 7 more came back" in claim(*[True] * 10)
