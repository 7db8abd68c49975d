"""A list as its page shows it: views, filters, columns, rows of cells, and what is done to many.

A cell that may be changed has an `edit_href`. A GET there answers htmx with the row (`_rows.html`
with one row) whose cell has an Editor, and anybody else with a page that asks for the one field.
A POST there answers htmx with the row again: as it is now, or with the Editor and its error (422),
or with what somebody else has made of it meanwhile (409). A fact on a record's page does the same
with `_facts.html`.

What is checked is posted as `id`, once for each row, or as `all` for all that the list would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.web.forms import Field, Form, Menu
    from server.web.views import Action, Empty, Search, Tab


class CellKind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    TAG = "tag"
    AMOUNT = "amount"  # money and numbers: at the end of their column
    WHEN = "when"
    NOBODY = "nobody"  # an owner who is missing
    ADDRESS = "address"
    PHONE = "phone"
    URL = "url"


class Tone(StrEnum):
    """What a word means for whoever looks: the colour comes second."""

    PLAIN = ""
    ACCENT = "acc"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Tag:
    """A word on a ground."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody has changed the value meanwhile: what they made of it, and both ways out."""

    text: str
    keep: str  # "Keep Warm": theirs
    use: str  # "Use Hot": what was typed


@dataclass(frozen=True, slots=True)
class Editor:
    """A value while it is changed, in its own place."""

    field: Field
    action: str
    keep_href: str  # answers with the row as it is
    keep: str  # "keep Warm"
    seen: str = ""  # what was there when it was opened; posted as `seen`
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in a row, or on a record's page."""

    text: str = ""
    kind: CellKind = CellKind.TEXT
    href: str = ""
    tone: Tone = Tone.PLAIN
    tags: tuple[Tag, ...] = ()
    icon: str = ""
    full: str = ""  # said on hover, where the text is short
    iso: str = ""  # of a time
    key: str = ""  # of its field, unique in the row
    edit_href: str = ""
    editor: Editor | None = None


class Narrow(StrEnum):
    """Where a column goes when a row has two lines."""

    AWAY = "away"
    SECOND = "second"
    END = "end"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how the list is sorted by it, and its place on a narrow screen."""

    label: str
    numeric: bool = False
    sort_href: str = ""
    sorted: str = ""  # "ascending" or "descending" where the list stands in its order
    narrow: Narrow = Narrow.AWAY


@dataclass(frozen=True, slots=True)
class ListRow:
    """A record in a list; its cells stand in the order of the columns behind the name."""

    id: str
    href: str
    name: str
    cells: tuple[Cell, ...]
    initials: str = ""
    square: bool = False  # a company or a place
    icon: str = ""  # in the place of initials: a deal, a task
    done_href: str = ""  # of a task: the round check, which posts there
    done: bool = False


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A condition: a field, an operator, a value, and the list without it."""

    field: str
    operator: str
    value: str
    remove_href: str = ""
    edit_href: str = ""  # the list with the form of this condition open


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions of a list, how to add one, and what stands at the end of their line.

    A choice leads to the list with `form` open for that field: operator and value, as a GET form.
    """

    chips: tuple[FilterChip, ...] = ()
    choices: tuple[Action, ...] = ()
    form: Form | None = None
    count_text: str = ""
    warnings: tuple[Cell, ...] = ()  # what needs somebody, each a link to its rows
    tools: tuple[Menu | Action, ...] = ()
    save: Menu | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be done to all rows that are checked."""

    action: str
    menus: tuple[Menu, ...] = ()  # those with a form ask first; its fields are posted too
    all_text: str = ""  # "Select all 214"


@dataclass(frozen=True, slots=True)
class ListView:
    """A whole list."""

    title: str
    list_key: str
    columns: tuple[Column, ...]  # the first is the name's
    rows: tuple[ListRow, ...]
    tabs: tuple[Tab, ...] = ()
    actions: tuple[Menu | Action, ...] = ()  # the last one is the primary
    search: Search | None = None
    filters: Filters | None = None
    bulk: Bulk | None = None
    more_href: str = ""
    more_text: str = ""
    empty_list: Empty | None = None

    @property
    def sorts(self) -> tuple[Column, ...]:
        """Return the columns by which the list can be sorted."""
        return tuple(column for column in self.columns if column.sort_href)
