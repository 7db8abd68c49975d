"""A form of the panel becomes the event that Gmail would have sent."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.event import InvalidEventError
from addon.panel import form
from addon.widgets import (
    Action,
    Card,
    Choice,
    DatePicker,
    Line,
    Option,
    Section,
    Switch,
    TextInput,
)

DO = form.button_value(Action("deal/save", {"deal": "7"}))


def test_a_button_carries_its_action():
    value = form.button_value(Action("deal/save", {"deal": "7", "name": 'Žižkov "1"'}))

    event = form.parse({"do": [value]})

    assert event.function == "deal/save"
    assert event.parameters == {"deal": "7", "name": 'Žižkov "1"'}
    assert (event.host, event.platform) == ("PANEL", "WEB")


def test_the_door_says_beside_which_message():
    event = form.parse(
        {"do": [DO]},
        message_id="m1",
        thread_id="t1",
        locale="fa",
        zone="Asia/Tehran",
        offset=dt.timedelta(hours=3.5),
    )

    assert (event.message_id, event.thread_id) == ("m1", "t1")
    assert (event.locale, event.zone) == ("fa", "Asia/Tehran")
    assert event.offset == dt.timedelta(hours=3.5)


def test_texts_choices_and_switches_are_read():
    posted = {
        "do": [DO],
        form.field_name(TextInput("note", "Note")): ["one\r\ntwo "],
        form.field_name(Choice("tags", "Tags", ())): ["hot", "new"],
        form.field_name(Choice("stage", "Stage", ())): [""],
        form.field_name(Switch("done")): ["on"],
    }

    event = form.parse(posted)

    assert event.text("note") == "one\ntwo"
    assert event.texts("tags") == ("hot", "new")
    assert event.text("stage") == ""
    assert event.switch("done")
    assert not event.switch("other")


def test_a_day_is_a_day_in_no_zone():
    name = form.field_name(DatePicker("due", "Due"))

    event = form.parse({"do": [DO], name: ["2026-12-12"]})

    assert event.date("due") == dt.date(2026, 12, 12)


def test_a_date_that_is_none_is_passed_on_as_it_was_typed():
    posted = {
        "do": [DO],
        "date:due": ["next Friday"],
        "date:no": [""],
    }

    event = form.parse(posted)

    assert event.date("due") is None
    assert event.text("due") == "next Friday"
    assert event.text("no") == ""


def test_what_is_no_field_of_ours_is_passed_over():
    event = form.parse(
        {"do": [DO], "csrf_token": ["x"], "name": ["x"], "date:": ["x"], "text:a": []}
    )

    assert event.inputs == {}


@pytest.mark.parametrize(
    "do",
    [
        [],
        [""],
        ["deal/save"],
        ["[]"],
        ["{}"],
        ['{"function":7}'],
        ["[" * 100000],
        ['{"function":"a","parameters":{"a":1}}'],
        ['{"function":"a","parameters":[]}'],
    ],
)
def test_a_form_without_a_button_of_ours_is_refused(do: list[str]):
    with pytest.raises(InvalidEventError):
        form.parse({"do": do})


@given(st.dictionaries(st.from_regex(r"(text|date):.*"), st.lists(st.text())))
def test_a_form_is_read_or_refused_and_nothing_else(posted: dict[str, list[str]]):
    try:
        event = form.parse({**posted, "do": [DO]})
    except InvalidEventError:
        return

    assert event.function == "deal/save"


def test_what_was_typed_and_chosen_is_put_back_into_a_form():
    options = (Option("Ana", "a", selected=True), Option("Sam", "s"))
    none = (Option("No deal", ""), Option("Brno", "b", selected=True))
    asked = (
        TextInput("title", "Title", "Call"),
        DatePicker("due", "Due", dt.date(2026, 12, 1)),
        Choice("who", "Who", options),
        Choice("deal", "Deal", none),
        Line("stays"),
    )
    posted = {"text:title": ["Wait"], "date:due": ["2026-12-24"], "text:who": ["s"]}
    event = form.parse({"do": ['{"function": "task/save"}'], "text:deal": [""], **posted})

    card = form.filled(Card(title="x", sections=(Section("", asked),)), event)

    title, due, who, deal, line = card.sections[0].widgets
    assert (title.value, due.value) == ("Wait", dt.date(2026, 12, 24))
    assert [one.value for one in who.options + deal.options if one.selected] == ["s", ""]
    assert line == asked[-1]
