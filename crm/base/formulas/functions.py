"""The functions and operators of formulas in SQL: none fails, whatever it is given.

No operand is written twice, so that SQL grows as the formula does; what would be an error is empty:
a division by zero, a result of 10^18 or more, a day before the year 1 or after 9999. A range is
told by one expression: what lies outside is pushed to a mark just beyond, and the marks are null.

Numbers are rounded to twelve decimals by `*` and `/`, and to six where they are compared or shown.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Boolean, Date, DateTime, Integer, Numeric, Text, Uuid

from crm.base.formulas.kinds import Kind
from crm.base.formulas.questions import bound
from crm.base.formulas.shapes import Shape, shape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.types import TypeEngine

    Element = ColumnElement[Any]
    Argument = tuple[Element, Kind]


def arithmetic(operator: str, left: Element, right: Element) -> Element:
    """Compute with two numbers; with an empty one the result is empty."""
    return _ARITHMETIC[operator](left, right)


def negative(number: Element) -> Element:
    """Return a number with the other sign."""
    return _NEGATIVE(number)


def joined(texts: Sequence[Element]) -> Element:
    """Join texts; an empty one adds nothing, and what is too long is cut."""
    return _JOINED(*texts)


def shown(number: Element) -> Element:
    """Round a result as it is compared and shown; what is too large is empty."""
    return _SHOWN(number)


def folded(text: Element) -> Element:
    """Return a text in lower case, as it is compared with another."""
    return _SIMPLE["lower"](text)


def place_of(part: Element, text: Element) -> Element:
    """Return where a text first holds another, in any case: 1 is its beginning, 0 is nowhere."""
    return _PLACE(text, part)


def is_empty(element: Element, kind: Kind) -> Element:
    """Tell whether there is nothing, or an empty text."""
    return _IS_EMPTY(_EMPTIED(element) if kind is Kind.TEXT else element)


def decided(condition: Element) -> Element:
    """Return true or false for a condition in which null is false."""
    return condition if isinstance(condition, _NEVER_NULL) else _DECIDED(condition)


def denied(condition: Element) -> Element:
    """Return the contrary of a condition in which null is false."""
    return _DENIED(condition)


def day_of(element: Element, kind: Kind, zone: ZoneInfo) -> Element:
    """Return a day as it is, and the day of a moment where the reader lives."""
    return element if kind is Kind.DATE else _LOCAL_DAY(bound(zone.key), element)


def between(day: Element, first: date, last: date) -> Element:
    """Tell whether a computed day is one from the first to the last."""
    return _BETWEEN(day, *(bound((end - _DAY_ZERO).days) for end in (first, last)))


def call(name: str, arguments: Sequence[Argument], zone: ZoneInfo) -> Element:
    """Call a function of the table, but `if`, which is no function in SQL."""
    kind = arguments[0][1]
    elements = [element for element, _kind in arguments]
    days = [day_of(*argument, zone) for argument in arguments if argument[1] in _DAYS]
    match name:
        case "min" | "max" | "coalesce":
            return _CHOSEN[name, Kind.TEXT if kind is Kind.CHOICE else kind](*elements)
        case "concat":
            return joined(elements)
        case "text":
            place = (bound(zone.key),) if kind is Kind.MOMENT else ()
            return _TEXTS[kind](*elements, *place) if kind in _TEXTS else elements[0]
        case "round" if len(elements) > 1:
            return _ROUNDED(*elements)
        case "number":
            return _NUMBER(*elements, bound(_DIGITS))
        case "days_between":
            return _DAYS_BETWEEN(*days)
        case "add_days":
            return _ADD_DAYS(days[0], elements[1])
        case _:
            return _SIMPLE[name](*(days or elements))


_DAYS: Final = (Kind.DATE, Kind.MOMENT)
#: Numbers stay below this.
_TOO_LARGE: Final = 10**18
#: Joined texts are cut there.
_LONGEST: Final = 10_000
_DAY_ZERO: Final = date(2000, 1, 1)
_FIRST: Final = (date.min - _DAY_ZERO).days
_LAST: Final = (date.max - _DAY_ZERO).days
#: More days than the calendar has, and few enough to add.
_BEYOND: Final = 10_000_000
#: What `number` reads: a minus, digits, a point, with white space around.
_DIGITS: Final = r"^[ \t\n\r]*(-?[0-9]{1,15}(?:\.[0-9]{1,6})?)[ \t\n\r]*$"


def _marked(number: str, below: object, above: object) -> str:
    """Write a number between two marks; null where it is no more than one, or null itself."""
    kept = f"least(greatest({number}, {below}), {above})"
    return f"nullif(nullif({kept}, {below}), {above})"


def _limited(number: str) -> str:
    return _marked(number, -_TOO_LARGE, _TOO_LARGE)


#: The dividend's decimals are the least that a quotient has.
_ARITHMETIC: Final = {
    "+": shape("(({0}) + ({1}))", Numeric()),
    "-": shape("(({0}) - ({1}))", Numeric()),
    "*": shape(_limited("round(({0}) * ({1}), 12)"), Numeric()),
    "/": shape(_limited("round(round({0}, 12) / nullif({1}, 0), 12)"), Numeric()),
    "%": shape("mod({0}, nullif({1}, 0))", Numeric()),
}
_NEGATIVE: Final = shape("(0 - ({0}))", Numeric())
_SHOWN: Final = shape(_limited("round({0}, 6)"), Numeric())
_ROUNDED: Final = shape("round({0}, cast({1} as integer))", Numeric())
_NUMBER: Final = shape("cast(substring({0} from {1}) as numeric)", Numeric())
_JOINED: Final = shape(f"left(concat({{all}}), {_LONGEST})", Text())
_PLACE: Final = shape("strpos(lower({0}), lower({1}))", Integer())
_EMPTIED: Final = shape("nullif({0}, '')", Text())
_IS_EMPTY: Final = shape("(({0}) is null)", Boolean())
_DECIDED: Final = shape("(({0}) is true)", Boolean())
_DENIED: Final = shape("(({0}) is not true)", Boolean())
_NEVER_NULL: Final = (_IS_EMPTY, _DECIDED, _DENIED)
_LOCAL_DAY: Final = shape("cast(timezone({0}, {1}) as date)", Date())
_SINCE_ZERO: Final = f"(({{0}}) - date '{_DAY_ZERO}')"
_INSIDE: Final = _marked(_SINCE_ZERO, "({1}) - 1", "({2}) + 1")
_BETWEEN: Final = shape(f"({_INSIDE} is not null)", Boolean())
_DAYS_BETWEEN: Final = shape("cast(({1}) - ({0}) as numeric)", Numeric())
_ADDED: Final = f"cast(trunc(least(greatest({{1}}, -{_BEYOND}), {_BEYOND})) as integer)"
_LANDED: Final = _marked(f"{_SINCE_ZERO} + {_ADDED}", _FIRST - 1, _LAST + 1)
_ADD_DAYS: Final = shape(f"(date '{_DAY_ZERO}' + {_LANDED})", Date())

_SIMPLE: Final[dict[str, type[Shape]]] = {
    "abs": shape("abs({0})", Numeric()),
    "floor": shape("floor({0})", Numeric()),
    "ceil": shape("ceil({0})", Numeric()),
    "round": shape("round({0}, 0)", Numeric()),
    "length": shape("cast(char_length(coalesce({0}, '')) as numeric)", Numeric()),
    "lower": shape("lower({0})", Text()),
    "upper": shape("upper({0})", Text()),
    "trim": shape(r"btrim({0}, E' \t\n\r')", Text()),
    "year": shape("extract(year from {0})", Numeric()),
    "month": shape("extract(month from {0})", Numeric()),
    "day": shape("extract(day from {0})", Numeric()),
    "weekday": shape("extract(isodow from {0})", Numeric()),
}
_TEXTS: Final[dict[Kind, type[Shape]]] = {
    Kind.NUMBER: shape(f"cast(trim_scale({_limited('round({0}, 6)')}) as text)", Text()),
    Kind.DATE: shape("to_char({0}, 'YYYY-MM-DD')", Text()),
    Kind.MOMENT: shape("to_char(timezone({1}, {0}), 'YYYY-MM-DD HH24:MI')", Text()),
    Kind.TRUTH: shape("cast(({0}) as text)", Text()),
}
_TYPES: Final[dict[Kind, TypeEngine[Any]]] = {
    Kind.TEXT: Text(),
    Kind.NUMBER: Numeric(),
    Kind.DATE: Date(),
    Kind.MOMENT: DateTime(timezone=True),
    Kind.TRUTH: Boolean(),
    Kind.USER: Uuid(),
}
_CHOSEN: Final[dict[tuple[str, Kind], type[Shape]]] = {
    (name, kind): shape(f"{chosen}({{all}})", stored)
    for name, chosen in (("min", "least"), ("max", "greatest"), ("coalesce", "coalesce"))
    for kind, stored in _TYPES.items()
}
