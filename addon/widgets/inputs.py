"""What a card asks for: texts, choices, days. Each has a name, unique in its card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from addon.widgets.shape import Json, present

if TYPE_CHECKING:
    from addon.widgets.clicks import Action
    from addon.widgets.links import Links

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class TextInput:
    """A text to type, with a label or at least a hint."""

    name: str
    label: str = ""
    value: str = ""
    hint: str = ""
    multiline: bool = False
    limit: int = 0

    def to_json(self, _links: Links) -> Json:
        """Say it as a widget."""
        asked = present(
            name=self.name,
            label=self.label,
            hintText=self.hint,
            value=self.value,
            type="MULTIPLE_LINE" if self.multiline else "SINGLE_LINE",
            validation={"characterLimit": self.limit} if self.limit else None,
        )
        return {"textInput": asked}


class ChoiceKind(Enum):
    """How a choice looks; the first two take one, the others any number."""

    DROPDOWN = "DROPDOWN"
    RADIO = "RADIO_BUTTON"
    CHECK_BOX = "CHECK_BOX"
    SWITCH = "SWITCH"
    MULTI_SELECT = "MULTI_SELECT"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, at most a hundred in a choice."""

    text: str
    value: str
    selected: bool = False

    def to_json(self) -> Json:
        """Say it as an item of a selection."""
        return {"text": self.text, "value": self.value, **present(selected=self.selected)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice among options; with `on_change` it takes effect at once."""

    name: str
    label: str
    options: tuple[Option, ...]
    kind: ChoiceKind = ChoiceKind.DROPDOWN
    on_change: Action | None = None

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        # Google lets one choose three at most unless it is told otherwise.
        most = len(self.options) if self.kind is ChoiceKind.MULTI_SELECT else None
        asked = present(
            name=self.name,
            label=self.label,
            type=self.kind.value,
            items=[option.to_json() for option in self.options],
            multiSelectMaxSelectedItems=most,
            onChangeAction=self.on_change and self.on_change.to_change_json(links),
        )
        return {"selectionInput": asked}


@dataclass(frozen=True, slots=True)
class DatePicker:
    """A day, in no zone: Google counts it from midnight UTC."""

    name: str
    label: str
    value: dt.date | None = None
    on_change: Action | None = None

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        day = self.value
        midnight = None if day is None else dt.datetime.combine(day, dt.time(), dt.UTC)
        asked = present(
            name=self.name,
            label=self.label,
            type="DATE_ONLY",
            valueMsEpoch=_ms(midnight),
            onChangeAction=self.on_change and self.on_change.to_change_json(links),
        )
        return {"dateTimePicker": asked}


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off, at the end of a line, which names it. A task is a switch that is a check box."""

    name: str
    selected: bool = False
    on_change: Action | None = None
    check_box: bool = False
    value: str = "on"

    def to_json(self, links: Links) -> Json:
        """Say it as the switch of a line."""
        return present(
            name=self.name,
            value=self.value,
            selected=self.selected,
            controlType="CHECK_BOX" if self.check_box else "SWITCH",
            onChangeAction=self.on_change and self.on_change.to_change_json(links),
        )


def _ms(moment: dt.datetime | None) -> str | None:
    """Count as Google does; an int64 is a string in its JSON."""
    return None if moment is None else str((moment - _EPOCH) // dt.timedelta(milliseconds=1))
