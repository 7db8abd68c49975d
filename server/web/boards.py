"""A pipeline as a board: stages as columns, deals in them, and how one is carried on.

A move is one POST of `stage` to a deal's `move_href`. It answers htmx with both columns
(`_columns.html`) and a toast; where the stage asks for fields, with a page of `form.html` that asks
for them (422). A GET there is that page with the stages to choose: the way without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.web.forms import Menu
    from server.web.listing import Filters, Tone
    from server.web.views import Action, Empty


@dataclass(frozen=True, slots=True)
class BoardDeal:
    """A deal on the board, with its next step, or with what is the matter."""

    id: str
    name: str
    href: str
    amount: str
    company: str
    next_text: str
    next_when: str = ""
    next_icon: str = "circle-check"
    tone: Tone | str = ""
    move_href: str = ""  # "" where the reader may not move it
    close_href: str = ""  # won or lost


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A stage with its deals; its numbers are of all of them, also of those not shown."""

    id: str
    name: str
    label: str  # "New, 8 deals, €83,800"
    count_text: str
    sum_text: str
    weighted_text: str
    deals: tuple[BoardDeal, ...]
    more_href: str = ""
    more_text: str = ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A whole board."""

    title: str
    columns: tuple[BoardColumn, ...]
    totals: str = ""
    pipelines: Menu | None = None
    board_href: str = ""
    list_href: str = ""
    actions: tuple[Action, ...] = ()
    filters: Filters | None = None
    empty_board: Empty | None = None
