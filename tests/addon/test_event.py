"""Google's event, read from what Google sends and from what anyone else might."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon import event
from addon.event import AddonEvent, InvalidEventError

FULL: dict[str, Any] = {
    "commonEventObject": {
        "hostApp": "GMAIL",
        "platform": "WEB",
        "userLocale": "cs-CZ",
        "timeZone": {"id": "Europe/Prague", "offset": 3600000},
        "formInputs": {"name": {"stringInputs": {"value": [" Ana "]}}},
        "parameters": {"deal": "42"},
        "somethingNew": {"x": 1},
    },
    "authorizationEventObject": {
        "userOAuthToken": "ya29.secret",
        "userIdToken": "eyJ.secret",
        "systemIdToken": "eyJ.secret",
        "authorizedScopes": ["https://www.googleapis.com/auth/gmail.addons.execute"],
    },
    "gmail": {
        "messageId": "msg-f:1847",
        "threadId": "thread-f:1847",
        "accessToken": "secret",
        "toRecipients": ["a@x.example"],
        "ccRecipients": [],
    },
    "messageMetadata": {"messageId": "deprecated"},
    "parameters": {"deal": "deprecated"},
    "userTimezone": {"id": "deprecated", "offSet": "1"},
}


def asked(**inputs: Any) -> AddonEvent:
    return event.parse({"commonEventObject": {"formInputs": inputs}})


def test_an_event_is_read_from_one_place_each():
    parsed = event.parse(FULL, function="deal/save")

    assert (parsed.function, parsed.host, parsed.platform) == ("deal/save", "GMAIL", "WEB")
    assert (parsed.message_id, parsed.thread_id) == ("msg-f:1847", "thread-f:1847")
    assert (parsed.locale, parsed.zone) == ("cs-CZ", "Europe/Prague")
    assert parsed.offset == dt.timedelta(hours=1)
    assert (parsed.to, parsed.cc, parsed.bcc) == (("a@x.example",), (), ())
    assert parsed.parameter("deal") == "42"
    assert parsed.text("name") == "Ana"
    assert parsed.scopes == {"https://www.googleapis.com/auth/gmail.addons.execute"}


def test_tokens_are_there_and_are_never_shown():
    parsed = event.parse(FULL)

    tokens = parsed.tokens

    assert (tokens.user, tokens.identity, tokens.message) == ("ya29.secret", "eyJ.secret", "secret")
    assert "secret" not in f"{parsed!r} {parsed} {tokens!r}"


def test_the_homepage_sends_next_to_nothing():
    parsed = event.parse({"commonEventObject": {}, "gmail": None})

    assert parsed == AddonEvent()
    assert parsed.scopes is None


def test_nothing_chosen_is_a_missing_key_or_an_empty_list():
    parsed = asked(empty={"stringInputs": {"value": []}}, bare={"stringInputs": {}}, new={"x": {}})

    texts = [parsed.text(name) for name in ("empty", "bare", "new", "missing")]

    assert texts == ["", "", "", ""]
    assert not any(parsed.switch(name) for name in ("empty", "bare", "missing"))
    assert parsed.parameter("missing") == ""


def test_a_switch_is_on_when_it_is_sent():
    parsed = asked(task={"stringInputs": {"value": ["on"]}})

    assert parsed.switch("task")


def test_many_may_be_chosen():
    parsed = asked(tags={"stringInputs": {"value": ["hot", "new"]}})

    assert parsed.texts("tags") == ("hot", "new")


@pytest.mark.parametrize("ms", [1797033600000, "1797033600000", 1797033600000.0])
def test_a_day_is_the_day_in_utc_however_it_is_sent(ms: object):
    parsed = asked(due={"dateInput": {"msSinceEpoch": ms}})

    assert parsed.date("due") == dt.date(2026, 12, 12)
    assert parsed.text("due") == ""


def test_zeros_are_left_out():
    parsed = asked(day={"dateInput": {}}, at={"timeInput": {}}, tea={"timeInput": {"hours": 14}})

    assert parsed.date("day") == dt.date(1970, 1, 1)
    assert (parsed.time("at"), parsed.time("tea")) == (dt.time(0), dt.time(14))


def test_a_moment_may_be_a_day_or_a_time_alone():
    ms = "1797064200000"

    parsed = asked(
        both={"dateTimeInput": {"hasDate": True, "hasTime": True, "msSinceEpoch": ms}},
        day={"dateTimeInput": {"hasDate": True, "msSinceEpoch": ms}},
        time={"dateTimeInput": {"hasTime": True, "msSinceEpoch": ms}},
    )

    assert parsed.moment("both") == dt.datetime(2026, 12, 12, 8, 30, tzinfo=dt.UTC)
    assert parsed.date("both") == parsed.date("day") == dt.date(2026, 12, 12)
    assert parsed.moment("day") is None
    assert parsed.time("time") == dt.time(8, 30)


def test_what_no_database_can_keep_is_dropped():
    parsed = asked(name={"stringInputs": {"value": ["A\0n\ud800a"]}})

    assert parsed.text("name") == "Ana"


@pytest.mark.parametrize(
    "json",
    [
        None,
        [],
        "event",
        {},
        {"commonEventObject": None},
        {"commonEventObject": []},
        {"commonEventObject": {"hostApp": 7}},
        {"commonEventObject": {"formInputs": []}},
        {"commonEventObject": {"formInputs": {"a": "b"}}},
        {"commonEventObject": {"formInputs": {"a": {"stringInputs": {"value": "b"}}}}},
        {"commonEventObject": {"formInputs": {"a": {"stringInputs": {"value": [1]}}}}},
        {"commonEventObject": {"formInputs": {"a": {"stringInputs": {"value": ["b"] * 101}}}}},
        {
            "commonEventObject": {
                "formInputs": {"a": {"stringInputs": {"value": ["b" * 1_000_001]}}}
            }
        },
        {"commonEventObject": {"formInputs": {"a": {"dateInput": {"msSinceEpoch": "soon"}}}}},
        {"commonEventObject": {"formInputs": {"a": {"dateInput": {"msSinceEpoch": True}}}}},
        {"commonEventObject": {"formInputs": {"a": {"dateInput": {"msSinceEpoch": "9" * 30}}}}},
        {"commonEventObject": {"formInputs": {"a": {"dateInput": {"msSinceEpoch": float("nan")}}}}},
        {"commonEventObject": {"formInputs": {"a": {"timeInput": {"hours": 25}}}}},
        {"commonEventObject": {"formInputs": {str(n): {} for n in range(201)}}},
        {"commonEventObject": {"formInputs": {"a" * 201: {}}}},
        {"commonEventObject": {"parameters": {"deal": 7}}},
        {"commonEventObject": {"parameters": {"deal": {}}}},
        {"commonEventObject": {"timeZone": {"offset": 86_400_000}}},
        {"commonEventObject": {}, "gmail": {"messageId": 7}},
        {"commonEventObject": {}, "gmail": {"toRecipients": "a@x.example"}},
        {"commonEventObject": {}, "authorizationEventObject": {"authorizedScopes": "all"}},
    ],
)
def test_what_is_no_event_is_refused(json: object):
    with pytest.raises(InvalidEventError):
        event.parse(json)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
kinds = st.sampled_from(["stringInputs", "dateInput", "timeInput", "dateTimeInput"])
fields = st.sampled_from(["value", "msSinceEpoch", "hours", "minutes", "hasDate", "hasTime"])


@given(st.dictionaries(kinds, st.dictionaries(fields, json_values) | json_values, max_size=2))
def test_an_input_is_read_or_refused_and_nothing_else(sent: dict[str, Any]):
    try:
        parsed = asked(a=sent)
    except InvalidEventError:
        return

    assert isinstance(parsed.inputs["a"], tuple | dt.date | dt.time)
