"""What the palette finds: actions on what is open, then records, then places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.web.pieces import Piece


@dataclass(frozen=True, slots=True)
class PaletteLine:
    """Something to do, to open, or to go to."""

    href: str
    pieces: tuple[Piece, ...]
    icon: str
    end: str = ""  # its kind or its key
    method: str = "get"
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PaletteGroup:
    """Lines of one sort."""

    title: str
    lines: tuple[PaletteLine, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What fits what was typed, and what is said where nothing does."""

    q: str
    groups: tuple[PaletteGroup, ...]
    none: str = ""
