"""Random formulas, such as mean something and such as need not, and random rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crm.base.formulas import Field, Kind, Node, Setting, syntax
from crm.base.formulas.kinds import FUNCTIONS
from crm.base.formulas.questions import fold as lower
from crm.base.formulas.syntax import (
    Binary,
    Call,
    Day,
    Empty,
    Given,
    Listed,
    Literal,
    Name,
    Number,
    Several,
    Span,
    Text,
    Truth,
    Unary,
)

#: Fields whose texts stand in lower case already.
FOLDED = ("company.name",)
ME, ANN, BO, CY = (UUID(int=number) for number in (1, 2, 3, 4))
STAGES = ("new", "won", "Not yet")
FIELDS = {
    "name": Field(Kind.TEXT),
    "company.name": Field(Kind.TEXT),
    "amount": Field(Kind.NUMBER),
    "seats": Field(Kind.NUMBER),
    "born": Field(Kind.DATE),
    "due": Field(Kind.DATE),
    "created": Field(Kind.MOMENT),
    "seen": Field(Kind.MOMENT),
    "active": Field(Kind.TRUTH),
    "paid": Field(Kind.TRUTH),
    "owner": Field(Kind.USER),
    "author": Field(Kind.USER),
    "stage": Field(Kind.CHOICE, STAGES),
    "source": Field(Kind.CHOICE),
    "tags": Field(Kind.CHOICES),
}
SETTING = Setting(
    me=ME,
    team=(ME, ANN),
    users={"ana@example.com": ANN, "bo@example.com": BO},
    today=date(2026, 11, 24),
    now=datetime(2026, 11, 24, 1, 35, 53, tzinfo=UTC),
    zone=ZoneInfo("Europe/Prague"),
)

#: Letters of one case, of both and of a strange one; what SQL and patterns mean something by.
_LETTERS = "aAbBžŽßİЖж 0123.5-%_'\"\\;:$()\t\n"
texts = st.text(_LETTERS, max_size=8) | st.sampled_from(["", "expo", "12.50", " -3 ", "won"])
numbers = st.decimals(-(10**6), 10**6, places=2) | st.sampled_from(
    [Decimal(n) for n in ("0", "1", "-1", "0.000001", "999999999999999", "-999999999999999")]
)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [date(1, 1, 1), date(9999, 12, 31), date(2026, 11, 24), date(2024, 2, 29)]
)
moments = st.builds(
    lambda seconds: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=seconds),
    st.integers(0, 120 * 86_400),
) | st.builds(
    lambda hours: datetime(2026, 11, 23, 23, tzinfo=UTC) + timedelta(hours=hours),
    st.integers(-50, 50),
)
users = st.sampled_from([ME, ANN, BO, CY])
keys = st.sampled_from(["expo", "vip", "Not yet", "new"])

_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts,
    Kind.NUMBER: numbers.map(Fraction),
    Kind.DATE: days,
    Kind.MOMENT: moments,
    Kind.TRUTH: st.booleans(),
    Kind.USER: users,
    Kind.CHOICE: st.sampled_from([*STAGES, "web"]),
    Kind.CHOICES: st.lists(keys, unique=True, max_size=3).map(tuple),
}
_OF_FIELDS = {
    "seats": st.integers(-(10**6), 10**6).map(Fraction),
    "company.name": texts.map(lower),
}
rows = st.fixed_dictionaries(
    {name: st.none() | _OF_FIELDS.get(name, _VALUES[field.kind]) for name, field in FIELDS.items()}
)


def _named(kind: Kind) -> st.SearchStrategy[Node]:
    return st.sampled_from([Name(name) for name, field in FIELDS.items() if field.kind is kind])


number_literals: st.SearchStrategy[Node] = numbers.map(Number)
text_literals: st.SearchStrategy[Node] = texts.map(Text)
day_literals: st.SearchStrategy[Node] = days.map(Day) | st.just(Given("today"))
user_values: st.SearchStrategy[Node] = st.sampled_from(
    [
        Given("me"),
        Given("my_team"),
        Given("nobody"),
        Text("ana@example.com"),
        Text(" BO@example.com "),
        Text("gone@example.com"),
    ]
)
_spans = st.tuples(
    st.sampled_from(syntax.SPANS),
    st.sampled_from([0, 1, 2, 60, 1200]),
    st.sampled_from(syntax.UNITS),
)
_stages: st.SearchStrategy[Node] = st.sampled_from(
    [Name("won"), Name("new"), Text("WON"), Text("Not yet"), Text("not yet")]
)
_sources: st.SearchStrategy[Node] = st.sampled_from([Name("web"), Name("name"), Text("won")])
_tags: st.SearchStrategy[Node] = st.sampled_from([Name("expo"), Text("vip"), Text("Not yet")])


def _lists(values: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(values, min_size=1, max_size=3).map(tuple)


def _calls(name: str, *arguments: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(lambda *given: Call(name, given), *arguments)


def _alike(names: tuple[str, ...], kind: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(kind, min_size=2, max_size=3).map(tuple)
    return st.builds(Call, st.sampled_from(names), some)


def _grown(kind: Kind, depth: int) -> st.SearchStrategy[Node]:
    """Grow formulas of a kind that are at most so deep."""
    if depth <= 0:
        return _LEAVES[kind]

    def less(other: Kind) -> st.SearchStrategy[Node]:
        return st.deferred(lambda: grown(other, depth - 1))

    chosen = _calls("if", less(Kind.TRUTH), less(kind), less(kind)) | _calls(
        "if", less(Kind.TRUTH), less(kind)
    )
    more = chosen | _alike(("coalesce",), less(kind))
    return _LEAVES[kind] | more | _MORE[kind](less)


def _more_truth(less: Callable[[Kind], st.SearchStrategy[Node]]) -> st.SearchStrategy[Node]:
    truth, text, number, day = (
        less(kind) for kind in (Kind.TRUTH, Kind.TEXT, Kind.NUMBER, Kind.DATE)
    )
    any_day = day | less(Kind.MOMENT)
    ordered = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    equal = st.sampled_from(["=", "!="])
    listed = st.sampled_from(["in", "not in"])
    several = st.lists(truth, min_size=2, max_size=3).map(tuple)
    textual = text | _named(Kind.CHOICE)
    stage, source = st.just(Name("stage")), st.just(Name("source"))
    return st.one_of(
        st.builds(Several, st.sampled_from(["and", "or"]), several),
        st.builds(Unary, st.just("not"), truth),
        st.builds(Binary, ordered, number, number),
        st.builds(Binary, ordered, any_day, any_day),
        st.builds(Binary, equal, truth, truth),
        st.builds(Binary, equal, text, textual),
        st.builds(Binary, st.sampled_from(["contains", "starts with"]), textual, textual),
        st.builds(Binary, equal, less(Kind.USER), user_values | _named(Kind.USER)),
        st.builds(Binary, equal, stage, _stages),
        st.builds(Binary, equal, source, _sources),
        st.builds(Binary, st.just("has"), _named(Kind.CHOICES), _tags),
        st.builds(
            Listed, st.sampled_from(["has any", "has all"]), _named(Kind.CHOICES), _lists(_tags)
        ),
        st.builds(Listed, listed, stage, _lists(_stages)),
        st.builds(Listed, listed, number, _lists(number_literals)),
        st.builds(Listed, listed, text, _lists(text_literals)),
        st.builds(Listed, listed, day, _lists(day_literals)),
        st.builds(Listed, listed, less(Kind.USER), _lists(user_values)),
        st.builds(Empty, st.one_of(*(less(kind) for kind in _LEAVES)), st.booleans()),
        st.builds(lambda span, left: Span(span[0], left, span[1], span[2]), _spans, any_day),
    )


def _more_number(less: Callable[[Kind], st.SearchStrategy[Node]]) -> st.SearchStrategy[Node]:
    number, text = less(Kind.NUMBER), less(Kind.TEXT)
    any_day = less(Kind.DATE) | less(Kind.MOMENT)
    places = st.integers(-12, 6).map(lambda count: Number(Decimal(count)))
    return st.one_of(
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "%"]), number, number),
        st.builds(Unary, st.just("-"), number),
        _calls("round", number, places),
        st.builds(
            lambda name, one: Call(name, (one,)),
            st.sampled_from(["round", "abs", "floor", "ceil"]),
            number,
        ),
        st.builds(
            lambda name, one: Call(name, (one,)), st.sampled_from(["length", "number"]), text
        ),
        st.builds(
            lambda name, one: Call(name, (one,)),
            st.sampled_from(["year", "month", "day", "weekday"]),
            any_day,
        ),
        _calls("days_between", any_day, any_day),
        _alike(("min", "max"), number),
    )


def _more_text(less: Callable[[Kind], st.SearchStrategy[Node]]) -> st.SearchStrategy[Node]:
    text = less(Kind.TEXT) | _named(Kind.CHOICE)
    shown = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.TRUTH)
    return st.one_of(
        st.builds(Binary, st.just("&"), text, text),
        st.builds(
            lambda name, one: Call(name, (one,)), st.sampled_from(["lower", "upper", "trim"]), text
        ),
        _alike(("concat",), text),
        _calls("text", st.one_of(*(less(kind) for kind in shown))),
    )


def _more_days(less: Callable[[Kind], st.SearchStrategy[Node]]) -> st.SearchStrategy[Node]:
    any_day = less(Kind.DATE) | less(Kind.MOMENT)
    return _calls("add_days", any_day, less(Kind.NUMBER)) | _alike(("min", "max"), less(Kind.DATE))


_MORE: dict[Kind, Callable[..., st.SearchStrategy[Node]]] = {
    Kind.TRUTH: _more_truth,
    Kind.NUMBER: _more_number,
    Kind.TEXT: _more_text,
    Kind.DATE: _more_days,
    Kind.MOMENT: lambda less: _alike(("min", "max"), less(Kind.MOMENT)),
    Kind.USER: lambda less: _named(Kind.USER),
}
_LEAVES: dict[Kind, st.SearchStrategy[Node]] = {
    Kind.TEXT: _named(Kind.TEXT) | text_literals,
    Kind.NUMBER: _named(Kind.NUMBER) | number_literals,
    Kind.DATE: _named(Kind.DATE) | day_literals,
    Kind.MOMENT: _named(Kind.MOMENT) | st.just(Given("now")),
    Kind.TRUTH: _named(Kind.TRUTH) | st.booleans().map(Truth),
    Kind.USER: _named(Kind.USER) | st.just(Given("me")),
}
_grown_before: dict[tuple[Kind, int], st.SearchStrategy[Node]] = {}


def grown(kind: Kind, depth: int) -> st.SearchStrategy[Node]:
    """Return formulas of a kind that mean something, at most so deep."""
    if (kind, depth) not in _grown_before:
        _grown_before[kind, depth] = _grown(kind, depth)
    return _grown_before[kind, depth]


#: Formulas of any kind that mean something.
meaningful = st.sampled_from(list(_LEAVES)).flatmap(lambda kind: grown(kind, 4))

names = st.sampled_from([*FIELDS, "lead", "next", "all", "empty", "with", "days", "x.y", "if"])
_literals: st.SearchStrategy[Literal] = st.one_of(
    numbers.map(Number),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9).map(
        Text
    ),
    st.dates().map(Day),
    st.booleans().map(Truth),
    st.sampled_from(syntax.GIVEN).map(Given),
    names.map(Name),
)


def _wild(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    binary = st.sampled_from([*syntax.COMPARISONS, *syntax.ARITHMETIC])
    return st.one_of(
        st.builds(Unary, st.sampled_from(["not", "-"]), part),
        st.builds(Binary, binary, part, part),
        st.builds(
            Several,
            st.sampled_from(["and", "or"]),
            st.lists(part, min_size=2, max_size=4).map(tuple),
        ),
        st.builds(
            Listed,
            st.sampled_from(syntax.LISTS),
            part,
            st.lists(_literals, min_size=1, max_size=3).map(tuple),
        ),
        st.builds(lambda span, left: Span(span[0], left, span[1], span[2]), _spans, part),
        st.builds(Empty, part, st.booleans()),
        st.builds(
            Call,
            st.sampled_from([*FUNCTIONS, "nothing"]),
            st.lists(part, max_size=3).map(tuple),
        ),
    )


#: Any tree that can be written, whether or not it means something.
wild: st.SearchStrategy[Node] = st.recursive(_literals, _wild, max_leaves=40)

#: What looks like a formula, and hardly ever is one.
anything = st.lists(
    st.sampled_from(
        [
            *FIELDS,
            *FUNCTIONS,
            *syntax.RESERVED,
            *syntax.UNITS,
            *"=<>+-*/%&(),\".\\ \0é;'",
            *("starts with", "in the next", "is not empty", "has any", "1", "2026-11-24", '"x"'),
            *("2026-02-30", "99999", "1.5", "AND", "the"),
        ]
    ),
    max_size=40,
).flatmap(lambda some: st.sampled_from(["", " "]).map(lambda between: between.join(some)))
