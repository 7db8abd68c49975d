"""Does a formula mean something? Its names are fields, its values of the kinds that they meet.

A choice counts as a text, its key, wherever a text may stand. A day and a moment may be compared:
the moment counts as its day where the reader lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm.base.formulas.kinds import (
    DAYS,
    FUNCTIONS,
    LABELS,
    NUMBERS,
    ORDERED,
    PLACES,
    TEXTS,
    TRUTHS,
    Field,
    Kind,
    plain,
)
from crm.base.formulas.problems import FormulaError, nearest, quoted
from crm.base.formulas.syntax import (
    COMPARISONS,
    Binary,
    Call,
    Day,
    Empty,
    Given,
    Listed,
    Name,
    Number,
    Several,
    Span,
    Text,
    Unary,
    parts,
)
from crm.base.formulas.writing import write
from crm.base.i18n import gettext as _
from crm.base.showing import listing

if TYPE_CHECKING:
    from crm.base.formulas.syntax import Node

#: Whom `nobody` and `my_team` are: words of a comparison, and no values.
_CROWDS: Final = ("my_team", "nobody")
_GIVEN: Final = {"today": Kind.DATE, "now": Kind.MOMENT, "me": Kind.USER}
_LISTABLE: Final = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.USER, Kind.CHOICE})
_WORDED: Final = frozenset({Kind.TEXT, Kind.CHOICE})


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula that means something: of which kind it is, and which fields it uses."""

    node: Node
    kind: Kind
    uses: frozenset[str]
    fields: Mapping[str, Field] = field(compare=False, repr=False)


def check(node: Node, fields: Mapping[str, Field], wants: Kind | None = None) -> Checked:
    """Check a formula against the fields that there are. Raises FormulaError."""
    checker = _Checker(fields)
    kind = checker.kind(node)
    if wants is not None and wants not in (kind, plain(kind)):
        raise _unfit(node, kind, (wants,))
    return Checked(node, kind, frozenset(checker.uses), fields)


def kind_of(node: Node, fields: Mapping[str, Field]) -> Kind:
    """Return the kind of a part of a checked formula."""
    match node:
        case Name():
            return fields[node.name].kind
        case Number() | Unary(operator="-"):
            return Kind.NUMBER
        case Text():
            return Kind.TEXT
        case Day():
            return Kind.DATE
        case Given():
            return _GIVEN[node.word]
        case Binary(operator="&"):
            return Kind.TEXT
        case Binary(operator="+" | "-" | "*" | "/" | "%"):
            return Kind.NUMBER
        case Call():
            function = FUNCTIONS[node.function]
            if function.gives is not None:
                return function.gives
            return plain(kind_of(node.arguments[function.alike or 0], fields))
        case _:
            return Kind.TRUTH


def key_of(option: str, options: tuple[str, ...]) -> str | None:
    """Return the key that a value names, whatever its case; any does where there are no options."""
    if not options or option in options:
        return option
    return next((key for key in options if key.lower() == option.lower()), None)


def names_a_user(node: Node, fields: Mapping[str, Field]) -> bool:
    """Tell whether a bare word beside a colleague is a field with another colleague."""
    return isinstance(node, Name) and node.name in fields and fields[node.name].kind is Kind.USER


