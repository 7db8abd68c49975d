"""Words: any text is cut once, or refused where it cannot be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.formulas import FormulaError, words
from tests.crm.base.formulas.growing import anything


def test_a_formula_is_cut_into_words_with_their_places() -> None:
    cut = words.split('Owner >= 12.50 & "a \\"b\\" \\\\"')

    assert [(word.kind, word.text, word.at) for word in cut] == [
        ("name", "owner", 0),
        ("sign", ">=", 6),
        ("number", "12.50", 9),
        ("sign", "&", 15),
        ("text", 'a "b" \\', 17),
        ("end", "", 29),
    ]


def test_digits_may_be_typed_in_persian() -> None:
    cut = words.split("۱۲.۵ ۲۰۲۶-۱۱-۲۴")

    assert [word.text for word in cut] == ["12.5", "2026-11-24", ""]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a ! b", 2),
        ("a = 'x'", 4),
        ('a = "x', 4),
        ('a = "\\n"', 4),
        ("é", 0),
        ("12abc", 0),
        ("a; drop table b", 1),
        ("a\0", 1),
        ('"a\0"', 0),
        ('"\ud800"', 0),
        ("1234567890123456", 0),
        ("1.1234567", 0),
        ('"' + "x" * 501 + '"', 0),
        ("x" * 4001, 4000),
        (" " * 20_001, 4000),
    ],
)
def test_what_is_no_word_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(FormulaError) as refused:
        words.split(text)

    assert refused.value.at == at


def test_white_space_between_words_is_not_counted() -> None:
    assert len(words.split("a" + " " * 10_000 + "b")) == 3


@given(st.text() | anything)
def test_words_cover_the_text_or_it_is_refused(text: str) -> None:
    try:
        cut = words.split(text)
    except FormulaError:
        return

    assert [word.at for word in cut] == sorted({word.at for word in cut})
    assert cut[-1] == words.Word("end", "", len(text))


@pytest.mark.parametrize("text", ['"' + "a" * 19_000, '"' + "\\" * 19_000, "1" * 4000 + "a"])
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()

    with pytest.raises(FormulaError):
        words.split(text)

    assert time.process_time() - began < 0.1


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=500))
def test_a_text_comes_back_out_of_its_quotes(text: str) -> None:
    assert words.split(words.escaped(text))[0].text == text


def test_a_plain_word_is_what_a_name_may_be() -> None:
    assert words.is_plain("lead_2")
    assert not any(map(words.is_plain, ["", "Lead", "2nd", "a b", "a.b", "é", "a-b"]))
