"""The kinds of values in a formula, and which functions there are, of which kinds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from crm.base.i18n import lazy


class Kind(Enum):
    """What a field or a formula gives; its word is for machines, `LABELS` has one for people."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    TRUTH = "truth"
    USER = "user"
    CHOICE = "choice"
    CHOICES = "choices"


LABELS: Final = {
    Kind.TEXT: lazy("a text"),
    Kind.NUMBER: lazy("a number"),
    Kind.DATE: lazy("a day"),
    Kind.MOMENT: lazy("a moment"),
    Kind.TRUTH: lazy("true or false"),
    Kind.USER: lazy("a colleague"),
    Kind.CHOICE: lazy("one choice"),
    Kind.CHOICES: lazy("several choices"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field that formulas may name: its kind, and for choices the keys that there are.

    Without options any key may be chosen, as with tags.
    """

    kind: Kind
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, the last one as often as `most` has it, and what it gives.

    From the argument `alike` on all are of one kind; `gives` None is that kind.
    """

    takes: tuple[frozenset[Kind], ...]
    gives: Kind | None
    least: int
    most: int
    alike: int | None = None

    def accepts(self, place: int) -> frozenset[Kind]:
        """Return the kinds that may stand in a place."""
        return self.takes[min(place, len(self.takes) - 1)]


TEXTS: Final = frozenset({Kind.TEXT})
NUMBERS: Final = frozenset({Kind.NUMBER})
TRUTHS: Final = frozenset({Kind.TRUTH})
DAYS: Final = frozenset({Kind.DATE, Kind.MOMENT})
#: What is more or less than another of its kind.
ORDERED: Final = NUMBERS | DAYS
#: What a function may pass on: several choices are no value.
VALUES: Final = frozenset(Kind) - {Kind.CHOICE, Kind.CHOICES}

_MANY = 20

FUNCTIONS: Final = {
    "if": Function((TRUTHS, VALUES, VALUES), None, 2, 3, alike=1),
    "round": Function((NUMBERS, NUMBERS), Kind.NUMBER, 1, 2),
    "abs": Function((NUMBERS,), Kind.NUMBER, 1, 1),
    "min": Function((ORDERED,), None, 1, _MANY, alike=0),
    "max": Function((ORDERED,), None, 1, _MANY, alike=0),
    "floor": Function((NUMBERS,), Kind.NUMBER, 1, 1),
    "ceil": Function((NUMBERS,), Kind.NUMBER, 1, 1),
    "length": Function((TEXTS,), Kind.NUMBER, 1, 1),
    "lower": Function((TEXTS,), Kind.TEXT, 1, 1),
    "upper": Function((TEXTS,), Kind.TEXT, 1, 1),
    "trim": Function((TEXTS,), Kind.TEXT, 1, 1),
    "concat": Function((TEXTS,), Kind.TEXT, 1, _MANY),
    "coalesce": Function((VALUES,), None, 2, _MANY, alike=0),
    "text": Function((TEXTS | ORDERED | TRUTHS,), Kind.TEXT, 1, 1),
    "number": Function((TEXTS,), Kind.NUMBER, 1, 1),
    "year": Function((DAYS,), Kind.NUMBER, 1, 1),
    "month": Function((DAYS,), Kind.NUMBER, 1, 1),
    "day": Function((DAYS,), Kind.NUMBER, 1, 1),
    "weekday": Function((DAYS,), Kind.NUMBER, 1, 1),
    "days_between": Function((DAYS, DAYS), Kind.NUMBER, 2, 2),
    "add_days": Function((DAYS, NUMBERS), Kind.DATE, 2, 2),
}
#: `round` takes so many decimals; below zero it rounds to tens and hundreds.
PLACES: Final = range(-12, 7)


def plain(kind: Kind) -> Kind:
    """Return what a kind counts as where any value may stand: a choice is a text, its key."""
    return Kind.TEXT if kind is Kind.CHOICE else kind
