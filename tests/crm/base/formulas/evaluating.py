"""Formulas computed one row at a time over plain Python: slow, simple, and not by way of SQL.

A row is a mapping from fields to values: text, Fraction, date, datetime, bool, UUID, or a tuple of
texts for several choices; None is empty.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from crm.base.formulas import Kind, Node, Setting
from crm.base.formulas.checking import Checked, kind_of
from crm.base.formulas.syntax import (
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

Row = Mapping[str, Any]
TOO_LARGE = 10**18


def evaluate(checked: Checked, row: Row, setting: Setting) -> Any:
    """Compute what a formula gives for a row."""
    value = _Evaluator(checked, row, setting).value(checked.node)
    if checked.kind is Kind.NUMBER and not isinstance(checked.node, Name):
        return limited(rounded(value, 6))
    return value


def rounded(number: Fraction | None, decimals: int) -> Fraction | None:
    """Round half away from zero."""
    if number is None:
        return None
    scaled = abs(number) * Fraction(10) ** decimals
    whole = math.floor(scaled + Fraction(1, 2)) / Fraction(10) ** decimals
    return whole if number >= 0 else -whole


def limited(number: Fraction | None) -> Fraction | None:
    return number if number is not None and abs(number) < TOO_LARGE else None


def lower(text: str) -> str:
    return "".join("i" if sign == "İ" else _one(sign.lower(), sign) for sign in text)


def upper(text: str) -> str:
    return "".join(_one(sign.upper(), sign) for sign in text)


def _one(changed: str, sign: str) -> str:
    return changed if len(changed) == 1 else sign


class _Evaluator:
    def __init__(self, checked: Checked, row: Row, setting: Setting) -> None:
        self.fields, self.row, self.setting = checked.fields, row, setting

    def value(self, node: Node) -> Any:
        match node:
            case Number(value):
                return Fraction(value)
            case Text(value) | Day(value) | Truth(value):
                return value
            case Given(word):
                return getattr(self.setting, word)
            case Name(name):
                return self.row[name]
            case Unary("-", operand):
                number = self.value(operand)
                return None if number is None else -number
            case Binary("&", left, right):
                return ((self.value(left) or "") + (self.value(right) or ""))[:10_000]
            case Binary("+" | "-" | "*" | "/" | "%" as operator, left, right):
                return self.arithmetic(operator, self.value(left), self.value(right))
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                return self.truth(node)

    def truth(self, node: Node) -> bool:
        match node:
            case Unary(_, operand):
                return self.value(operand) is not True
            case Several("and", parts):
                return all(self.value(part) is True for part in parts)
            case Several(_, parts):
                return any(self.value(part) is True for part in parts)
            case Binary(operator, left, right):
                return self.comparison(operator, left, right)
            case Listed(operator, left, values):
                return self.listed(operator, left, values)
            case Empty(left, wanted):
                return (self.comparable(left) in (None, "", ())) is wanted
            case Span(operator, left, count, unit):
                day = self.day(left)
                return day is not None and self.reaches(operator, count, unit, day)
        raise AssertionError(node)

    def comparable(self, node: Node) -> Any:
        value = self.value(node)
        if kind_of(node, self.fields) is Kind.NUMBER and not isinstance(node, Name | Number):
            return limited(rounded(value, 6))
        return value

    def arithmetic(self, operator: str, left: Any, right: Any) -> Any:
        if left is None or right is None or (operator in "/%" and right == 0):
            return None
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return limited(rounded(left * right, 12))
            case "/":
                return limited(rounded(rounded(left, 12) / right, 12))  # type: ignore[operator]
            case _:
                return left - right * math.trunc(left / right)

    def comparison(self, operator: str, left: Node, right: Node) -> bool:
        if operator == "!=":
            return not self.comparison("=", left, right)
        kind = kind_of(left, self.fields)
        if operator == "has":
            return self.key(left, right) in (self.value(left) or ())
        if kind is Kind.USER:
            return self.is_user(left, right)
        if kind is Kind.CHOICE and operator == "=" and isinstance(right, Name | Text):
            return self.value(left) == self.key(left, right)
        one, other = self.comparable(left), self.comparable(right)
        if {kind, kind_of(right, self.fields)} == {Kind.DATE, Kind.MOMENT}:
            one, other = self.day_of(one), self.day_of(other)
        if one is None or other is None:
            return False
        if isinstance(one, str):
            one, other = lower(one), lower(other)
        return bool(
            {
                "=": lambda: one == other,
                "<": lambda: one < other,
                "<=": lambda: one <= other,
                ">": lambda: one > other,
                ">=": lambda: one >= other,
                "contains": lambda: other in one,
                "starts with": lambda: one.startswith(other),
            }[operator]()
        )

    def is_user(self, left: Node, right: Node) -> bool:
        user = self.value(left)
        match right:
            case Given("my_team"):
                return user in self.setting.team
            case Given("nobody"):
                return user is None
            case Text(address):
                return user is not None and user == self.setting.users.get(address.strip().lower())
            case _:
                return user is not None and user == self.value(right)

    def listed(self, operator: str, left: Node, values: tuple[Node, ...]) -> bool:
        if operator == "not in":
            return not self.listed("in", left, values)
        if operator == "in":
            return any(self.comparison("=", left, value) for value in values)
        held = [self.comparison("has", left, value) for value in values]
        return any(held) if operator == "has any" else all(held)

    def key(self, left: Node, node: Node) -> str:
        word = node.name if isinstance(node, Name) else node.value  # type: ignore[union-attr]
        options = self.fields[left.name].options  # type: ignore[union-attr]
        same = [key for key in options if key == word] or [
            key for key in options if key.lower() == str(word).lower()
        ]
        return same[0] if same else str(word)

    def day(self, node: Node) -> date | None:
        return self.day_of(self.value(node))

    def day_of(self, value: date | None) -> date | None:
        return value.astimezone(self.setting.zone).date() if isinstance(value, datetime) else value

    def reaches(self, operator: str, count: int, unit: str, day: date) -> bool:
        today = self.setting.today
        far = -count if operator == "within" else count
        if unit == "months":
            year, month = divmod(today.year * 12 + today.month - 1 + far, 12)
            end = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
        else:
            end = today + timedelta(days=far * (7 if unit == "weeks" else 1))
        return min(today, end) <= day <= max(today, end)

    def call(self, function: str, arguments: tuple[Node, ...]) -> Any:
        if function == "if":
            if self.value(arguments[0]) is True:
                return self.value(arguments[1])
            return self.value(arguments[2]) if len(arguments) > 2 else None
        values = [self.value(each) for each in arguments]
        there = [value for value in values if value is not None]
        match function:
            case "coalesce":
                return there[0] if there else None
            case "min" | "max":
                return (min if function == "min" else max)(there) if there else None
            case "concat":
                return "".join(there)[:10_000]
            case "length":
                return Fraction(len(values[0] or ""))
        if len(there) < len(values):
            return None
        if function in ("year", "month", "day", "weekday", "days_between", "add_days"):
            return self.of_days(function, values)
        return self.simple(function, values)

    def of_days(self, function: str, values: list[Any]) -> Any:
        first = self.day_of(values[0])
        assert first is not None
        match function:
            case "weekday":
                return Fraction(first.isoweekday())
            case "days_between":
                second = self.day_of(values[1])
                assert second is not None
                return Fraction((second - first).days)
            case "add_days":
                landed = first.toordinal() + math.trunc(values[1])
                return date.fromordinal(landed) if 1 <= landed <= date.max.toordinal() else None
            case _:
                return Fraction(getattr(first, function))

    def simple(self, function: str, values: list[Any]) -> Any:
        first = values[0]
        match function:
            case "round":
                return rounded(first, int(values[1]) if len(values) > 1 else 0)
            case "abs":
                return abs(first)
            case "floor":
                return Fraction(math.floor(first))
            case "ceil":
                return Fraction(math.ceil(first))
            case "lower":
                return lower(first)
            case "upper":
                return upper(first)
            case "trim":
                return first.strip(" \t\n\r")
            case "number":
                found = re.fullmatch(r"[ \t\n\r]*(-?[0-9]{1,15}(?:\.[0-9]{1,6})?)[ \t\n\r]*", first)
                return Fraction(found[1]) if found else None
            case _:
                return self.text(first)

    def text(self, value: Any) -> str | None:
        match value:
            case bool():
                return "true" if value else "false"
            case Fraction():
                shown = limited(rounded(value, 6))
                return None if shown is None else _decimal(shown)
            case datetime():
                return f"{value.astimezone(self.setting.zone):%Y-%m-%d %H:%M}"
            case date():
                return value.isoformat()
            case _:
                return str(value)


def _decimal(number: Fraction) -> str:
    millionths = abs(int(number * 10**6))
    whole = f"{millionths // 10**6}.{millionths % 10**6:06}".rstrip("0").rstrip(".")
    return f"-{whole}" if number < 0 else whole
