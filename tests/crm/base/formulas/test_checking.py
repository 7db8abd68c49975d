"""Checking: what means nothing is refused, with its place and what would fit."""

from __future__ import annotations

import pytest
from hypothesis import given

from crm.base.formulas import Field, FormulaError, Kind, check, parse
from crm.base.formulas.checking import key_of, kind_of, names_a_user
from crm.base.formulas.syntax import Name
from tests.crm.base.formulas.growing import FIELDS, meaningful, wild


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("stage = won", Kind.TRUTH),
        ("stage", Kind.CHOICE),
        ('if(stage = "Won", amount * 0.1, 0)', Kind.NUMBER),
        ("if(paid, stage, name)", Kind.TEXT),
        ("if(paid, owner)", Kind.USER),
        ("coalesce(due, born, today)", Kind.DATE),
        ("max(seen, created, now)", Kind.MOMENT),
        ("name & stage & text(amount)", Kind.TEXT),
        ("add_days(created, 30)", Kind.DATE),
        ("tags", Kind.CHOICES),
        ("due < created", Kind.TRUTH),
        ("owner = author or owner != me", Kind.TRUTH),
        ("me = owner", Kind.TRUTH),
        ('owner in (me, my_team, nobody, "ana@example.com")', Kind.TRUTH),
        ("stage = upper(name)", Kind.TRUTH),
        ('stage in (won, "Not yet")', Kind.TRUTH),
        ("tags has anything_at_all", Kind.TRUTH),
        ("paid and not active", Kind.TRUTH),
    ],
)
def test_a_formula_is_of_a_kind(text: str, kind: Kind) -> None:
    checked = check(parse(text), FIELDS)

    assert checked.kind is kind
    assert kind_of(checked.node, FIELDS) is kind


def test_a_formula_knows_what_it_uses_and_bare_values_are_no_fields() -> None:
    checked = check(parse("stage = new and source = name and company.name is empty"), FIELDS)

    assert checked.uses == {"stage", "source", "company.name"}


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("amout = 1", 0, "There is no field “amout”. Do you mean “amount”?"),
        ("1 = colour", 4, "There is no field “colour”. A text stands in double quotes."),
        ("rond(1)", 0, "There is no function “rond”. Do you mean “round”?"),
        ("eval(1)", 0, "There is no function “eval”. There are: if, round, abs,"),
        ("name + 1", 0, "“name” is a text, and does not fit here. What fits: a number."),
        ("amount & name", 0, "“amount” is a number"),
        ("amount = name", 9, "“name” is a text, and does not fit here. What fits: a number."),
        ("paid and amount", 9, "“amount” is a number"),
        ("name < name", 5, "“<” does not fit “name”, which is a text."),
        ("amount contains 1", 7, "“contains” does not fit “amount”"),
        ("tags = vip", 5, "ask by “has”, not by “=”"),
        ("name has vip", 5, "“has” does not fit “name”"),
        ("stage = wonn", 8, "“stage” cannot be “wonn”. Do you mean “won”?"),
        ('stage = "lost"', 8, "“stage” cannot be “lost”. It may be: new, won, Not yet."),
        ("stage in (new, 3)", 15, "“3” is no choice."),
        ("owner = ana", 8, "“ana” is no colleague."),
        ("owner in (today)", 10, "“today” is a day"),
        ("owner in (now)", 10, "“now” is a moment"),
        ("owner = 3", 8, "“3” is a number, and does not fit here. What fits: a colleague."),
        ("amount = me", 9, "“me” is a colleague"),
        ("nobody = owner", 0, "“nobody” stands behind a colleague only"),
        ("if(paid, my_team)", 9, "“my_team” stands behind a colleague only"),
        ("name in (lead)", 9, "“lead” cannot stand in a list."),
        ("created in (today)", 8, "“in” does not fit “created”, which is a moment."),
        ("amount within 3 days", 0, "“amount” is a number"),
        ("abs(1, 2)", 0, "How many values “abs” takes: 1. Here are 2."),
        ("if(paid)", 0, "“if” takes: 2 to 3. Here are 1."),
        ("if(paid, 1, name)", 12, "“name” is a text, and does not fit here. What fits: a number."),
        ("min(due, created)", 9, "“created” is a moment"),
        ("round(amount, seats)", 14, "“seats” is no number of decimals."),
        ("round(amount, 7)", 14, "“round” takes -12 to 6."),
        ("round(amount, 0.5)", 14, "“0.5” is no number of decimals."),
        ("length(tags)", 7, "“tags” is several choices"),
    ],
)
def test_what_means_nothing_is_refused_at_its_place(text: str, at: int, words: str) -> None:
    with pytest.raises(FormulaError) as refused:
        check(parse(text), FIELDS)

    assert words in str(refused.value)
    assert refused.value.at == at


def test_a_formula_gives_what_is_wanted() -> None:
    assert check(parse("paid"), FIELDS, wants=Kind.TRUTH).kind is Kind.TRUTH
    assert check(parse("stage"), FIELDS, wants=Kind.TEXT).kind is Kind.CHOICE

    with pytest.raises(FormulaError, match="What fits: true or false"):
        check(parse("amount"), FIELDS, wants=Kind.TRUTH)


def test_a_choice_is_known_in_any_case() -> None:
    assert key_of("WON", ("won", "lost")) == "won"
    assert key_of("Won", ("won", "Won")) == "Won"
    assert key_of("gone", ("won", "lost")) is None
    assert key_of("Gone", ()) == "Gone"


def test_a_word_beside_a_colleague_may_be_a_field_with_another() -> None:
    fields = {"author": Field(Kind.USER), "name": Field(Kind.TEXT)}

    assert names_a_user(Name("author"), fields)
    assert not names_a_user(Name("name"), fields)
    assert not names_a_user(Name("ana"), fields)


@given(wild)
def test_any_tree_means_something_or_is_refused(tree) -> None:
    try:
        checked = check(tree, FIELDS)
    except FormulaError:
        return

    assert checked.uses <= set(FIELDS)


@given(meaningful)
def test_what_is_grown_to_mean_something_does(tree) -> None:
    assert check(tree, FIELDS).uses <= set(FIELDS)
