"""How words of names sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import sounding


@pytest.mark.parametrize(
    "spellings",
    [
        "щербаков shcherbakov ščerbakov szczerbakow schtscherbakow",
        "müller mueller muller",
        "чайковский tchaikovsky čajkovskij czajkowski",
        "юлия yulia julia julija",
        "войцех wojciech",
        "алексеев alekseev alexeev aleksejew",
        "hannah hana",
        "љубица ljubica",
        "viktor victor wiktor виктор",
    ],
)
def test_spellings_of_a_name_sound_the_same(spellings: str) -> None:
    first, *others = map(sounding.of, spellings.split())

    assert all(sounding.agree(first, other) for other in others)


@pytest.mark.parametrize(
    ("one", "other"), [("koch", "hoch"), ("jan", "jana"), ("beran", "baran"), ("hasan", "husein")]
)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert not sounding.agree(sounding.of(one), sounding.of(other))


@pytest.mark.parametrize(
    ("word", "consonants"),
    [
        ("иванов", "avnv"),
        ("محمد", "mkmd"),
        ("کاوه", "kv"),
        ("یوسف", "jsv"),
        ("yusuf", "jsv"),
        ("ь", ""),
    ],
)
def test_bare_a_word_is_its_consonants(word: str, consonants: str) -> None:
    assert sounding.bare(word) == consonants


def test_words_keep_their_marks_and_lose_what_stands_between() -> None:
    assert sounding.words("O’Hara-Šimek, J.") == ["ohara", "šimek", "j"]
    assert sounding.words("علی‌رضا") == ["علیرضا"]
    assert sounding.is_vowelless("علیرضا")
    assert not sounding.is_vowelless("šimek")


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_is_the_same_which_of_two_is_heard_first(one: str, other: str) -> None:
    for first in sounding.words(one):
        assert sounding.agree(sounding.of(first), sounding.of(first))
        assert len(sounding.bare(first)) <= 3 * sounding.LONGEST
        for second in sounding.words(other):
            a, b = sounding.of(first), sounding.of(second)
            assert sounding.agree(a, b) == sounding.agree(b, a)
