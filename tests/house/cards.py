"""Would Gmail take this answer? A checker stricter than Gmail, which drops wrong cards in silence.

Three sources, each as data: the types of a card stand in Google's discovery document of Chat, which
google-api-python-client brings along; what Google says in prose only, in `card_rules.json`; what
may stand around a card, in `addon_envelope.json`. A fault is a sentence that begins with its place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import jsonschema

HERE = Path(__file__).parent
DISCOVERY = Path(googleapiclient.__file__).parent / "discovery_cache/documents/chat.v1.json"
FAMILY = "GoogleAppsCardV1"
RULES = json.loads((HERE / "card_rules.json").read_text())
ENVELOPE = json.loads((HERE / "addon_envelope.json").read_text())

MOST_WIDGETS, MOST_BYTES, DAY_MS = 100, 100_000, 86_400_000
#: What no button may carry: an address, an access token, a signed token. All can see it.
PERSONAL = re.compile(r"@|ya29\.|eyJ[\w-]+\.")
#: Marks of a text that was escaped, or dressed, where Gmail shows it letter by letter.
DRESSED = re.compile(r"&(amp|lt|gt|quot|#\d+);|</?(b|i|u|s|font|a|time|br)\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"<(/?)(b|i|u|s|font|a|time|br)((?:\s[^<>]*)?)>")
ATTRIBUTES = {
    "a": re.compile(r' href="((?:https://|mailto:)[^"<>\s]+)"'),
    "font": re.compile(r' color="#[0-9a-fA-F]{6}"'),
}
INT64 = re.compile(r"-?\d{1,19}")
#: How many members of a union may be there.
COUNTS = {"exactly_one": (1, 1), "at_most_one": (0, 1), "at_least_one": (1, 99)}
ENTITY = re.compile(r"&(amp|lt|gt|quot|#39);")


def check_answer(
    answer: Any,
    *,
    functions: Collection[str] | None = None,
    prefixes: Collection[str] | None = None,
) -> list[str]:
    """Say what is wrong with an answer to Gmail; nothing is, if the list is empty."""
    checker = _Checker(functions, prefixes)
    for error in jsonschema.Draft202012Validator(ENVELOPE).iter_errors(answer):
        checker.say(error.json_path, error.message)
    for place, name, part in _parts(answer, "$"):
        if name in ("pushCard", "updateCard"):
            checker.check(part, "Card", place)
        elif name == "link":
            checker.check(part, "OpenLink", place)
        elif name == "notification" and isinstance(part, dict):
            checker.check_plain(part.get("text"), place)
    return _too_big(answer) + checker.faults


def check_card(
    card: Any,
    *,
    functions: Collection[str] | None = None,
    prefixes: Collection[str] | None = None,
) -> list[str]:
    """Say what is wrong with a card: `functions` and `prefixes` are where it may lead."""
    checker = _Checker(functions, prefixes)
    checker.check(card, "Card", "card")
    return _too_big(card) + checker.faults


@dataclass
class _Seen:
    """What one card holds; a card that it pushes is another."""

    inputs: Counter[str] = field(default_factory=Counter)
    required: set[str] = field(default_factory=set)
    widgets: int = 0


class _Checker:
    """Walks a card along its schema, and collects faults."""

    def __init__(self, functions: Collection[str] | None, prefixes: Collection[str] | None) -> None:
        self.functions = functions
        self.prefixes = prefixes
        self.faults: list[str] = []
        self.cards: list[_Seen] = [_Seen()]

    def check(self, value: Any, kind: str, place: str) -> None:
        """Check an object against its type, its rules, and what is told of it in prose."""
        if not isinstance(value, dict):
            return self.say(place, "is no object")
        if kind == "Card":
            self.cards.append(_Seen())
        self.cards[-1].widgets += kind in ("Widget", "Widgets")
        self.cards[-1].inputs.update([str(value.get("name"))] if kind in RULES["inputs"] else [])
        self._check_members(value, kind, place)
        self._check_rules(value, kind, place)
        if special := getattr(self, f"_see_{kind.lower()}", None):
            special(value, place)
        return None

    def say(self, place: str, fault: str) -> None:
        self.faults.append(f"{place}: {fault}")

    def check_plain(self, text: Any, place: str) -> None:
        """Check a text that Gmail shows letter by letter."""
        if isinstance(text, str) and DRESSED.search(text):
            self.say(place, "is plain, yet has a tag or an entity")

    def _check_members(self, value: dict[str, Any], kind: str, place: str) -> None:
        known = _members(kind)
        for key, member in value.items():
            if key not in known:
                self.say(f"{place}.{key}", f"is no key of {kind}")
            elif key in RULES["refused"].get(kind, ()):
                self.say(f"{place}.{key}", "is not for a Gmail add-on")
            else:
                self._check_value(member, known[key], f"{place}.{key}", f"{kind}.{key}")

    def _check_value(self, value: Any, wanted: dict[str, Any], place: str, name: str) -> None:
        if "$ref" in wanted:
            self.check(value, wanted["$ref"].removeprefix(FAMILY), place)
        elif wanted["type"] == "array":
            self._check_list(value, wanted["items"], place, name)
        elif not _is_a(value, wanted):
            self.say(place, f"is no {wanted.get('format', wanted['type'])}")
        elif value not in wanted.get("enum", [value]):
            self.say(place, f"is none of {', '.join(wanted['enum'])}")
        elif name in RULES["markup"]:
            self._check_markup(value, place)
        elif name in RULES["plain"]:
            self.check_plain(value, place)
        elif name in RULES["image"]:
            self._check_image(value, place)

    def _check_list(self, value: Any, wanted: dict[str, Any], place: str, name: str) -> None:
        if not isinstance(value, list):
            return self.say(place, "is no list")
        if len(value) > RULES["most"].get(name, len(value)):
            self.say(place, f"has more than {RULES['most'][name]}")
        for index, item in enumerate(value):
            self._check_value(item, wanted, f"{place}[{index}]", name)
        return None

    def _check_rules(self, value: dict[str, Any], kind: str, place: str) -> None:
        for key in RULES["required"].get(kind, ()):
            if value.get(key) in (None, "", []):
                self.say(f"{place}.{key}", "is missing or empty")
        for rule, (least, most) in COUNTS.items():
            members = RULES[rule].get(kind)
            if members and not least <= sum(key in value for key in members) <= most:
                self.say(place, f"wants {rule.replace('_', ' ')} of {', '.join(members)}")

    def _check_markup(self, text: str, place: str) -> None:
        open_tags: list[str] = []
        for closing, tag, attributes in TAG.findall(text):
            if closing:
                if not open_tags or open_tags.pop() != tag:
                    self.say(place, f"closes a <{tag}> that is not open")
                continue
            wanted = ATTRIBUTES.get(tag, re.compile(""))
            if not (allowed := wanted.fullmatch(attributes)):
                self.say(place, f"has a <{tag}> with other attributes than it may")
            elif tag == "a" and allowed[1].startswith("https:"):
                self._check_page(allowed[1].replace("&amp;", "&"), place)
            if tag != "br":
                open_tags.append(tag)
        if open_tags:
            self.say(place, f"leaves <{open_tags[-1]}> open")
        if set(ENTITY.sub("", TAG.sub("", text))) & set("<>&"):
            self.say(place, "has a < > or & that is neither escaped nor a tag that may stand there")

    def _check_image(self, url: str, place: str) -> None:
        if not url.startswith("https://") or url.partition("?")[0].lower().endswith(".svg"):
            self.say(place, "is no https address of a PNG, JPEG or GIF")

    def _check_page(self, url: str, place: str) -> None:
        if not url.startswith("https://"):
            self.say(place, "is no https address")
        elif self.prefixes is not None and not url.startswith(tuple(self.prefixes)):
            self.say(place, "goes where the manifest does not allow")

    # What Google tells of single types, one method each; `check` finds them by name.

    def _see_card(self, card: dict[str, Any], place: str) -> None:
        seen = self.cards.pop()
        for name, times in seen.inputs.items():
            if times > 1:
                self.say(place, f"has {times} inputs named {name}")
        for name in sorted(seen.required - set(seen.inputs)):
            self.say(place, f"requires an input that it lacks: {name}")
        if seen.widgets > MOST_WIDGETS:
            self.say(place, f"has {seen.widgets} widgets: Gmail drops the section that passes 100")
        if card.get("displayStyle") == "PEEK" and "peekCardHeader" not in card:
            self.say(place, "peeks without a peekCardHeader")

    def _see_button(self, button: dict[str, Any], place: str) -> None:
        if not button.get("text") and not button.get("altText"):
            self.say(place, "has an icon alone and no altText")

    def _see_cardfixedfooter(self, footer: dict[str, Any], place: str) -> None:
        for key, button in footer.items():
            if not isinstance(button, dict) or not button.get("text") or "color" not in button:
                self.say(f"{place}.{key}", "needs both text and color")

    def _see_overflowmenuitem(self, item: dict[str, Any], place: str) -> None:
        if isinstance(item.get("onClick"), dict) and "overflowMenu" in item["onClick"]:
            self.say(place, "is a menu within a menu: Google drops it")

    def _see_icon(self, icon: dict[str, Any], place: str) -> None:
        if "knownIcon" in icon and icon["knownIcon"] not in _known_icons():
            self.say(f"{place}.knownIcon", "is none of Google's icons")

    def _see_openlink(self, link: dict[str, Any], place: str) -> None:
        self._check_page(str(link.get("url", "")), f"{place}.url")

    def _see_action(self, action: dict[str, Any], place: str) -> None:
        function = str(action.get("function", ""))
        if not function.startswith("https://"):
            self.say(f"{place}.function", "is no full https address")
        elif self.functions is not None and function.partition("?")[0] not in self.functions:
            self.say(f"{place}.function", "is no route of ours")
        pairs = [pair for pair in action.get("parameters", []) if isinstance(pair, dict)]
        if len({str(pair.get("key")) for pair in pairs}) < len(pairs):
            self.say(f"{place}.parameters", "name a key twice")
        for pair in pairs:
            if PERSONAL.search(str(pair.get("value"))):
                self.say(f"{place}.parameters", f"carry personal data under {pair.get('key')}")
        self.cards[-1].required.update(map(str, action.get("requiredWidgets", [])))

    def _see_textinput(self, asked: dict[str, Any], place: str) -> None:
        if "initialSuggestions" in asked and asked.get("type") == "MULTIPLE_LINE":
            self.say(place, "suggests, which only a SINGLE_LINE may")

    def _see_selectioninput(self, asked: dict[str, Any], place: str) -> None:
        items = [item for item in asked.get("items", []) if isinstance(item, dict)]
        chosen = sum(item.get("selected") is True for item in items)
        most = 1 if asked.get("type") in ("RADIO_BUTTON", "DROPDOWN") else len(items)
        if asked.get("type") == "MULTI_SELECT":
            most = asked.get("multiSelectMaxSelectedItems", 3)
        if chosen > most:
            self.say(place, f"has {chosen} selected, and takes {most}")

    def _see_datetimepicker(self, asked: dict[str, Any], place: str) -> None:
        told = str(asked.get("valueMsEpoch") or 0)
        ms = int(told) if INT64.fullmatch(told) else 0
        if asked.get("type") == "DATE_ONLY" and ms % DAY_MS:
            self.say(f"{place}.valueMsEpoch", "is no midnight in UTC")
        if asked.get("type") == "TIME_ONLY" and not 0 <= ms < DAY_MS:
            self.say(f"{place}.valueMsEpoch", "is no time of day")


def _members(kind: str) -> dict[str, Any]:
    types = _document()
    return types.get(FAMILY + kind, types.get(kind, {})).get("properties", {})


def _known_icons() -> list[str]:
    """Return the names that Chat's older cards list; the new ones take the same."""
    names = _document()["ImageButton"]["properties"]["icon"]["enum"]
    return [name for name in names if name != "ICON_UNSPECIFIED"]


@cache
def _document() -> dict[str, Any]:
    return json.loads(DISCOVERY.read_text())["schemas"]


def _is_a(value: Any, wanted: dict[str, Any]) -> bool:
    if isinstance(value, bool) or wanted["type"] == "boolean":
        return isinstance(value, bool) and wanted["type"] == "boolean"
    if wanted.get("format") == "int64":
        return isinstance(value, str | int) and bool(INT64.fullmatch(str(value)))
    return isinstance(value, {"string": str, "integer": int, "number": int | float}[wanted["type"]])


def _too_big(answer: Any) -> list[str]:
    size = len(json.dumps(answer, ensure_ascii=False).encode())
    return (
        [f"$: has {size} bytes; more than {MOST_BYTES} are too many"] if size > MOST_BYTES else []
    )


def _parts(value: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """Yield what stands around cards, by name; into a card itself the checker goes."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _parts(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield f"{place}.{key}", key, part
            if key not in ("pushCard", "updateCard"):
                yield from _parts(part, f"{place}.{key}")
