"""The card vocabulary, said in Google's Card v1."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Json,
    Line,
    Links,
    OpenLink,
    Option,
    Paragraph,
    Section,
    Switch,
    Text,
    TextInput,
    UnsafeLinkError,
    bold,
    enclose,
    isolate,
    left_to_right,
    link,
)
from tests.house.cards import check_card

LINKS = Links(addon="https://crm.example.com/addon", app="https://crm.example.com")
SAVE = Action("deal/save", {"deal": "7"}, required=("title",))
STAGES = (Option("Proposal", "p", selected=True), Option("Won", "w"))
CARD = Card(
    name="message",
    title=isolate("Jana & Tom"),
    subtitle="Operations",
    footer=Footer(Button("Save", SAVE), Button("Cancel", Action("message/show"))),
    sections=(
        Section(
            "",
            (
                Chips((Chip("Jana", SAVE, chosen=True), Chip("Tom", SAVE, Icon.CONTACT))),
                Buttons(
                    (
                        Button("Deal", SAVE, icon=Icon.DEAL, filled=True),
                        Button("", OpenLink("/contacts/7", overlay=True, reload=True), Icon.MERGE),
                        Button("Not here", SAVE, alt="Take it off Brno", disabled=True),
                    )
                ),
            ),
        ),
        Section("Tasks", ()),
        Section(
            "Facts & <figures>",
            (
                Line(bold("Brno"), label="A < B", below="€48,000", icon=Icon.DEAL, end=Icon.LIMIT),
                Line("Head", end=Button("Use", SAVE), on_click=OpenLink("/contacts/7"), wrap=False),
                Line("Call", end=Switch("task-1", on_change=SAVE, check_box=True)),
                Paragraph(link("All 148", "/contacts/7#timeline"), max_lines=3),
            ),
            collapsible=True,
        ),
        Section(
            "Form",
            (
                TextInput("title", "Title", "a & b", limit=80),
                TextInput("why", hint="Why"),
                TextInput("note", "Note", multiline=True),
                Choice("stage", "Stage", STAGES, on_change=SAVE),
                Choice("tags", "Tags", STAGES, ChoiceKind.MULTI_SELECT),
                DatePicker("due", "Due", dt.date(2026, 12, 12)),
            ),
        ),
    ),
)


def said(text: Text) -> str:
    return Paragraph(text).to_json(LINKS)["textParagraph"]["text"]


def only(card: Card) -> Json:
    """Return the first widget of a card, as it is said."""
    widget: Json = card.to_json(LINKS)["sections"][0]["widgets"][0]
    return widget


def test_the_checker_has_nothing_to_say_about_a_card_with_everything():
    functions = [LINKS.to(name) for name in ("deal/save", "message/show")]
    prefixes = ["https://crm.example.com/"]

    faults = check_card(CARD.to_json(LINKS), functions=functions, prefixes=prefixes)

    assert faults == []


@given(st.text(min_size=1))
def test_whatever_came_by_mail_stays_text(words: str):
    card = Card(title=words, sections=(Section(words, (Line(bold(words)), Paragraph(words))),))

    faults = check_card(card.to_json(LINKS))

    assert faults == []


def test_words_are_escaped_where_google_reads_tags():
    text = "Tom & Ann <tom@acme.test>"

    line = Line(text).to_json(LINKS)["decoratedText"]["text"]
    header = Section(text, (Line("x"),)).to_json(LINKS)["header"]

    assert line == header == "Tom &amp; Ann &lt;tom@acme.test&gt;"


def test_words_are_left_alone_where_google_reads_none():
    text = "Tom & Ann <tom@acme.test>"

    line = Line("x", label=text, below=text).to_json(LINKS)["decoratedText"]
    title = Card(title=text).to_json(LINKS)["header"]["title"]

    assert line["topLabel"] == line["bottomLabel"] == title == text


def test_only_we_make_words_bold_or_a_link():
    text = bold("<b>") + " & " + link("7 & 8", '/search?q=a&b="c"')

    html = said(text)

    assert html == (
        "<b>&lt;b&gt;</b> &amp; "
        '<a href="https://crm.example.com/search?q=a&amp;b=&quot;c&quot;">7 &amp; 8</a>'
    )


def test_markup_that_is_glued_into_a_text_is_words_again():
    text = bold("Ann")

    glued = f"{text} called"

    assert said(glued) == "Ann called"


def test_a_name_cannot_turn_the_words_around_it():
    name = "Ann\u202egpj.exe\u2069"

    isolated = isolate(name)

    assert isolated == "\u2068Anngpj.exe\u2069" == isolate(isolated)
    assert isolate("") == ""


def test_a_number_runs_from_left_to_right_whatever_stands_in_it():
    assert left_to_right("+420 777\u202e داخلی 12") == "\u2066+420 777 داخلی 12\u2069"
    assert left_to_right("") == ""


def test_a_sentence_keeps_what_is_isolated_in_it_and_nothing_that_turns_it():
    number = left_to_right("+420 777")

    assert enclose(f"now {number}\u202e\u2069\u2067") == f"\u2068now {number}\u2069"
    assert enclose("") == ""


def test_new_lines_are_kept():
    assert said("one\r\ntwo\nthree") == "one<br>two<br>three"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("deal/save", "https://crm.example.com/addon/deal/save"),
        ("/deals/7", "https://crm.example.com/deals/7"),
        ("https://severka.cz", "https://severka.cz"),
        ("http://severka.cz/http://", "https://severka.cz/http://"),
    ],
)
def test_a_place_has_an_address(path: str, address: str):
    assert LINKS.to(path) == address


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "/\\evil.example",
        "data:text/html,x",
        "deals/7",
        "",
        "https://",
        "https://a b",
        "https://a\n",
        "ftp://a.example/",
        "mailto:ann@acme.test",
    ],
)
def test_a_link_that_is_no_page_is_refused(url: str):
    with pytest.raises(UnsafeLinkError):
        OpenLink(url)


def test_a_text_may_open_a_message_and_nothing_stranger():
    text = link("Ann", "mailto:ann@acme.test")

    with pytest.raises(UnsafeLinkError):
        link("Ann", "javascript:alert(1)")

    assert said(text) == '<a href="mailto:ann@acme.test">Ann</a>'


def test_a_change_empties_and_blocks_nothing():
    choice = Choice("stage", "Stage", STAGES, on_change=Action("deal/move", spinner=True))

    change = choice.to_json(LINKS)["selectionInput"]["onChangeAction"]

    assert change["persistValues"] is True
    assert change["loadIndicator"] == "NONE"


def test_a_button_says_all_it_carries():
    button = Button("Save", SAVE, filled=True)

    json = button.to_json(LINKS)

    assert json["color"]
    assert json["onClick"]["action"] == {
        "function": "https://crm.example.com/addon/deal/save",
        "parameters": [{"key": "deal", "value": "7"}],
        "requiredWidgets": ["title"],
        "loadIndicator": "SPINNER",
    }


def test_an_icon_is_googles_where_there_is_one_and_a_png_where_not():
    known, own = Icon.DEAL.to_json(LINKS), Icon.STAGE.to_json(LINKS)

    assert known == {"knownIcon": "DOLLAR", "altText": "Deal"}
    assert own["iconUrl"] == "https://crm.example.com/static/icons/arrow-left-right.png"


def test_a_day_is_counted_from_midnight_in_utc():
    card = Card(
        title="x", sections=(Section("", (DatePicker("due", "Due", dt.date(1970, 1, 2)),)),)
    )

    picker = only(card)["dateTimePicker"]

    assert picker["valueMsEpoch"] == "86400000"
    assert picker["type"] == "DATE_ONLY"


def test_one_may_choose_more_than_three():
    options = tuple(Option(str(n), str(n)) for n in range(5))

    choice = Choice("tags", "Tags", options, ChoiceKind.MULTI_SELECT).to_json(LINKS)

    assert choice["selectionInput"]["multiSelectMaxSelectedItems"] == 5


def test_a_section_without_widgets_is_left_out():
    card = Card(title="x", sections=(Section("Tasks", ()), Section("Deals", (Line("x"),))))

    sections = card.to_json(LINKS)["sections"]

    assert [section["header"] for section in sections] == ["Deals"]


def test_a_section_folds_only_what_is_long():
    line = Line("x")

    short = Section("", (line,) * 2, collapsible=True).to_json(LINKS)
    long = Section("", (line,) * 3, collapsible=True).to_json(LINKS)

    assert "collapsible" not in short
    assert long["uncollapsibleWidgetsCount"] == 2
