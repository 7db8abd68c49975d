"""What SQL makes of a formula is what it means: beside a slow evaluator, on PostgreSQL."""

from __future__ import annotations

import inspect
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, column

from crm.base import formulas
from crm.base.formulas import sql as made
from crm.base.formulas.syntax import Binary, Name, Text
from tests.crm.base.formulas.computing import NOTHING, computed, sql
from tests.crm.base.formulas.evaluating import evaluate, lower
from tests.crm.base.formulas.growing import ANN, BO, CY, FIELDS, ME, SETTING, meaningful, rows

ON_POSTGRESQL = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(ON_POSTGRESQL, max_examples=300)
@given(node=meaningful, among=st.lists(rows, min_size=1, max_size=3))
def test_sql_gives_what_the_formula_means(connection, node, among):
    checked = formulas.check(node, FIELDS)

    assert computed(connection, checked, among) == [
        evaluate(checked, row, SETTING) for row in among
    ]


@pytest.mark.parametrize(
    ("text", "row", "truth"),
    [
        ("amount = 1", {}, False),
        ("amount != 1", {}, True),
        ("amount != amount", {}, True),
        ("not amount > 1", {}, True),
        ("amount + 1 is empty", {}, True),
        ("amount / 0 is empty", {"amount": Decimal(5)}, True),
        ("amount % 0 is empty", {"amount": Decimal(5)}, True),
        ("paid and true", {}, False),
        ("not paid", {}, True),
        ("paid is empty", {}, True),
        ("(paid = true) is empty", {}, False),
        ("name is empty", {"name": ""}, True),
        ("trim(name) is empty", {"name": "  "}, True),
        ('name = "ÁCS zrt"', {"name": "ács ZRT"}, True),
        ('name contains "%"', {"name": "abc"}, False),
        ('name contains "_\\\\"', {"name": "x_\\y"}, True),
        ('name starts with "Ac"', {"name": "ACME"}, True),
        ('name starts with "cm"', {"name": "ACME"}, False),
        ("owner = me", {"owner": ME}, True),
        ("owner = my_team", {"owner": ANN}, True),
        ("owner = my_team", {"owner": BO}, False),
        ("owner = nobody", {}, True),
        ("owner != nobody", {}, False),
        ("owner != me", {}, True),
        ('owner = "BO@example.com"', {"owner": BO}, True),
        ('owner = "gone@example.com"', {"owner": CY}, False),
        ('owner != "gone@example.com"', {"owner": CY}, True),
        ("owner in (nobody, me)", {}, True),
        ("if(owner = me, owner, author) = nobody", {}, True),
        ("stage = NOT_YET or stage = WON", {"stage": "won"}, None),
        ("stage = WON", {"stage": "won"}, True),
        ('stage in ("not yet", won)', {"stage": "Not yet"}, True),
        ("tags has vip", {"tags": ("vip", "expo")}, True),
        ("tags has any (vip, x)", {"tags": ("expo",)}, False),
        ("tags has all (vip, expo)", {"tags": ("expo", "vip")}, True),
        ("tags has all (vip, expo)", {"tags": ("expo",)}, False),
        ("tags is empty", {"tags": ()}, True),
        ("tags is empty", {}, True),
        ("not tags has vip", {}, True),
        ("due within 1 day", {"due": date(2026, 11, 23)}, True),
        ("due within 1 day", {"due": date(2026, 11, 25)}, False),
        ("due in the next 1 week", {"due": date(2026, 12, 1)}, True),
        ("add_days(due, 1) within 0 days", {"due": date(2026, 11, 23)}, True),
        (
            "days_between(created, today) = 1",
            {"created": datetime(2026, 11, 22, 23, tzinfo=UTC)},
            True,
        ),
        ("created = today", {"created": datetime(2026, 11, 23, 23, 0, tzinfo=UTC)}, True),
        ("created < today", {"created": datetime(2026, 11, 23, 22, 59, tzinfo=UTC)}, True),
        (
            "created = due",
            {"created": datetime(2026, 11, 23, 23, tzinfo=UTC), "due": date(2026, 11, 24)},
            True,
        ),
        ("amount / 3 * 3 = amount", {"amount": Decimal("0.01")}, True),
        ("seats / 2 = 1.5", {"seats": 3}, True),
        ("seats in (1, 2.5)", {"seats": 1}, True),
        ("seats > 2.5", {"seats": 2}, False),
        ("1 < amount and not 1 > amount", {"amount": Decimal(2)}, True),
        ("2 <= amount and 2 >= amount", {"amount": Decimal(2)}, True),
        (
            "today > created and not today < created",
            {"created": datetime(2026, 11, 2, tzinfo=UTC)},
            True,
        ),
        ("true", {}, True),
    ],
)
def test_a_condition_says_what_people_expect(connection, text, row, truth):
    if truth is None:
        with pytest.raises(formulas.FormulaError):
            computed(connection, text, [NOTHING | row])
        return

    assert computed(connection, text, [NOTHING | row]) == [truth]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_is_the_readers(connection, zone):
    here = replace(SETTING, zone=ZoneInfo(zone))
    row = {"created": SETTING.now}
    day = SETTING.now.astimezone(here.zone).date()

    assert computed(connection, f"created = {day}", [row], here) == [True]
    assert computed(connection, "add_days(created, 0)", [row], here) == [day]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("owner = me", "t.owner = %(param_1)s::UUID"),
        ("owner = my_team", "t.owner = ANY (%(param_1)s::UUID[])"),
        ("me = owner", "t.owner = %(param_1)s::UUID"),
        ("owner = nobody", "t.owner IS NULL"),
        ('name = "X"', "t.name = %(param_1)s::VARCHAR"),
        ('name in ("X", "y")', "t.name = ANY (%(param_1)s::TEXT[])"),
        ('name starts with "X"', "t.name ^@ %(param_1)s::VARCHAR"),
        ("stage = won", "t.stage = %(param_1)s::VARCHAR"),
        ("seats >= 5", "t.seats >= %(param_1)s::BIGINT"),
        ("seats in (1, 2)", "t.seats = ANY (%(param_1)s::BIGINT[])"),
        (
            "created within 60 days",
            "t.created >= %(param_1)s::TIMESTAMP WITH TIME ZONE"
            " AND t.created < %(param_2)s::TIMESTAMP WITH TIME ZONE",
        ),
        ("due within 60 days", "t.due >= %(param_1)s::DATE AND t.due < %(param_2)s::DATE"),
        ("created > today", "t.created >= %(param_1)s::TIMESTAMP WITH TIME ZONE"),
    ],
)
def test_a_plain_filter_is_a_plain_comparison(text, condition):
    assert sql(text, folded=["name"]) == condition


