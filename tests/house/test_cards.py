"""The checker of cards is itself checked: for each rule a card that it refuses."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.house import cards
from tests.house.cards import RULES, check_answer, check_card

URL = "https://crm.example.com/addon/"
CLICK = {"action": {"function": f"{URL}deal/save"}}
LINK = {"openLink": {"url": "https://crm.example.com/deals/7", "openAs": "OVERLAY"}}
COLOUR = {"red": 0.1, "green": 0.3, "blue": 0.8}
BUTTON = {"text": "Save", "onClick": CLICK, "color": COLOUR}
KNOWN = {"knownIcon": "PERSON", "altText": "Contact"}
ITEMS = [{"text": "Won", "value": "w", "selected": True}, {"text": "Lost", "value": "l"}]
MENU = {"overflowMenu": {"items": [{"text": "Merge", "onClick": LINK, "startIcon": KNOWN}]}}
PICTURE = {"imageUrl": "https://crm.example.com/a.png", "altText": "A place"}
TEXT = {
    "textParagraph": {"text": 'Tom &amp; <b>Ann</b><br><a href="https://crm.example.com/1">1</a>'}
}
GRID = {
    "items": [{"id": "1", "title": "One"}],
    "columnCount": 2,
    "title": "Deals",
    "onClick": CLICK,
}
ACTION = {
    "function": f"{URL}deal/move",
    "parameters": [{"key": "deal", "value": "7"}, {"key": "from", "value": "card"}],
    "loadIndicator": "SPINNER",
    "persistValues": True,
    "requiredWidgets": ["name"],
}
WIDGETS: list[dict[str, Any]] = [
    TEXT,
    {"decoratedText": {"topLabel": "A & B", "text": "x", "startIcon": KNOWN, "button": BUTTON}},
    {"decoratedText": {"text": "x", "switchControl": {"name": "t", "controlType": "CHECK_BOX"}}},
    {"buttonList": {"buttons": [BUTTON, {"icon": KNOWN, "altText": "More", "onClick": MENU}]}},
    {"chipList": {"layout": "WRAPPED", "chips": [{"label": "Ann", "onClick": CLICK}]}},
    {
        "textInput": {
            "name": "name",
            "label": "Name",
            "type": "SINGLE_LINE",
            "initialSuggestions": {"items": [{"text": "Brno"}]},
        }
    },
    {"selectionInput": {"name": "stage", "type": "DROPDOWN", "items": ITEMS}},
    {
        "dateTimePicker": {
            "name": "d",
            "label": "D",
            "type": "DATE_ONLY",
            "valueMsEpoch": "86400000",
        }
    },
    {"divider": {}},
    {"image": PICTURE},
    {"grid": GRID},
    {"columns": {"columnItems": [{"widgets": [TEXT]}, {"widgets": [TEXT]}]}},
]
CONTROL = {"expandButton": BUTTON, "collapseButton": BUTTON}
CARD: dict[str, Any] = {
    "name": "deal",
    "header": {"title": "A < B", "imageUrl": PICTURE["imageUrl"], "imageType": "CIRCLE"},
    "sections": [
        {"header": "Deals &amp; more", "widgets": WIDGETS, "collapsible": True},
        {"widgets": [{"buttonList": {"buttons": [{"text": "Go", "onClick": {"action": ACTION}}]}}]},
        {"widgets": [TEXT], "collapseControl": CONTROL},
    ],
    "cardActions": [{"actionLabel": "Open", "onClick": LINK}],
    "fixedFooter": {"primaryButton": BUTTON, "secondaryButton": BUTTON},
}
FUNCTIONS = [f"{URL}deal/save", f"{URL}deal/move"]
PREFIXES = ["https://crm.example.com/"]
PUSH = {"action": {"navigations": [{"pushCard": CARD}]}}


def test_a_good_card_passes():
    card = copy.deepcopy(CARD)

    faults = check_card(card, functions=FUNCTIONS, prefixes=PREFIXES)

    assert faults == []


@pytest.mark.parametrize(
    ("kind", "key"), [(k, key) for k, keys in RULES["required"].items() for key in keys]
)
def test_what_google_requires_may_not_be_left_out(kind: str, key: str):
    card = copy.deepcopy(CARD)
    del first(card, kind)[key]

    faults = check_card(card)

    assert any(f".{key}: is missing or empty" in fault for fault in faults)


@pytest.mark.parametrize(
    ("kind", "key"), [(k, key) for k, keys in RULES["refused"].items() for key in keys]
)
def test_what_is_only_for_chat_is_refused(kind: str, key: str):
    card = copy.deepcopy(CARD)
    first(card, kind)[key] = "x"

    faults = check_card(card)

    assert any(f".{key}: is not for a Gmail add-on" in fault for fault in faults)
    assert key in cards._members(kind), "the rule names a key that does not exist"


@pytest.mark.parametrize("kind", [*RULES["exactly_one"], *RULES["at_least_one"]])
def test_a_union_is_not_empty(kind: str):
    card = copy.deepcopy(CARD)
    for key in (RULES["exactly_one"] | RULES["at_least_one"])[kind]:
        first(card, kind).pop(key, None)

    faults = check_card(card)

    assert any(" one of " in fault for fault in faults)


@pytest.mark.parametrize("kind", [*RULES["exactly_one"], *RULES["at_most_one"]])
def test_a_union_has_one_member_only(kind: str):
    card = copy.deepcopy(CARD)
    for key in (RULES["exactly_one"] | RULES["at_most_one"])[kind]:
        first(card, kind).setdefault(key, {})

    faults = check_card(card)

    assert any(" one of " in fault for fault in faults)


@pytest.mark.parametrize("rule", RULES["most"])
def test_there_is_a_most_of_everything(rule: str):
    card = copy.deepcopy(CARD)
    kind, key = rule.split(".")
    first(card, kind)[key] *= RULES["most"][rule] + 1

    faults = check_card(card)

    assert any(f"has more than {RULES['most'][rule]}" in fault for fault in faults)


@pytest.mark.parametrize("rule", RULES["markup"])
@pytest.mark.parametrize(
    "text",
    [
        "Tom & Ann",
        "a < b",
        "a > b",
        "&nbsp;",
        "<p>x</p>",
        "<img>",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        '<a href="javascript:x">y</a>',
        "<a>y</a>",
        '<b class="x">y</b>',
        '<font color="red">y</font>',
        '<a href="https://elsewhere.example/">y</a>',
        "<ul><li>x</li></ul>",
    ],
)
def test_markup_is_escaped_and_well_formed(rule: str, text: str):
    card = copy.deepcopy(CARD)
    kind, key = rule.split(".")
    first(card, kind)[key] = text

    faults = check_card(card, prefixes=PREFIXES)

    assert faults


@pytest.mark.parametrize("rule", [rule for rule in RULES["plain"] if not rule.startswith("ImageC")])
@pytest.mark.parametrize("text", ["Tom &amp; Ann", "<b>Ann</b>", "one<br>two"])
def test_plain_text_is_not_escaped(rule: str, text: str):
    card = copy.deepcopy(CARD)
    kind, key = rule.split(".")
    first(card, kind)[key] = text

    faults = check_card(card)

    assert any("is plain, yet" in fault for fault in faults)


def put(kind: str, **values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda card: first(card, kind).update(copy.deepcopy(values))


def grow(key: str, things: list[Any]) -> Callable[[dict[str, Any]], None]:
    return lambda card: card[key].extend(copy.deepcopy(things))


@pytest.mark.parametrize(
    ("fault", "spoil"),
    [
        ("is no key of Card", put("Card", colour="red")),
        ("is no key of Divider", put("Divider", text="x")),
        ("is no object", put("Card", header="A title")),
        ("is no list", put("Card", sections={})),
        ("is no string", put("CardHeader", title=7)),
        ("is no boolean", put("Section", collapsible=1)),
        ("is no int32", put("Grid", columnCount="2")),
        ("is no int64", put("DateTimePicker", valueMsEpoch="tomorrow")),
        ("is none of SQUARE, CIRCLE", put("CardHeader", imageType="OVAL")),
        ("is none of Google's icons", put("Icon", knownIcon="UNICORN")),
        ("has 102 widgets", grow("sections", [{"widgets": [TEXT] * 86}])),
        ("has 2 inputs named name", put("SelectionInput", name="name")),
        ("requires an input that it lacks: who", put("Action", requiredWidgets=["who"])),
        ("has 2 selected, and takes 1", put("SelectionInput", items=[ITEMS[0]] * 2)),
        ("takes 3", put("SelectionInput", type="MULTI_SELECT", items=[ITEMS[0]] * 4)),
        ("which only a SINGLE_LINE may", put("TextInput", type="MULTIPLE_LINE")),
        ("is no midnight in UTC", put("DateTimePicker", valueMsEpoch="82800000")),
        ("is no time of day", put("DateTimePicker", type="TIME_ONLY", valueMsEpoch="86400000")),
        (
            "has an icon alone and no altText",
            put("ButtonList", buttons=[{"icon": KNOWN, "onClick": CLICK}]),
        ),
        (
            "needs both text and color",
            put("CardFixedFooter", primaryButton={"text": "x", "onClick": CLICK}),
        ),
        ("peeks without a peekCardHeader", put("Card", displayStyle="PEEK")),
        ("is a menu within a menu", put("OverflowMenuItem", onClick=MENU)),
        ("is no full https address", put("Action", function="saveDeal")),
        (
            "is no full https address",
            put("Action", function="http://crm.example.com/addon/deal/save"),
        ),
        ("is no route of ours", put("Action", function=f"{URL}deal/burn")),
        ("is no https address", put("OpenLink", url="http://crm.example.com/")),
        (
            "goes where the manifest does not allow",
            put("OpenLink", url="https://elsewhere.example/"),
        ),
        (
            "is no https address of a PNG",
            put("CardHeader", imageUrl="http://crm.example.com/a.png"),
        ),
        (
            "is no https address of a PNG",
            put("Image", imageUrl="https://crm.example.com/a.svg?v=1"),
        ),
        ("name a key twice", put("Action", parameters=[{"key": "a", "value": "1"}] * 2)),
        ("is no string", put("Action", parameters=[{"key": "a", "value": True}])),
        (
            "carry personal data under a",
            put("Action", parameters=[{"key": "a", "value": "ann@acme.test"}]),
        ),
        (
            "carry personal data under a",
            put("Action", parameters=[{"key": "a", "value": "ya29.a0Af"}]),
        ),
        ("more than 100000 are too many", put("CardHeader", subtitle="x" * 100_000)),
    ],
)
def test_a_spoilt_card_is_refused(fault: str, spoil: Callable[[dict[str, Any]], None]):
    card = copy.deepcopy(CARD)
    spoil(card)

    faults = check_card(card, functions=FUNCTIONS, prefixes=PREFIXES)

    assert any(fault in found for found in faults), faults


def test_a_pushed_card_has_inputs_of_its_own():
    card = copy.deepcopy(CARD)
    first(card, "ButtonList")["buttons"].append({"text": "More", "onClick": {"card": CARD}})

    faults = check_card(card)

    assert faults == []


@pytest.mark.parametrize(
    "answer",
    [
        PUSH,
        {"renderActions": PUSH, "stateChanged": True},
        {
            "action": {
                "navigations": [{"popToRoot": True}, {"updateCard": CARD}],
                "notification": {"text": "a < b"},
            }
        },
        {"action": {"navigations": [{"popToCard": "deal"}]}},
        {
            "action": {
                "link": {
                    "url": "https://crm.example.com/",
                    "openAs": "OVERLAY",
                    "onClose": "RELOAD",
                }
            }
        },
        {"autoComplete": {"items": [{"text": "Brno"}]}},
        {"requesting_google_scopes": {"all_scopes": True}},
        {
            "requesting_google_scopes": {
                "scopes": ["https://www.googleapis.com/auth/userinfo.email"]
            }
        },
        {
            "basic_authorization_prompt": {
                "authorization_url": "https://crm.example.com/in",
                "resource": "Inlay",
            }
        },
        {"custom_authorization_prompt": PUSH},
    ],
)
def test_a_good_answer_passes(answer: dict[str, Any]):
    faults = check_answer(answer, functions=FUNCTIONS, prefixes=PREFIXES)

    assert faults == []


def gmail(action: dict[str, Any]) -> dict[str, Any]:
    return {"renderActions": {"hostAppAction": {"gmailAction": action}}}


def body(kind: str = "TEXT", **place: str) -> dict[str, Any]:
    contents = [{"content": "Hello", "contentType": kind}]
    return gmail({"updateDraftActionMarkup": {"updateBody": {"insertContents": contents, **place}}})


@pytest.mark.parametrize(
    "answer",
    [
        body(type="IN_PLACE_INSERT"),
        gmail({"updateDraftActionMarkup": {"updateSubject": {"subject": "Offer"}}}),
        gmail(
            {
                "updateDraftActionMarkup": {
                    "updateCcRecipients": {"ccRecipients": [{"email": "a@b.test"}]}
                }
            }
        ),
        gmail({"openCreatedDraftActionMarkup": {"draftId": "r-12", "draftThreadId": "19a8f"}}),
        gmail({"addonComposeUiActionMarkup": {"type": "DISMISS"}}),
        gmail({"taskAction": {"reloadTasks": True}}),
    ],
)
def test_what_changes_a_draft_passes(answer: dict[str, Any]):
    faults = check_answer(answer)

    assert faults == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        CARD,
        {"stateChanged": True},
        {**PUSH, "schema": "x"},
        {**PUSH, "autoComplete": {"items": []}},
        {"action": {}},
        {"action": {"navigations": []}},
        {"action": {"navigations": [{}]}},
        {"action": {"navigations": [{"pop": True, "popToRoot": True}]}},
        {"action": {"navigations": [{"pop": False}]}},
        {"action": {"navigations": [{"popCard": True}]}},
        {"action": {"navigations": [{"popToCardName": "deal"}]}},
        {"action": {"navigations": [{"endNavigation": {"action": "CLOSE_DIALOG"}}]}},
        {"action": {"navigations": [{"pushCard": {}}]}},
        {"action": {"navigations": [{"pop": True}], "link": {"url": "https://crm.example.com/"}}},
        {"action": {"notification": {"text": ""}}},
        {"action": {"notification": {"text": "Tom &amp; Ann"}}},
        {"action": {"notification": "Saved"}},
        {"action": {"link": {"url": "http://crm.example.com/"}}},
        {"action": {"link": {"url": "https://crm.example.com/", "openAs": "POPUP"}}},
        {"action": {"linkPreview": {}}},
        {"render_actions": PUSH},
        {"renderActions": {"action": {"navigations": [{"push_card": CARD}]}}},
        {"renderActions": PUSH, "stateChanged": "yes"},
        {"autoComplete": {"items": ["Brno"]}},
        {"requesting_google_scopes": {"scopes": []}},
        {"requesting_google_scopes": {"scopes": ["gmail.readonly"]}},
        {"requesting_google_scopes": {"all_scopes": False}},
        {"basic_authorization_prompt": {"authorization_url": "https://crm.example.com/in"}},
        {"custom_authorization_prompt": {"action": {"navigations": [{"updateCard": CARD}]}}},
        body(),
        body(type="APPEND"),
        body("HTML", type="REPLACE"),
        gmail({}),
        gmail({"openCreatedDraftAction": {"draftId": "r-12"}}),
        gmail(
            {"openCreatedDraftActionMarkup": {"draftId": "msg-a:r-12", "draftThreadId": "19a8f"}}
        ),
        gmail({"openCreatedDraftActionMarkup": {"draftId": "r12", "draftThreadId": "thread-f:18"}}),
        gmail({"updateDraftActionMarkup": {"updateToRecipients": {"toRecipients": ["a@b.test"]}}}),
        gmail(
            {
                "updateDraftActionMarkup": {
                    "updateToRecipients": {"toRecipients": [{"email": "Ann"}]}
                }
            }
        ),
    ],
)
def test_a_spoilt_answer_is_refused(answer: Any):
    faults = check_answer(answer)

    assert faults


def first(card: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the first object of a type in a card."""
    return next(found for name, found in objects(card, "Card") if name == kind)


def objects(value: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield kind, value
    for key, member in value.items():
        wanted = cards._members(kind).get(key, {})
        ref = wanted.get("$ref") or wanted.get("items", {}).get("$ref")
        for one in member if isinstance(member, list) else [member]:
            if ref and isinstance(one, dict):
                yield from objects(one, ref.removeprefix(cards.FAMILY))