class _Checker:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self.uses: set[str] = set()

    def kind(self, node: Node) -> Kind:
        """Check a part, and return its kind."""
        match node:
            case Name():
                return self._field(node)
            case Given(word) if word in _CROWDS:
                problem = _("“{word}” stands behind a colleague only: owner = {word}.")
                raise FormulaError(problem.format(word=word), node.at)
            case Binary(operator=operator) if operator in COMPARISONS:
                self._comparison(node)
            case Listed():
                self._list(node)
            case Call():
                self._call(node)
            case _:
                for part in parts(node):
                    self._expect(part, _taken(node))
        return kind_of(node, self._fields)

    def _field(self, node: Name) -> Kind:
        found = self._fields.get(node.name)
        if found is None:
            near = nearest(node.name, self._fields)
            problem = (
                _("There is no field “{word}”. Do you mean “{near}”?")
                if near
                else _("There is no field “{word}”. A text stands in double quotes.")
            )
            raise FormulaError(problem.format(word=quoted(node.name), near=near), node.at)
        self.uses.add(node.name)
        return found.kind

    def _expect(self, node: Node, wanted: Iterable[Kind]) -> Kind:
        kind = self.kind(node)
        if kind not in wanted and plain(kind) not in wanted:
            raise _unfit(node, kind, wanted)
        return kind

    def _comparison(self, node: Binary) -> None:
        left = self.kind(node.left)
        match node.operator:
            case "has":
                self._refuse_unless(node, left, {Kind.CHOICES})
                self._value(node.left, node.right)
            case "contains" | "starts with":
                self._refuse_unless(node, left, _WORDED)
                self._expect(node.right, (Kind.TEXT,))
            case "=" | "!=":
                self._refuse_unless(node, left, frozenset(Kind) - {Kind.CHOICES})
                self._equal(node, left)
            case _:
                self._refuse_unless(node, left, ORDERED)
                self._expect(node.right, DAYS if left in DAYS else (left,))

    def _equal(self, node: Binary, left: Kind) -> None:
        right = node.right
        if left is Kind.USER:
            self._colleague(right)
        elif left is Kind.CHOICE and isinstance(right, Name | Text):
            self._value(node.left, right)
        else:
            self._expect(right, DAYS if left in DAYS else (plain(left),))

    def _colleague(self, node: Node) -> None:
        """Check what a colleague is compared with: a word for some, an address, or another."""
        if isinstance(node, Text) or (isinstance(node, Given) and node.word in _CROWDS):
            return
        if isinstance(node, Name) and not names_a_user(node, self._fields):
            problem = _("“{word}” is no colleague. Write me, my_team, nobody or “ana@example.com”.")
            raise FormulaError(problem.format(word=quoted(node.name)), node.at)
        self._expect(node, (Kind.USER,))

    def _list(self, node: Listed) -> None:
        left = self.kind(node.left)
        chosen = node.operator in ("has any", "has all")
        self._refuse_unless(node, left, {Kind.CHOICES} if chosen else _LISTABLE)
        for value in node.values:
            if left is Kind.USER:
                self._colleague_in_a_list(value)
            elif left in (Kind.CHOICE, Kind.CHOICES):
                self._value(node.left, value)
            elif isinstance(value, Name):
                problem = _("“{word}” cannot stand in a list. A text stands in double quotes.")
                raise FormulaError(problem.format(word=quoted(value.name)), value.at)
            else:
                self._expect(value, (left,))

    def _colleague_in_a_list(self, node: Node) -> None:
        if not isinstance(node, Text | Given):
            problem = _("“{word}” is no colleague. Write me, my_team, nobody or “ana@example.com”.")
            raise FormulaError(problem.format(word=quoted(write(node))), node.at)
        self._colleague(node)

    def _value(self, left: Node, node: Node) -> None:
        """Check a value that one of several keys has to be."""
        word = node.name if isinstance(node, Name) else getattr(node, "value", None)
        options = self._fields[left.name].options if isinstance(left, Name) else ()
        if not isinstance(word, str):
            problem = _("“{word}” is no choice. A choice is a word, or a text in double quotes.")
            raise FormulaError(problem.format(word=quoted(write(node))), node.at)
        if key_of(word, options) is None:
            raise FormulaError(_no_option(word, options, write(left)), node.at)

    def _refuse_unless(self, node: Binary | Listed, left: Kind, wanted: Iterable[Kind]) -> None:
        if left in wanted:
            return
        if left is Kind.CHOICES:
            problem = _("“{field}” has several choices: ask by “has”, not by “{operator}”.")
        else:
            problem = _("“{operator}” does not fit “{field}”, which is {kind}.")
        said = problem.format(
            field=quoted(write(node.left)), operator=node.operator, kind=_(LABELS[left])
        )
        raise FormulaError(said, node.at)

    def _call(self, node: Call) -> None:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise FormulaError(_no_function(node.function), node.at)
        if not function.least <= len(node.arguments) <= function.most:
            problem = _("How many values “{function}” takes: {least} to {most}. Here are {count}.")
            if function.least == function.most:
                problem = _("How many values “{function}” takes: {most}. Here are {count}.")
            said = problem.format(
                function=node.function,
                least=function.least,
                most=function.most,
                count=len(node.arguments),
            )
            raise FormulaError(said, node.at)
        alike: Kind | None = None
        for place, argument in enumerate(node.arguments):
            kind = self._expect(argument, function.accepts(place))
            if function.alike is not None and place >= function.alike:
                if alike is not None and alike is not plain(kind):
                    raise _unfit(argument, kind, (alike,))
                alike = plain(kind)
        if node.function == "round" and len(node.arguments) > 1:
            _check_places(node.arguments[1])


def _taken(node: Node) -> frozenset[Kind]:
    """Return what the parts of a node must be, where all must be alike."""
    match node:
        case Unary(operator="not") | Several():
            return TRUTHS
        case Binary(operator="&"):
            return TEXTS
        case Span():
            return DAYS
        case Empty():
            return frozenset(Kind)
        case _:
            return NUMBERS


def _check_places(node: Node) -> None:
    if not isinstance(node, Number) or node.value not in PLACES:
        problem = _("“{word}” is no number of decimals. “round” takes {least} to {most}.")
        said = problem.format(word=quoted(write(node)), least=PLACES[0], most=PLACES[-1])
        raise FormulaError(said, node.at)


def _unfit(node: Node, kind: Kind, wanted: Iterable[Kind]) -> FormulaError:
    fitting = listing(_(LABELS[each]) for each in Kind if each in frozenset(wanted))
    problem = _("“{word}” is {kind}, and does not fit here. What fits: {fitting}.")
    said = problem.format(word=quoted(write(node)), kind=_(LABELS[kind]), fitting=fitting)
    return FormulaError(said, node.at)


def _no_option(word: str, options: tuple[str, ...], name: str) -> str:
    near = nearest(word, options)
    if near:
        problem = _("“{field}” cannot be “{word}”. Do you mean “{near}”?")
    else:
        problem = _("“{field}” cannot be “{word}”. It may be: {options}.")
    some = listing([*options[:8], *(["…"] if len(options) > 8 else [])])
    return problem.format(field=quoted(name), word=quoted(word), near=near, options=some)


def _no_function(word: str) -> str:
    near = nearest(word, FUNCTIONS)
    if near:
        problem = _("There is no function “{word}”. Do you mean “{near}”?")
    else:
        problem = _("There is no function “{word}”. There are: {functions}.")
    return problem.format(word=quoted(word), near=near, functions=listing(FUNCTIONS))
