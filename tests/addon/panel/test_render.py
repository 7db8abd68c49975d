"""The same card as HTML: safe, usable without script, and with a name for everything."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from addon import panel
from addon.event import AddonEvent
from addon.panel import form
from addon.widgets import (
    Action,
    Button,
    Buttons,
    Card,
    Chip,
    Chips,
    Choice,
    ChoiceKind,
    DatePicker,
    Footer,
    Icon,
    Line,
    OpenLink,
    Option,
    Paragraph,
    Section,
    Switch,
    TextInput,
    bold,
    isolate,
    link,
)

SAVE = Action("deal/save", {"deal": "7"}, required=("title",))
MOVE = Action("deal/move", {"deal": "7"})
STAGES = (Option("Proposal", "p"), Option("Won", "w", selected=True))


def drawn(*widgets: Any, **parts: Any) -> LexborHTMLParser:
    card = Card(title="Ann", sections=(Section("Facts", widgets),), **parts)
    return LexborHTMLParser(panel.render(card, action_url="/panel/m1", csrf="token"))


def one(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def pressed(page: LexborHTMLParser, button: LexborNode) -> AddonEvent:
    """Post the form as a browser without script would."""
    posted: dict[str, list[str]] = {"do": [button.attributes["value"] or ""]}
    for field in page.css("article > form :is(input, select, textarea)"):
        known = field.attributes
        if known.get("type") in ("checkbox", "radio") and "checked" not in known:
            continue
        chosen = field.css("option[selected]") if field.tag == "select" else [field]
        value = field.text() if field.tag == "textarea" else chosen[0].attributes.get("value")
        posted.setdefault(known["name"] or "", []).append(value or "")
    return form.parse(posted)


def test_one_form_sends_all_inputs_with_any_button():
    page = drawn(
        TextInput("title", "Title", 'Brno "1" & <2>'),
        TextInput("note", "Note", "\none\ntwo", multiline=True),
        Choice("stage", "Stage", STAGES),
        Choice("how", "How", STAGES, ChoiceKind.RADIO),
        DatePicker("due", "Due", dt.date(2026, 12, 12)),
        Line("Done", end=Switch("done", selected=True)),
        Line("Open", end=Switch("open")),
        Buttons((Button("Save", SAVE),)),
    )

    event = pressed(page, one(page, ".btns button"))

    assert (event.function, event.parameters) == ("deal/save", {"deal": "7"})
    assert event.text("title") == 'Brno "1" & <2>'
    assert event.texts("note") == ("\none\ntwo",)
    assert event.text("stage") == event.text("how") == "w"
    assert event.date("due") == dt.date(2026, 12, 12)
    assert (event.switch("done"), event.switch("open")) == (True, False)


def test_the_form_goes_where_the_door_said_with_script_and_without():
    page = drawn(Line("x"))

    attributes = one(page, "form").attributes

    assert (attributes["method"], attributes["action"]) == ("post", "/panel/m1")
    assert attributes["hx-post"] == "/panel/m1"
    assert (attributes["hx-target"], attributes["hx-swap"]) == ("#card", "outerHTML")
    assert one(page, "input[name=csrf_token]").attributes["value"] == "token"


@settings(max_examples=50)
@given(st.text(min_size=1))
def test_whatever_came_by_mail_stays_text(words: str):
    hostile = f"{words}\"'><script>alert(1)</script><img src=x onerror=y>&amp;"

    page = drawn(
        Line(hostile, label=hostile, below=hostile),
        Paragraph(bold(hostile) + link(hostile, "/contacts/7")),
        TextInput("a", hostile, hostile, hint=hostile),
        TextInput("b", hostile, hostile, multiline=True),
        Choice("c", hostile, (Option(hostile, hostile),)),
        Buttons((Button(hostile, Action("x", {"a": hostile}), alt=hostile),)),
        Chips((Chip(hostile, MOVE),)),
        subtitle=hostile,
    )

    assert not page.css("script, img")
    assert not any(name.startswith("on") for node in page.css("*") for name in node.attributes)
    assert one(page, "p.cut").text().endswith("</script><img src=x onerror=y>&amp;")


def test_a_change_asks_by_itself_and_by_hand():
    page = drawn(Choice("stage", "Stage", STAGES, on_change=MOVE))

    select = one(page, ".sel select").attributes

    assert (select["hx-post"], select["hx-trigger"]) == ("/panel/m1", "change")
    assert json.loads(json.loads(select["hx-vals"] or "")["do"])["function"] == "deal/move"
    assert pressed(page, one(page, "noscript button")).text("stage") == "w"
    assert one(page, ".field > label").attributes["for"] == select["id"]
    assert one(page, ".field > label").text() == "Stage"


def test_a_task_is_a_round_check_at_the_start_named_by_its_line():
    page = drawn(Line("Call her", icon=Icon.TASK, end=Switch("t1", on_change=MOVE, check_box=True)))

    check = one(page, "input.check.round")

    assert one(page, ".dt.ic").child.html == check.html
    assert one(page, f"#{check.attributes['aria-labelledby']}").text() == "Call her"


def test_a_line_has_an_icon_three_texts_and_a_button():
    use = Button("Use", SAVE, alt="Use it as title")

    page = drawn(Line("Head", label="New", below="Today", icon=Icon.CONTACT, end=use))

    assert one(page, ".dt.ic > svg use").attributes["href"] == "#i-user"
    assert [node.text() for node in page.css(".dt-t > span")] == ["New", "Head", "Today"]
    assert one(page, ".dt > button").attributes["aria-label"] == "Use it as title"


def test_a_whole_line_may_lead_somewhere():
    page = drawn(
        Line(link("Brno", "/deals/7"), on_click=OpenLink("/deals/7")), Line("x", on_click=MOVE)
    )

    leading, asks = page.css(".dt-t")

    assert (leading.tag, leading.attributes["href"]) == ("a", "/deals/7")
    assert not leading.css("a a")
    assert pressed(page, asks).function == "deal/move"


def test_our_pages_open_in_place_and_all_others_beside():
    ours, others = link("a", "/contacts/7"), link("b", "https://severka.cz/")

    page = drawn(Paragraph(ours + others), Buttons((Button("c", OpenLink("/d", overlay=True)),)))

    assert [node.attributes.get("target") for node in page.css("a")] == [None, "_blank", "_blank"]
    assert page.css("a")[1].attributes["rel"] == "noopener noreferrer"


def test_return_presses_the_button_of_the_footer_and_no_other():
    footer = Footer(Button("Save", SAVE), Button("Cancel", MOVE))

    with_footer = drawn(TextInput("title", "Title"), Buttons((Button("x", MOVE),)), footer=footer)
    without = drawn(TextInput("title", "Title"), Buttons((Button("x", MOVE),)))

    assert pressed(with_footer, with_footer.css("button")[0]).function == "deal/save"
    assert "disabled" in without.css("button")[0].attributes


def test_only_the_button_that_needs_an_input_waits_for_it():
    footer = Footer(Button("Save", SAVE), Button("Cancel", MOVE))

    page = drawn(TextInput("title", "Title"), footer=footer)
    save, cancel = page.css(".card-foot button")

    assert "required" in one(page, "input[type=text]").attributes
    assert "formnovalidate" not in save.attributes
    assert "formnovalidate" in cancel.attributes


def test_what_a_card_asks_most_has_a_letter_and_what_leads_back_is_known():
    asks = ("note/new", "task/new", "deal/new", "message/back", "deal/move")
    page = drawn(Buttons(tuple(Button(ask, Action(ask)) for ask in asks)))
    buttons = [button.attributes for button in page.css(".btns button")]

    assert [button.get("data-key") for button in buttons] == ["N", "T", "D", None, None]
    assert ["data-back" in button for button in buttons] == [False, False, False, True, False]


def test_what_takes_back_is_known_and_so_is_what_is_offered_once():
    once = ("task/undo", "deal/back", "deal/relink")
    asks = ("link/back", *once, "message/back", "link/off", "deal/link")
    page = drawn(Buttons(tuple(Button(ask, Action(ask)) for ask in asks)))
    buttons = [button.attributes for button in page.css(".btns button")]

    said = [button.get("data-undo") for button in buttons]
    assert said == ["", "once", "once", "once", None, None, None]


def test_the_shown_one_is_pressed():
    page = drawn(Chips((Chip("Ann", MOVE, chosen=True), Chip("Bo", MOVE, Icon.CONTACT))))

    ann, bo = page.css(".chips button")

    assert ann.attributes["aria-pressed"] == "true"
    assert pressed(page, bo).function == "deal/move"


def test_a_long_section_folds():
    lines = tuple(Line(str(n)) for n in range(5))
    card = Card(title="x", sections=(Section("Lately", lines, collapsible=True),))

    page = LexborHTMLParser(panel.render(card, action_url="/", csrf=""))

    assert [node.text() for node in page.css("details .txt")] == ["2", "3", "4"]
    assert one(page, "summary").text() == "Show more"


def test_where_nothing_is_chosen_yet_nothing_is_sent():
    page = drawn(Choice("how", "How", (Option("A", "a"),)), Buttons((Button("Save", SAVE),)))

    options = page.css("option")

    assert [option.attributes["value"] for option in options] == ["", "a"]


def test_every_input_has_a_name_for_those_who_cannot_see_it():
    page = drawn(
        TextInput("a", "A", hint="Said below"),
        TextInput("b", hint="Said above", multiline=True),
        DatePicker("c", "C"),
        Choice("d", "D", STAGES, ChoiceKind.CHECK_BOX),
        Choice("e", "E", STAGES, ChoiceKind.SWITCH),
        Choice("f", "F", STAGES),
        Line("G", end=Switch("g")),
    )

    for field in page.css("input:not([type=hidden]), select, textarea"):
        known = field.attributes
        names = page.css(f'label[for="{known["id"]}"]') or page.css(
            f"#{known.get('aria-labelledby')}"
        )
        assert names or (field.parent is not None and field.parent.tag == "label"), field.html
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))


def test_an_input_keeps_its_id_so_that_the_focus_finds_it_again():
    before = drawn(Line("x"), Choice("stage", "Stage", STAGES))
    after = drawn(Line("x"), Line("y"), Choice("stage", "Stage", STAGES))

    assert one(before, "select").attributes["id"] == one(after, "select").attributes["id"]


def test_text_brings_its_own_direction():
    page = drawn(Line(bold(isolate("نگار")) + " called"), subtitle="مدیر")

    assert one(page, ".txt").attributes["dir"] == "ltr"
    assert one(page, "p.cut").attributes["dir"] == "rtl"
    assert one(page, ".txt").text() == "\u2068نگار\u2069 called"


def test_a_text_that_is_cut_begins_where_its_letters_begin():
    """An isolate goes by its first letter: it would turn "Re:" and the Persian behind it around."""
    page = drawn(Line(isolate("Re: پیش‌فاکتور چاپگرها"), wrap=False))

    assert one(page, ".txt").attributes["dir"] == "rtl"
    assert one(page, ".txt").text() == "Re: پیش‌فاکتور چاپگرها"


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("Jana Dvořáková", "JD"),
        (isolate("ana maria (the) kovač"), "AK"),
        ("نگار رستمی", "نر"),
        ("Ann", "A"),
        ("", ""),
        ("🙂 !", ""),
    ],
)
def test_an_avatar_shows_initials(title: str, letters: str):
    card = Card(title=title, person=True)

    page = LexborHTMLParser(panel.render(card, action_url="/", csrf=""))

    assert one(page, ".av.l").text() == letters


def test_nothing_is_inline_and_every_sign_is_in_the_sprite():
    page = drawn(
        *(Line("x", icon=icon, end=icon) for icon in Icon),
        Choice("d", "D", STAGES),
        Buttons((Button("", MOVE, Icon.UNDO),)),
    )

    used = {re.sub("^#i-", "", node.attributes["href"] or "") for node in page.css("use")}

    assert used == set(panel.SIGNS)
    assert not page.css("[style], style, script")
    assert page.css("svg.i-dir")


def test_whom_a_card_is_about_has_initials_and_a_form_has_none():
    cards = (Card(title=isolate("Jana Dvořáková"), person=True), Card(title="New note"))

    about, asking = (
        LexborHTMLParser(panel.render(card, action_url="/", csrf="")) for card in cards
    )

    assert one(about, ".card-head .av").text() == "JD"
    assert asking.css(".card-head .av") == []


def test_what_the_message_says_too_is_left_to_it_where_it_stands_with_the_card():
    both = Section("", (Line("Came back.", told=True), Line("Jana")))
    alone = Section("Doubts", (Line("Not from her.", told=True),))
    card = Card(title="Jana", sections=(both, alone))

    apart = panel.render(card, action_url="/", csrf="")
    together = panel.render(card, action_url="/", csrf="", with_message=True)

    assert "Came back." in apart
    assert "Doubts" in apart
    assert "Came back." not in together
    assert "Doubts" not in together
    assert together.count("Jana") == apart.count("Jana")
