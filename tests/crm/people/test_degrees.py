"""What stands beside a name and is no part of it."""

import pytest

from crm.people import degrees


@pytest.mark.parametrize(
    "word", ["mudr", "inż", "phd", "dipl-ing", "mr", "دکتر", "خانم", "господин"]
)
def test_a_degree_is_a_title_and_so_is_how_somebody_is_addressed(word: str) -> None:
    assert degrees.is_title(word)


@pytest.mark.parametrize("word", ["jan", "novák", "رضا", ""])
def test_a_name_is_no_title(word: str) -> None:
    assert not degrees.is_title(word)


def test_the_younger_and_the_elder_are_two() -> None:
    assert degrees.generation("ml") == degrees.generation("jr") == degrees.generation("мл")
    assert degrees.generation("st") != degrees.generation("ml")
    assert degrees.generation("novák") == ""
