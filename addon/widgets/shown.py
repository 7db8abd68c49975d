"""What a card shows: lines, paragraphs, and what can be clicked beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from addon.widgets.icons import Icon
from addon.widgets.shape import Json, present
from addon.widgets.text import Text, to_html

if TYPE_CHECKING:
    from addon.widgets.clicks import Action, Click, OpenLink
    from addon.widgets.inputs import Switch
    from addon.widgets.links import Links

#: The accent of tokens.css in its light theme. Gmail picks the colour of the words by itself.
ACCENT: Json = {"red": 0.165, "green": 0.31, "blue": 0.776}
#: Google wants a colour on both buttons of a footer; this one steps back.
QUIET: Json = {"red": 0.92, "green": 0.92, "blue": 0.92}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that stand alone; past `max_lines` they fold."""

    text: Text
    max_lines: int = 0

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        words = present(text=to_html(self.text, links), maxLines=self.max_lines or None)
        return {"textParagraph": words}


@dataclass(frozen=True, slots=True)
class Button:
    """A word to click, an icon, or both. `alt` says more where the word alone says too little."""

    text: str
    on_click: Click
    icon: Icon | None = None
    filled: bool = False
    disabled: bool = False
    alt: str = ""

    @property
    def name(self) -> str:
        """Return what a reader who cannot see it hears."""
        return self.alt or self.text or (self.icon.word if self.icon else "")

    def to_json(self, links: Links, *, colour: Json | None = None) -> Json:
        """Say it as a button; Buttons, lines and footers hold them."""
        return present(
            text=self.text,
            icon=self.icon and self.icon.to_json(links),
            altText="" if self.name == self.text else self.name,
            color=colour or (ACCENT if self.filled else None),
            onClick=self.on_click.to_json(links),
            disabled=self.disabled,
        )


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        return {"buttonList": {"buttons": [button.to_json(links) for button in self.buttons]}}


@dataclass(frozen=True, slots=True)
class Line:
    """A fact: a text with a small line above and below, an icon before, something to use after.

    The text is cut to one line unless it wraps; so it does, except where a list must stay short.
    What the message beside the card says too is `told`: where both are ours, it is said there.
    """

    text: Text
    label: str = ""
    below: str = ""
    icon: Icon | None = None
    wrap: bool = True
    on_click: Action | OpenLink | None = None
    end: Button | Switch | Icon | None = None
    told: bool = False

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        fact = present(
            startIcon=self.icon and self.icon.to_json(links),
            topLabel=self.label,
            bottomLabel=self.below,
            wrapText=self.wrap,
            onClick=self.on_click and self.on_click.to_json(links),
        )
        return {"decoratedText": {**fact, "text": to_html(self.text, links), **self._end(links)}}

    def _end(self, links: Links) -> Json:
        if self.end is None:
            return {}
        if isinstance(self.end, Icon):
            return {"endIcon": self.end.to_json(links)}
        kind = "button" if isinstance(self.end, Button) else "switchControl"
        return {kind: self.end.to_json(links)}


@dataclass(frozen=True, slots=True)
class Chip:
    """One of a few; the chosen one is what the card is about. Gmail can only disable it."""

    label: str
    on_click: Action | OpenLink
    icon: Icon | None = None
    chosen: bool = False

    def to_json(self, links: Links) -> Json:
        """Say it as a chip."""
        return present(
            label=self.label,
            icon=self.icon and self.icon.to_json(links),
            onClick=self.on_click.to_json(links),
            disabled=self.chosen,
        )


@dataclass(frozen=True, slots=True)
class Chips:
    """A few to choose from, in as many rows as they need."""

    chips: tuple[Chip, ...]

    def to_json(self, links: Links) -> Json:
        """Say it as a widget."""
        chips = [chip.to_json(links) for chip in self.chips]
        return {"chipList": {"layout": "WRAPPED", "chips": chips}}
