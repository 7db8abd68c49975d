"""Forms as pages show them: a field of every kind, with its value, its source and its error.

A form is one `<form>` on a page of its own, in a dialog, or in a menu; without script it is the
same form. What was typed comes back as it was typed, with the error beside its field. A field
that has several values has a row for each, named alike: `request.form.getlist(name)` gives them in
their order, `name_label` what each is, and the last row is empty. A button named `more` asks for
one more row, which without script is a page: see `rows_asked`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from server.web.views import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A choice among more than these is a closed list; among fewer, all stand on the page.
OPEN_CHOICES = 9


class FieldKind(StrEnum):
    """What somebody may put into a field."""

    LINE = "line"
    TEXT = "text"  # several lines
    CHOICE = "choice"
    CHOICES = "choices"
    USER = "user"  # a choice among colleagues
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"  # with its currency in `name_currency`
    DAY = "day"
    CHECK = "check"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; icon and meta where it is shown in a menu."""

    value: str
    label: str
    icon: str = ""
    meta: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several values of a field, and what it is: work, home."""

    value: str = ""
    label: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is to be filled in, or was."""

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    value: str = ""  # as it was typed
    chosen: tuple[str, ...] = ()  # of CHOICES
    options: tuple[Option, ...] = ()
    currency: str = ""
    currencies: tuple[Option, ...] = ()
    entries: tuple[Entry, ...] = ()  # where there may be several values; the last is empty
    labels: tuple[Option, ...] = ()  # what an entry may be
    add_label: str = ""  # "Add another address"
    hint: str = ""
    source: str = ""  # where the value comes from, and since when
    error: str = ""
    required: bool = False
    most: int = 0  # letters
    complete: str = "off"  # what a browser may fill in by itself

    @property
    def is_choice(self) -> bool:
        """Tell whether one of some options is chosen."""
        return self.kind in (FieldKind.CHOICE, FieldKind.USER)

    @property
    def is_open(self) -> bool:
        """Tell whether all options are seen at once."""
        return self.is_choice and len(self.options) <= OPEN_CHOICES


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked, where it goes, and what is the matter with it as a whole."""

    action: str
    fields: tuple[Field, ...]
    submit: str
    title: str = ""
    text: str = ""  # below the title: what is kept, what follows
    error: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    cancel_href: str = ""
    method: str = "post"
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A button that opens something to choose, or a small form."""

    id: str
    label: str
    icon: str = ""
    key: str = ""
    options: tuple[Action, ...] = ()
    form: Form | None = None
    bare: bool = False  # shown as its icon alone
    text: str = ""  # said above what it holds


def rows_asked(form: Mapping[str, str]) -> str:
    """Return the field of which somebody without script asks for another row; "" otherwise.

    Such a form is shown again as it was typed, and stores nothing.
    """
    return form.get("more", "")


def with_room(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Leave an empty row at the end, for one more."""
    return entries if entries and not entries[-1].value else (*entries, Entry())
