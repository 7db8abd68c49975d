"""Clauses: a filter as chips and back, and None where it is more than chips."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.formulas import Clause, Field, Kind, check, clauses, join, operators, parse, write
from crm.base.formulas.clauses import takes_words, word
from crm.base.formulas.syntax import COMPARISONS, LISTS, SPANS, UNITS, Given, Name, Number, Text
from crm.base.formulas.syntax import Truth as TruthNode
from tests.crm.base.formulas.growing import FIELDS, wild

TRUE = TruthNode(value=True)


def test_a_filter_is_a_row_of_chips() -> None:
    node = parse('owner = me and seen within 60 days and tags has any (a, "b c") and name is empty')

    found = clauses(node)

    assert found == (
        Clause("owner", "=", (Given("me"),)),
        Clause("seen", "within", (Number(Decimal(60)), Name("days"))),
        Clause("tags", "has any", (Name("a"), Text("b c"))),
        Clause("name", "is empty"),
    )
    assert join(found) == node


def test_a_filter_of_nothing_is_always_true() -> None:
    assert clauses(TRUE) == ()
    assert join(()) == TRUE


def test_a_field_of_truth_alone_is_a_chip() -> None:
    assert clauses(parse("active")) == (Clause("active", "=", (TRUE,)),)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 or b = 2",
        "not a = 1",
        "a + 1 = 2",
        "lower(a) is empty",
        "a = -(1)",
        "(a = b) = c",
        "a = 1 and (b = 2 or c = 3)",
        "1 = a",
        "a < b",
    ],
)
def test_what_is_more_is_none(text: str) -> None:
    assert clauses(parse(text)) is None


def test_who_knows_the_fields_knows_a_value_from_a_field() -> None:
    assert clauses(parse("stage = won"), FIELDS) is not None
    assert clauses(parse("owner = author"), FIELDS) is None
    assert clauses(parse("amount = seats"), FIELDS) is None
    assert clauses(parse("amount = seats")) is not None


VALUES = st.one_of(
    st.decimals(-1000, 1000, places=2).map(Number),
    st.text("ab \"\\'", max_size=4).map(Text),
    st.sampled_from([Given("me"), Given("today"), TRUE]),
)
WORDS = st.sampled_from(["lead", "in", "Not yet", "x2"]).map(word)
FIELD = st.sampled_from(list(FIELDS))
CHIPS = st.one_of(
    st.builds(Clause, FIELD, st.sampled_from(COMPARISONS), st.tuples(VALUES)),
    st.builds(Clause, FIELD, st.sampled_from(["=", "!=", "has"]), st.tuples(WORDS)),
    st.builds(
        Clause,
        FIELD,
        st.sampled_from(LISTS),
        st.lists(VALUES | WORDS, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(
        Clause,
        FIELD,
        st.sampled_from(SPANS),
        st.tuples(
            st.integers(0, 1200).map(lambda n: Number(Decimal(n))), st.sampled_from(UNITS).map(Name)
        ),
    ),
    st.builds(Clause, FIELD, st.sampled_from(["is empty", "is not empty"])),
)


@given(st.lists(CHIPS, max_size=6).map(tuple))
def test_chips_come_back_as_they_were_joined(chips: tuple[Clause, ...]) -> None:
    assert clauses(join(chips)) == chips
    assert clauses(parse(write(join(chips)))) == chips


@given(wild)
def test_any_tree_is_chips_or_none(tree) -> None:
    found = clauses(tree)

    assert found is None or clauses(join(found)) == found


def test_a_key_is_bare_where_it_can_be() -> None:
    assert word("lead") == Name("lead")
    assert word("in") == Text("in")
    assert word("Not yet") == Text("Not yet")


SAMPLES = {
    Kind.TEXT: Text("x"),
    Kind.NUMBER: Number(Decimal(1)),
    Kind.DATE: Given("today"),
    Kind.MOMENT: Given("today"),
    Kind.TRUTH: TRUE,
    Kind.USER: Given("me"),
    Kind.CHOICE: Name("lead"),
    Kind.CHOICES: Name("lead"),
}


@pytest.mark.parametrize("kind", Kind)
def test_every_chip_that_is_offered_means_something(kind: Kind) -> None:
    fields = {"it": Field(kind)}

    for operator in operators(kind):
        values = {
            "none": (),
            "one": (SAMPLES[kind],),
            "several": (SAMPLES[kind], SAMPLES[kind]),
            "span": (Number(Decimal(2)), Name("weeks")),
        }[operator.takes]
        clause = Clause("it", operator.sign, values)

        checked = check(join([clause]), fields, wants=Kind.TRUTH)

        assert clauses(parse(write(checked.node)), fields) == (clause,)
        assert operator.label


def test_bare_words_are_values_of_choices_alone() -> None:
    assert [kind for kind in Kind if takes_words(kind)] == [Kind.CHOICE, Kind.CHOICES]
