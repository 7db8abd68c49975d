"""Problems: a refusal quotes what fits into a sentence, and names what may have been meant."""

from __future__ import annotations

import pytest

from crm.base.errors import InvalidError
from crm.base.formulas import problems


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("amout", "amount"),
        ("AMOUNT", "amount"),
        ("won", "Won"),
        ("last_mesage", "last_message"),
        ("colour", ""),
        ("", ""),
        ("a" * 100_000, ""),
    ],
)
def test_a_slip_is_told_from_another_word(typed: str, meant: str) -> None:
    assert problems.nearest(typed, ["amount", "last_message", "Won"]) == meant


def test_nothing_is_near_where_nothing_is() -> None:
    assert problems.nearest("amount", []) == ""


def test_what_is_quoted_fits_and_can_be_shown() -> None:
    assert problems.quoted("a" * 50) == "a" * 39 + "…"
    assert problems.quoted("a\0b\ud800") == "a\ufffdb\ufffd"


def test_a_problem_is_a_refused_value_with_a_place() -> None:
    problem = problems.FormulaError("It is not so.", 7)

    assert isinstance(problem, InvalidError)
    assert (str(problem), problem.at) == ("It is not so.", 7)
