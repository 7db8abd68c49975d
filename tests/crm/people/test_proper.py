"""The words of a name that are the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import proper


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Doc. RNDr. Luděk Žižka, CSc.", ["luděk", "žižka"]),
        ("Žižka, Luděk", ["žižka", "luděk"]),
        ("Pieter van den Broek", ["pieter", "broek"]),
        ("Zdeněk Hrubeš, Ph.D.", ["zdeněk", "hrubeš"]),
        ("خانم نازنین فرهادی", ["نازنین", "فرهادی"]),
        ("Dr. Li", ["li"]),
        ("Van Le", ["van", "le"]),
        ("Dr.", ["dr"]),
        ("", []),
        (" ., ", []),
    ],
)
def test_titles_and_particles_are_left_out_unless_nothing_else_is_there(
    name: str, words: list[str]
) -> None:
    assert proper.read(name).words == words


def test_which_of_two_is_meant_is_told_and_is_no_word() -> None:
    assert proper.read("Jan Kraus ml.") == (["jan", "kraus"], "younger")
    assert proper.read("Kraus st., Jan") == (["kraus", "jan"], "elder")
    assert proper.read("St. Kraus").generation == ""


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert all(proper.read(text).words)
