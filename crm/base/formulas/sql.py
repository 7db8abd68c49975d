"""Make SQL of a checked formula: a condition for `where`, or a value for `select`.

In a condition null counts as false, as `where` has it; so that a comparison stays the plain one
that an index answers, only `not`, `!=` and values turn it into a true or false of two sides. Values
are bound parameters, each of its type. What today, now, me and my team are comes with the Setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Numeric, and_, case, cast, false, or_, true

from crm.base.formulas import days, functions
from crm.base.formulas.checking import Checked, key_of, kind_of, names_a_user
from crm.base.formulas.kinds import DAYS, Kind, plain
from crm.base.formulas.questions import (
    Among,
    Begins,
    Column,
    Compared,
    Contains,
    bound,
    compare,
)
from crm.base.formulas.syntax import (
    ARITHMETIC,
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
    Truth,
    Unary,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from crm.base.formulas.questions import Question
    from crm.base.formulas.syntax import Node

_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Setting:
    """Who looks, with whom they work, when, and where they live.

    `users` are the colleagues by their addresses in lower case; `today` is the day in `zone`.
    """

    me: UUID
    team: tuple[UUID, ...]
    users: Mapping[str, UUID]
    today: date
    now: datetime
    zone: ZoneInfo


def condition(
    checked: Checked, columns: Mapping[str, Column], setting: Setting
) -> ColumnElement[bool]:
    """Return a formula of truth as a condition, in which null is false."""
    return _Maker(checked, columns, setting).condition(checked.node)


def value(checked: Checked, columns: Mapping[str, Column], setting: Setting) -> ColumnElement[Any]:
    """Return what a formula gives; empty is null, and a condition is true or false."""
    element = _Maker(checked, columns, setting).value(checked.node)
    computed = checked.kind is Kind.NUMBER and not isinstance(checked.node, Name | Number)
    return functions.shown(element) if computed else element


class _Maker:
    def __init__(self, checked: Checked, columns: Mapping[str, Column], setting: Setting) -> None:
        self._fields = checked.fields
        self._columns = columns
        self._setting = setting

    def condition(self, node: Node) -> ColumnElement[bool]:
        """Return a part as a condition: null is false."""
        match node:
            case Several():
                both = and_ if node.operator == "and" else or_
                return both(*(self.condition(part) for part in node.parts))
            case Unary():
                return functions.denied(self.condition(node.operand))
            case Binary(operator="!="):
                return functions.denied(self._equal(replace(node, operator="=")))
            case Binary(operator="="):
                return self._equal(node)
            case Binary():
                return self._compared(node)
            case Listed(operator="not in"):
                return functions.denied(self._among(node))
            case Listed():
                return self._among(node)
            case Span():
                return self._within(node)
            case Empty():
                empty = self._is_empty(node.left)
                return empty if node.wanted else functions.denied(empty)
            case Name():
                return self._columns[node.name].answers(Compared("=", value=True))
            case Truth():
                return true() if node.value else false()
            case _:
                return self.value(node)

    def value(self, node: Node) -> ColumnElement[Any]:
        """Return a part as a value."""
        match node:
            case Name():
                element = self._columns[node.name].value()
                is_number = self._kind(node) is Kind.NUMBER
                return cast(element, Numeric()) if is_number else element
            case Number() | Text() | Day() | Truth() | Given():
                return bound(self._constant(node))
            case Unary(operator="-"):
                return functions.negative(self.value(node.operand))
            case Binary(operator="&"):
                return functions.joined((self.value(node.left), self.value(node.right)))
            case Binary(operator=operator) if operator in ARITHMETIC:
                return functions.arithmetic(operator, self.value(node.left), self.value(node.right))
            case Call(function="if"):
                return self._chosen(node)
            case Call():
                arguments = [(self.value(each), self._kind(each)) for each in node.arguments]
                return functions.call(node.function, arguments, self._setting.zone)
            case _:
                return functions.decided(self.condition(node))

    def _kind(self, node: Node) -> Kind:
        return kind_of(node, self._fields)

    def _chosen(self, node: Call) -> ColumnElement[Any]:
        wanted, then, *other = node.arguments
        otherwise = self.value(other[0]) if other else None
        return case((self.condition(wanted), self.value(then)), else_=otherwise)

    def _constant(self, node: Node) -> Any:
        """Return what a literal stands for; None for what only a row can tell."""
        match node:
            case Number() | Text() | Day() | Truth():
                return node.value
            case Given("today"):
                return self._setting.today
            case Given("now"):
                return self._setting.now
            case Given("me"):
                return self._setting.me
            case _:
                return None

    def _asked(self, node: Node, question: Question) -> ColumnElement[bool]:
        """Ask a field by its column, and what is computed by its value."""
        if isinstance(node, Name):
            return self._columns[node.name].answers(question)
        return question.of(self._comparable(node))

    def _comparable(self, node: Node) -> ColumnElement[Any]:
        element = self.value(node)
        if self._kind(node) is Kind.NUMBER and not isinstance(node, Name | Number):
            return functions.shown(element)
        return element

    def _equal(self, node: Binary) -> ColumnElement[bool]:
        left, right = node.left, node.right
        kind = self._kind(left)
        if kind is Kind.USER and not self._is_a_users(right):
            return self._is_among_users(left, (right,))
        if kind is Kind.CHOICE and isinstance(right, Name | Text):
            return self._asked(left, Compared("=", self._key(left, right)))
        return self._compared(node)

    def _is_a_users(self, node: Node) -> bool:
        """Tell whether a colleague is computed, and not named."""
        return isinstance(node, Call) or names_a_user(node, self._fields)

    def _compared(self, node: Binary) -> ColumnElement[bool]:
        left, operator, right = node.left, node.operator, node.right
        known = self._constant(right)
        if known is None and operator in _MIRRORED and self._constant(left) is not None:
            left, operator, right = right, _MIRRORED[operator], left
            known = self._constant(right)
        match operator:
            case "has":
                return self._asked(left, Compared("=", self._key(left, right)))
            case "contains" | "starts with" if known is not None:
                return self._asked(left, (Contains if operator == "contains" else Begins)(known))
            case "contains" | "starts with":
                place = functions.place_of(self.value(right), self.value(left))
                return place > 0 if operator == "contains" else place == 1
        if self._kind(left) in DAYS:
            return self._compared_days(left, operator, right)
        if known is not None:
            return self._asked(left, Compared(operator, known, fold=True))
        if plain(self._kind(left)) is Kind.TEXT:
            return functions.folded(self.value(left)) == functions.folded(self.value(right))
        return compare(operator, self._comparable(left), self._comparable(right))

    def _compared_days(self, left: Node, operator: str, right: Node) -> ColumnElement[bool]:
        known, kinds = self._constant(right), (self._kind(left), self._kind(right))
        if kinds[0] == kinds[1]:
            if known is not None:
                return self._asked(left, Compared(operator, known))
            return compare(operator, self.value(left), self.value(right))
        if kinds[0] is Kind.MOMENT and isinstance(left, Name) and known is not None:
            return self._asked(left, days.on_day(operator, known, self._setting.zone))
        return compare(operator, self._day(left), self._day(right))

    def _day(self, node: Node) -> ColumnElement[Any]:
        return functions.day_of(self.value(node), self._kind(node), self._setting.zone)

    def _within(self, node: Span) -> ColumnElement[bool]:
        first, last = days.reach(node.operator, node.count, node.unit, self._setting.today)
        if isinstance(node.left, Name):
            question = days.stretch(first, last, self._kind(node.left), self._setting.zone)
            return self._asked(node.left, question)
        return functions.between(self._day(node.left), first, last)

    def _among(self, node: Listed) -> ColumnElement[bool]:
        left, kind = node.left, self._kind(node.left)
        if kind is Kind.USER:
            return self._is_among_users(left, node.values)
        if kind in (Kind.CHOICE, Kind.CHOICES):
            keys = tuple(self._key(left, value) for value in node.values)
            if node.operator == "has all":
                return and_(*(self._asked(left, Compared("=", key)) for key in keys))
            return self._asked(left, Among(keys))
        values = tuple(self._constant(value) for value in node.values)
        return self._asked(left, Among(values, fold=kind is Kind.TEXT))

    def _is_among_users(self, left: Node, values: tuple[Node, ...]) -> ColumnElement[bool]:
        """Compare with colleagues by name; who has left the workspace is nobody's match."""
        users: list[UUID] = []
        nobody = False
        for each in values:
            match each:
                case Given("my_team"):
                    users += self._setting.team
                case Given("nobody"):
                    nobody = True
                case Text():
                    found = self._setting.users.get(each.value.strip().lower())
                    users += [found] if found else []
                case _:
                    users.append(self._setting.me)
        question = Compared("=", users[0]) if len(users) == 1 else Among(tuple(users))
        if not nobody:
            return self._asked(left, question)
        empty = self._is_empty(left)
        return or_(empty, self._asked(left, question)) if users else empty

    def _key(self, left: Node, node: Node) -> str:
        word = node.name if isinstance(node, Name) else str(self._constant(node))
        options = self._fields[left.name].options if isinstance(left, Name) else ()
        return key_of(word, options) or word

    def _is_empty(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, Name):
            return self._columns[node.name].is_empty()
        if not isinstance(node, Call) and self._kind(node) is Kind.TRUTH:
            return false()  # A condition is true or false.
        return functions.is_empty(self._comparable(node), plain(self._kind(node)))
