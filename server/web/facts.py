"""A record as its page shows it: its head, the counts that filter its past, and what is so now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.web.forms import Field, Menu
    from server.web.listing import Cell, Tag, Tone
    from server.web.pieces import Piece
    from server.web.records import Past
    from server.web.views import Action, Empty, Notice


@dataclass(frozen=True, slots=True)
class Count:
    """So many of one kind lie on the timeline; chosen, they are all that is shown of it."""

    label: str
    count: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a record: a label, the value, and where it comes from.

    The cell may be changed in its place: see `server.web.listing`.
    """

    key: str
    label: str
    cell: Cell
    source: str = ""
    icon: str = ""
    also: tuple[Cell, ...] = ()  # further values: second addresses and phones
    action: Action | None = None  # at the end: call, use


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal on a record's page; an open one has its stage to choose.

    The stage is posted to `stage_href`, which answers htmx with the section of deals again.
    """

    id: str
    name: str
    href: str
    text: str
    icon: str = "handshake"
    stage: Field | None = None
    stage_href: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task on a record's page or at home; its check posts to `done_href`.

    The answer to htmx is the line again (`_task.html`), done or open.
    """

    id: str
    title: str
    href: str
    text: str
    done_href: str = ""
    done: bool = False
    tone: Tone | str = ""
    when: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another record, and what it is to this one."""

    name: str
    href: str
    text: str
    icon: str
    undo: Action | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group of facts, deals, tasks or related records under a heading."""

    id: str
    title: str
    facts: tuple[Fact, ...] = ()
    deals: tuple[DealLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    related: tuple[Related, ...] = ()
    add: Action | None = None
    none: str = ""  # said where there is nothing


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record: contact, company, deal, or one of a workspace's own kinds."""

    id: str
    name: str
    trail: str  # "Contacts · Mine · 3 of 214"
    back_href: str
    past: Past
    initials: str = ""
    square: bool = False
    icon: str = ""  # in the place of initials
    subtitle: tuple[Piece, ...] = ()
    tags: tuple[Tag, ...] = ()
    actions: tuple[Action, ...] = ()  # the first one is the primary
    notices: tuple[Notice, ...] = ()
    counts: tuple[Count, ...] = ()
    sections: tuple[Section, ...] = ()
    previous_href: str = ""
    next_href: str = ""
    more: Menu | None = None
    older_href: str = ""
    empty_past: Empty | None = None
    peek_title: str = ""  # the facts in one line, for narrow screens
    peek_text: str = ""
    facts_href: str = ""  # this page with the facts in sight
    pane: str = "thread"
