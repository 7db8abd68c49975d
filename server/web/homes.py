"""The page that a day begins with: who waits, what is due, what stands still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.web.facts import TaskLine
    from server.web.listing import Tone
    from server.web.views import Action, Empty


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One thing that needs somebody: what, about what, since when."""

    name: str
    href: str
    second: str = ""
    end: str = ""
    icon: str = ""
    tone: Tone | str = ""  # of the end
    second_tone: Tone | str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A number that is the point, and how much of what was aimed at it is."""

    figure: str
    label: str
    share: int  # in a hundred
    text: str


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """Lines under a heading, with the way to all of them."""

    id: str
    title: str
    count: int | None = None
    all: Action | None = None
    lines: tuple[HomeLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    progress: Progress | None = None
    none: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """A whole day."""

    title: str  # "Wednesday, 18 November"
    text: str
    blocks: tuple[HomeBlock, ...]
    side: tuple[HomeBlock, ...] = ()
    empty: Empty | None = None
