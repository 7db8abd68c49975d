"""The conditions of a list: as chips, as forms to add one, and as the formula that they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from crm.base import formulas, showing
from crm.base.formulas import Clause, FormulaError, Kind
from crm.base.formulas.syntax import Day, Given, Literal, Name, Number, Text, Truth
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.workspace import fields, values
from crm.workspace.fields import FieldType
from server.web.forms import Field, FieldKind, Option
from server.web.listing import FilterChip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.base.formulas import Node, Operator
    from crm.segments.terms import Sort, Term

_UNITS = {"days": lazy("days"), "weeks": lazy("weeks"), "months": lazy("months")}
_CROWDS = {
    "me": lazy("me"),
    "my_team": lazy("me or my team"),
    "nobody": lazy("nobody"),
    "today": lazy("today"),
    "now": lazy("now"),
}


def of_filter(sort: Sort, filter_: str) -> tuple[Clause, ...] | None:
    """Return the chips of a filter, or None where it is more than chips can say."""
    if not filter_.strip():
        return ()
    try:
        node = formulas.check(formulas.parse(filter_), sort.known, Kind.TRUTH).node
    except FormulaError:
        return None
    return formulas.clauses(node, sort.known)


def shown(
    sort: Sort,
    clauses: tuple[Clause, ...],
    colleagues: Mapping[str, str],
    without: Callable[[str], str],
) -> tuple[FilterChip, ...]:
    """Write chips for their reader; `without` gives the list with another filter."""
    chips = []
    for number, clause in enumerate(clauses):
        rest = (*clauses[:number], *clauses[number + 1 :])
        left = formulas.write(formulas.join(rest)) if rest else ""
        term = sort.terms[clause.field]
        sign = next((o for o in formulas.operators(term.kind) if o.sign == clause.operator), None)
        said = _(sign.label) if sign is not None else clause.operator
        value = _value(term, clause, colleagues)
        chips.append(FilterChip(term.field.name, said, value, without(left)))
    return tuple(chips)


def form(term: Term, colleagues: Mapping[str, str]) -> tuple[Field, ...]:
    """Ask for a condition on a field: which operator, and which value."""
    signs = tuple(Option(o.sign, _(o.label)) for o in formulas.operators(term.kind))
    asked = [Field("op", _("Condition"), FieldKind.CHOICE, signs[0].value, options=signs)]
    asked.append(_asked(term, colleagues))
    if term.kind in (Kind.DATE, Kind.MOMENT):
        units = tuple(Option(key, _(label)) for key, label in _UNITS.items())
        hint = _("A number of days, or a day like {example}.").format(example="2026-12-31")
        asked[-1] = Field("value", term.field.name, FieldKind.LINE, hint=hint)
        asked.append(Field("unit", _("Unit"), FieldKind.CHOICE, "days", options=units))
    return tuple(asked)


def added(sort: Sort, filter_: str, key: str, given: Mapping[str, str]) -> str:
    """Return a filter with one more condition, as somebody filled in its form.

    Raises FormulaError, and InvalidError for a field that there is not.
    """
    term = sort.term(key)
    operator = next(
        (o for o in formulas.operators(term.kind) if o.sign == given.get("op")),
        formulas.operators(term.kind)[0],
    )
    clause = Clause(key, operator.sign, _values(term, operator, given))
    before = of_filter(sort, filter_)
    if before is not None:
        node = formulas.join((*before, clause))
    else:
        both = f"({filter_}) and {formulas.write(formulas.join((clause,)))}"
        node = formulas.parse(both)
    return formulas.write(formulas.check(node, sort.known, Kind.TRUTH).node)


def _asked(term: Term, colleagues: Mapping[str, str]) -> Field:
    name, label = "value", term.field.name
    match term.kind:
        case Kind.USER:
            crowds = tuple(
                Option(f"={key}", _(_CROWDS[key])) for key in ("me", "my_team", "nobody")
            )
            people = tuple(Option(email, called) for email, called in colleagues.items())
            return Field(name, label, FieldKind.CHOICE, "=me", options=(*crowds, *people))
        case Kind.CHOICE | Kind.CHOICES if term.field.type is FieldType.COUNTRY:
            known = sorted(values.countries().items(), key=lambda item: item[1])
            return Field(
                name, label, FieldKind.CHOICE, options=tuple(Option(*one) for one in known)
            )
        case Kind.CHOICE | Kind.CHOICES:
            options = tuple(Option(key, term.field.option(key)) for key, _l in term.field.options)
            return Field(name, label, FieldKind.CHOICE, options=options)
        case Kind.TRUTH:
            yes = (Option("true", _("Yes")), Option("false", _("No")))
            return Field(name, label, FieldKind.CHOICE, "true", options=yes)
        case Kind.NUMBER:
            return Field(name, label, FieldKind.NUMBER)
        case _:
            return Field(name, label)


def _values(term: Term, operator: Operator, given: Mapping[str, str]) -> tuple[Literal, ...]:
    text = given.get("value", "").strip()
    if operator.takes == "none":
        return ()
    if operator.takes == "span":
        count = values.read(_NUMBER, [text])
        number = Decimal(count[0].text) if count else Decimal(7)
        unit = given.get("unit", "days")
        return (Number(number), Name(unit if unit in _UNITS else "days"))
    return (_literal(term, text),)


_NUMBER = fields.Field("", "value", lazy("Value"), FieldType.NUMBER)
_DAY = fields.Field("", "value", lazy("Day"), FieldType.DATE)


def _literal(term: Term, text: str) -> Literal:
    match term.kind:
        case Kind.USER if text.startswith("="):
            return Given(text[1:])
        case Kind.USER:
            return Text(text)
        case Kind.CHOICE | Kind.CHOICES:
            return formulas.word(text)
        case Kind.TRUTH:
            return Truth(value=text == "true")
        case Kind.NUMBER:
            read = values.read(_NUMBER, [text])
            return Number(Decimal(read[0].text) if read else Decimal(0))
        case Kind.DATE | Kind.MOMENT:
            day = values.read(_DAY, [text])
            return Day(date.fromisoformat(day[0].text)) if day else Given("today")
        case _:
            return Text(text)


def _value(term: Term, clause: Clause, colleagues: Mapping[str, str]) -> str:
    if clause.operator in ("within", "in the next"):
        number, unit = clause.values
        assert isinstance(number, Number)
        count = showing.number(int(number.value))
        name = unit.name if isinstance(unit, Name) else "days"
        return _("{n} {unit}").format(n=count, unit=_(_UNITS.get(name, name)))
    return showing.listing(_one(term, value, colleagues) for value in clause.values)


def _one(term: Term, value: Node, colleagues: Mapping[str, str]) -> str:
    match value:
        case Given(word=name):
            return _(_CROWDS.get(name, name))
        case Name(name):
            key = next((one for one in term.options if one.lower() == name), name)
            return values.shown(term.field, key, {}) or name
        case Text(text) if term.kind is Kind.USER:
            return colleagues.get(text, text)
        case Text(text) if term.kind in (Kind.CHOICE, Kind.CHOICES):
            return term.field.option(text)
        case Text(text):
            return text
        case Number(number):
            return showing.number(int(number)) if number == int(number) else f"{number:f}"
        case Day(day):
            return showing.date_of(day)
        case Truth(yes):
            return _("Yes") if yes else _("No")
        case _:
            return formulas.write(value)
