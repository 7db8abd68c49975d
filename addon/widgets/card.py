"""A card: who or what it is about, its sections, and at its foot what a form ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from addon.widgets.inputs import Choice, DatePicker, TextInput
from addon.widgets.shape import Json, present
from addon.widgets.shown import (
    ACCENT,
    QUIET,
    Button,
    Buttons,
    Chips,
    Line,
    Paragraph,
)
from addon.widgets.text import to_html

if TYPE_CHECKING:
    from addon.widgets.links import Links

Widget: TypeAlias = Paragraph | Line | Buttons | Chips | TextInput | Choice | DatePicker


@dataclass(frozen=True, slots=True)
class Section:
    """Widgets under a plain word. A collapsible one shows its first few until it is unfolded."""

    header: str
    widgets: tuple[Widget, ...]
    collapsible: bool = False
    shown: int = 2

    @property
    def folds(self) -> bool:
        """Tell whether there is something to unfold."""
        return self.collapsible and len(self.widgets) > self.shown

    def to_json(self, links: Links) -> Json:
        """Say it as a section."""
        return present(
            header=to_html(self.header, links),
            widgets=[widget.to_json(links) for widget in self.widgets],
            collapsible=self.folds,
            uncollapsibleWidgetsCount=self.shown if self.folds else None,
        )


@dataclass(frozen=True, slots=True)
class Footer:
    """What a form ends with: Save, and beside it Cancel."""

    primary: Button
    secondary: Button | None = None

    def to_json(self, links: Links) -> Json:
        """Say it as the fixed footer."""
        return present(
            primaryButton=self.primary.to_json(links, colour=ACCENT),
            secondaryButton=self.secondary and self.secondary.to_json(links, colour=QUIET),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing and what is known of it. A section without widgets is left out by every host.

    Where the title is a person's name, a host that draws by itself shows the initials; Gmail wants
    an image.
    """

    title: str
    subtitle: str = ""
    sections: tuple[Section, ...] = ()
    name: str = ""
    person: bool = False
    footer: Footer | None = None

    @property
    def filled_sections(self) -> tuple[Section, ...]:
        """Return the sections that hold something."""
        return tuple(section for section in self.sections if section.widgets)

    def to_json(self, links: Links) -> Json:
        """Say it in Google's Card v1."""
        return present(
            name=self.name,
            header=present(title=self.title, subtitle=self.subtitle),
            sections=[section.to_json(links) for section in self.filled_sections],
            fixedFooter=self.footer and self.footer.to_json(links),
        )