HOSTILE = [
    "'; drop table contact; --",
    '"',
    "\\",
    "%s",
    "%(param_1)s",
    ":name",
    "$1",
    "{0}",
    "''",
    "\ufeff\u202e",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_a_value_whatever_it_says(connection, text):
    for operator in ("=", "contains", "starts with"):
        checked = formulas.check(Binary(operator, Name("name"), Text(text)), FIELDS)

        assert computed(connection, checked, [{"name": text}, {"name": "x"}]) == [True, False]
        assert text not in sql(checked) or text in "%(param_1)s"


@settings(ON_POSTGRESQL, max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_every_text_is_found_by_itself(connection, text):
    node = Binary("=", Binary("&", Text(text), Text("")), Name("name"))

    assert computed(connection, formulas.check(node, FIELDS), [{"name": text}]) == [True]
    asked = formulas.check(Binary("contains", Name("name"), Text(text)), FIELDS)
    assert computed(connection, asked, [{"name": text}]) == [True]


@pytest.mark.parametrize("name", ['a"; drop', "a%s", "a:b", "a'b"])
def test_a_fields_name_never_comes_into_sql(name):
    with pytest.raises(formulas.FormulaError):
        formulas.check(formulas.parse(f"{name} = 1"), FIELDS)


WRAPPED = [
    "({} + 1)",
    "(1 - {})",
    "({} * 3)",
    "(1 / {})",
    "(7 % {})",
    "-{}",
    "round({}, -3)",
    "abs(floor({}))",
    "max({}, 1)",
    "coalesce({}, 1)",
    "if(paid, {}, 1)",
    "if({} > 1, 1, 2)",
    "if(not {} in (1, 2), 1, 2)",
    "if(({} != 1) is empty, 1, 2)",
    "if(text({} > 1) = name, 1, 2)",
    "if(paid and (active or {} = 2), 1, 2)",
    "if(add_days(due, {}) within 3 days, 1, 2)",
    "if(add_days(created, {}) < now, 1, 2)",
    "number(text({}))",
    "length(text({}) & name)",
    "days_between(add_days(due, {}), today)",
    "if({}, paid, active)",
    "not {}",
    "(paid and (active or {}))",
    "({}) is not empty",
    "({} = true)",
    "(paid != {})",
]


#: Those that take a condition.
TRUTHS = ("if({},", "not", "(paid", "({}) is", "({} = t")


def nested(wrapping: str, times: int) -> str:
    text = "amount" if not wrapping.startswith(TRUTHS) else "active"
    for _ in range(times):
        text = wrapping.format(text)
    return text


def deepest(wrapping: str) -> int:
    """Return how often something may stand in itself."""
    times = 0
    with suppress(formulas.FormulaError):
        while formulas.parse(nested(wrapping, times + 1)):
            times += 1
    return times


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_sql_grows_as_the_formula_does(wrapping):
    most = deepest(wrapping)
    few, more, many = (len(sql(nested(wrapping, times))) for times in (1, 3, most))

    assert (many - more) / (most - 3) <= max(0, 1.1 * (more - few) / 2)


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_the_deepest_formula_is_computed_wherever_it_is_asked_for(connection, wrapping):
    rows = [{"amount": Decimal(n), "due": date(2026, 11, 24)} for n in ("0", "-0.000001", "1e14")]
    checked = formulas.check(formulas.parse(nested(wrapping, deepest(wrapping))), FIELDS)
    before, here = sys.getrecursionlimit(), len(inspect.stack(0))

    sys.setrecursionlimit(here + 600)  # Of a thousand, with what stands around a page.
    try:
        found = computed(connection, checked, [{}, *rows])
    finally:
        sys.setrecursionlimit(before)

    assert found == [evaluate(checked, NOTHING | row, SETTING) for row in stored([{}, *rows])]


def stored(among):
    """Return rows as the evaluator takes them, with fractions for numbers."""
    return [
        {
            name: Fraction(value) if isinstance(value, Decimal) else value
            for name, value in row.items()
        }
        for row in among
    ]


def test_numbers_that_grow_beyond_all_bounds_are_empty(connection):
    text = " * ".join(["999999999999999"] * 39)

    assert computed(connection, text, [{}]) == [None]
    assert computed(connection, "999999999999999 * 1000", [{}]) == [Fraction(999999999999999000)]
    assert computed(connection, "999999999999999 * 1001", [{}]) == [None]
    assert computed(connection, "amount + 1", [{"amount": Decimal("1e300")}]) == [None]
    assert computed(connection, "amount * 2", [{"amount": Decimal("NaN")}]) == [None]
    assert computed(
        connection, "add_days(due, amount)", [{"amount": Decimal("1e300"), "due": date.max}]
    ) == [None]


def test_huge_texts_are_cut_where_they_are_joined(connection):
    row = {"name": "É" * 2_000_000}

    assert computed(connection, "length(name)", [row]) == [2_000_000]
    assert computed(connection, "length(" + " & ".join(["name"] * 38) + ")", [row]) == [10_000]
    assert computed(connection, "name contains name", [row]) == [True]


@settings(ON_POSTGRESQL, max_examples=100)
@given(st.text("aAßİıΣςσǅЖж", max_size=6), st.text("aAßİıΣςσǅЖж", max_size=6))
def test_case_is_folded_here_as_in_the_database(connection, one, other):
    node = Binary("=", Name("name"), Text(other))

    found = computed(connection, formulas.check(node, FIELDS), [{"name": one}])

    assert found == [lower(one) == lower(other)]


def test_a_condition_and_a_value_are_two_things():
    checked = formulas.check(formulas.parse("paid = true"), FIELDS)
    columns = {"paid": formulas.Plain(column("paid", Boolean()), formulas.Kind.TRUTH)}

    assert "is true" in str(made.value(checked, columns, SETTING))
    assert "is true" not in str(made.condition(checked, columns, SETTING))
