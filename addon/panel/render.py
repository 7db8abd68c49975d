"""A card as a fragment of HTML that works without script and, where there is some, with htmx.

`card.html` holds the markup; here is what it asks for: ids, addresses, names and values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from addon.panel import form
from addon.widgets import Action, Card, DatePicker, Icon, Line, Section
from addon.widgets.text import Span, Text, spans_of
from crm.base import i18n

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Lucide's signs that a card may show: what the sprite of its page must hold.
SIGNS = tuple(sorted({icon.sign for icon in Icon} | {"chevron-down"}))
#: The letters that press a button of the card, wherever the focus is.
_KEYS = {"note/new": "N", "task/new": "T", "deal/new": "D"}
#: What leads back to the card underneath: Escape presses it.
_BACK = "message/back"
#: What takes back what was done: for as long as it stands so, or offered once, by the answer.
_UNDOES = {
    "link/back": "",
    "task/undo": "once",
    "deal/back": "once",
    "deal/relink": "once",
    "detail/undo": "once",
}
#: Those that point along the line turn with it.
_TURNING = frozenset({Icon.UNDO.sign})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not taken, and the input that is to blame; "" where none is."""

    words: str
    name: str = ""


def render(
    card: Card,
    *,
    action_url: str,
    csrf: str,
    refusal: Refusal | None = None,
    with_message: bool = False,
) -> str:
    """Draw a card. Its forms are posted to one address, to be read by `addon.panel.form`.

    A refusal stands below the input that it is about, or above the buttons of the form. Where the
    message stands `with` the card, what both of them say is left to the message.
    """
    if with_message:
        card = replace(card, sections=tuple(map(_untold, card.sections)))
    return _template().render(card=card, page=_Page(action_url, csrf, card, refusal))


def _untold(section: Section) -> Section:
    left = (one for one in section.widgets if not (isinstance(one, Line) and one.told))
    return replace(section, widgets=tuple(left))


class _Page:
    """One drawing of a card: gives out ids."""

    def __init__(self, action_url: str, csrf: str, card: Card, refusal: Refusal | None) -> None:
        self.action_url = action_url
        self.csrf = csrf
        self._refusal = refusal
        widgets = [widget for section in card.sections for widget in section.widgets]
        self._inputs = {getattr(widget, "name", "") for widget in widgets} - {""}
        self._ids = 0

    def refused(self, name: str = "") -> str:
        """Say why the form was not taken, beside the input to blame; without a name, for none."""
        if self._refusal is None:
            return ""
        about = self._refusal.name if self._refusal.name in self._inputs else ""
        return self._refusal.words if about == name else ""

    def new_id(self) -> str:
        """Give out an id that nothing else in this card has."""
        self._ids += 1
        return f"card-{self._ids}"

    def id_of(self, name: str) -> str:
        """Return the id of an input: the same each time, so that the focus finds it again."""
        return f"card:{name}"

    def submits(self, action: Action) -> Mapping[str, object]:
        """Say what makes a button ask. One that needs no input is not held up by an empty one."""
        return {
            "type": "submit",
            "name": form.DO,
            "value": form.button_value(action),
            "formnovalidate": None if action.required else "",
            "data-key": _KEYS.get(action.function),
            "aria-keyshortcuts": _KEYS.get(action.function),
            "data-back": "" if action.function == _BACK else None,
            "data-undo": _UNDOES.get(action.function),
        }

    def asks(self, action: Action | None) -> Mapping[str, object]:
        """Say what makes an input ask by itself where there is script."""
        if action is None:
            return {}
        sent = json.dumps({form.DO: form.button_value(action)}, ensure_ascii=False)
        return {"hx-post": self.action_url, "hx-trigger": "change", "hx-vals": sent}


def _goes(url: str, *, beside: bool = False) -> Mapping[str, object]:
    """Say where a link leads: our own pages open in place, all others beside."""
    if url.startswith("mailto:") or (url.startswith("/") and not beside):
        return {"href": url}
    return {"href": url, "target": "_blank", "rel": "noopener noreferrer"}


def _needed(card: Card) -> tuple[str, ...]:
    """Return the names of the inputs without which the card's form is not complete."""
    click = card.footer.primary.on_click if card.footer else None
    return click.required if isinstance(click, Action) else ()


def _picked(picker: DatePicker) -> str:
    """Write the value of a picker as HTML's input wants it."""
    return picker.value.isoformat() if picker.value else ""


def _initials(title: str) -> str:
    """Return the first letters of the first and the last word; an avatar shows them."""
    letters = [next(filter(str.isalnum, word), "") for word in title.split()]
    known = [letter for letter in letters if letter]
    return "".join(known[:1] + known[1:][-1:]).upper()


def _spans(text: Text) -> tuple[Span, ...]:
    """Return the runs of a text; one that stands alone needs no isolate, its place is one."""
    spans = spans_of(text)
    if len(spans) != 1:
        return spans
    (span,) = spans
    return (Span(i18n.own(span.words), span.tag, span.url),)


@cache
def _template() -> jinja2.Template:
    folder = jinja2.FileSystemLoader(Path(__file__).parent)
    world = jinja2.Environment(
        loader=folder,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    world.globals.update(_=i18n.gettext, goes=_goes, turning=_TURNING, csrf_name=form.CSRF)
    world.filters.update(
        kind=lambda thing: type(thing).__name__,
        spans=_spans,
        way=lambda text: i18n.direction_of(str(text)),
        own=i18n.own,
        field_name=form.field_name,
        needed=_needed,
        picked=_picked,
        initials=_initials,
    )
    return world.get_template("card.html")
