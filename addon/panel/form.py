"""What the panel's forms send, and how it becomes the event that Gmail would have sent.

    text:subject=…  date:due=2026-12-12  do={"function": …}

A field says of which kind it is, so that nothing need be remembered between card and form; a
button carries its whole action. The posted form is put in Google's words and read by
`addon.event`: whatever holds there holds here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from addon import event
from addon.widgets import Choice, DatePicker, Switch, TextInput
from crm.base import digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addon.event import AddonEvent
    from addon.widgets import Action, Card
    from addon.widgets.card import Widget

#: The button that was pressed. Beside it and the inputs a form holds the token of the door.
DO, CSRF = "do", "csrf_token"
HOST = "PANEL"

Input: TypeAlias = TextInput | Choice | DatePicker | Switch

_FIELD = re.compile(r"(?P<kind>text|date):(?P<name>.+)", re.DOTALL)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def field_name(asked: Input) -> str:
    """Name an input so that what is posted says of which kind it is."""
    kind = "date" if isinstance(asked, DatePicker) else "text"
    return f"{kind}:{asked.name}"


def button_value(action: Action) -> str:
    """Write an action as the value of its button."""
    said = {"function": action.function, "parameters": dict(action.parameters)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def parse(
    posted: Mapping[str, Sequence[str]],
    *,
    message_id: str = "",
    thread_id: str = "",
    locale: str = "",
    zone: str = "",
    offset: dt.timedelta = dt.timedelta(),
) -> AddonEvent:
    """Read a posted form as an event; the door says beside which message. InvalidEventError."""
    done = _done(posted)
    common = {
        "hostApp": HOST,
        "platform": "WEB",
        "userLocale": locale,
        "timeZone": {"id": zone, "offset": offset // dt.timedelta(milliseconds=1)},
        "formInputs": _inputs(posted),
        "parameters": done.get("parameters"),
    }
    beside = {"messageId": message_id, "threadId": thread_id}
    asked = {"commonEventObject": common, "gmail": beside}
    return event.parse(asked, function=done["function"])


def filled(card: Card, event: AddonEvent) -> Card:
    """Put what was typed and chosen back into the inputs of a card."""
    sections = (
        replace(section, widgets=tuple(_filled(widget, event) for widget in section.widgets))
        for section in card.sections
    )
    return replace(card, sections=tuple(sections))


def _filled(widget: Widget, event: AddonEvent) -> Widget:
    match widget:
        case TextInput():
            return replace(widget, value=event.text(widget.name))
        case DatePicker():
            return replace(widget, value=event.date(widget.name))
        case Choice():
            chosen = event.texts(widget.name) or ("",)  # An empty value is not sent on.
            options = (replace(one, selected=one.value in chosen) for one in widget.options)
            return replace(widget, options=tuple(options))
        case _:
            return widget


def _done(posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read the button that was pressed; the last one, should a form hold several."""
    try:
        done = json.loads((posted.get(DO) or [""])[-1])
    except (ValueError, RecursionError) as error:
        raise event.InvalidEventError("no button was pressed") from error
    if not isinstance(done, dict) or not isinstance(done.get("function"), str):
        raise event.InvalidEventError("the button does not say what it does")
    return done


def _inputs(posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    fields = ((_FIELD.fullmatch(key), list(values)) for key, values in posted.items())
    return {field["name"]: _value(field, values) for field, values in fields if field and values}


def _value(field: re.Match[str], values: list[str]) -> dict[str, Any]:
    """Say a value as Google does; what cannot be read as a date is passed on as it was typed."""
    try:
        if field["kind"] == "date":
            day = f"{digits.latin(values[0])} +0000"
            midnight = dt.datetime.strptime(day, "%Y-%m-%d %z")
            return {"dateInput": {"msSinceEpoch": _ms(midnight)}}
    except ValueError:
        pass  # A browser without a picker lets people type what they like.
    # A form sends CRLF where people typed a new line (HTML, 4.10.21.4).
    texts = [value.replace("\r\n", "\n") for value in values if value]
    return {"stringInputs": {"value": texts}}


def _ms(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)
