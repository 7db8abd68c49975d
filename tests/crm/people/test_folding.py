"""Names in plain letters, and the key under which their spellings meet."""

import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import folding

FOLDED = [
    ("Иванов", "ivanov"), ("Řehoř", "rehor"), ("Łukasz", "lukasz"), ("Müller", "muller"),
    ("Đorđe", "dorde"), ("Ђорђе", "dorde"), ("Weiß", "weiss"), ("رستمی", "rstmy"),
    ("رستمي", "rstmy"), ("علی‌رضا", "lyrza"), ("Хрущёв", "khrushchev"), ("Ёлкин", "elkin"),
    ("Παπάς", "papas"), ("O'Brien", "obrien"), ("O’Brien", "obrien"), ("Anne-Marie", "anne marie"),
    ("  J.  K. ", "j k"), ("۱۴۰۲", "1402"), ("ＡＢＣ", "abc"), ("İzmir", "izmir"),
    ("и\u0306од", "yod"), ("\x00a\x00b\u200b", "a b"), ("張偉", "張偉"), ("ｶﾞ", "ガ"),
    ("हिन्दी", "हिन्दी"), ("김", "김"), ("!?…", ""), ("a💙b", "a b"),
]  # fmt: skip
MEETING = [
    "Иванов Ivanov Iwanow Ivanoff Iwanov",
    "Щербаков Shcherbakov Ščerbakov Szczerbakow Schtscherbakow",
    "Юлия Yulia Julia Julija",
    "Müller Mueller Muller",
    "Đorđe Djordje Dorde Ђорђе",
    "Чайковский Tchaikovsky Čajkovskij Czajkowski",
    "Хасан Hasan Khasan حسن",
    "محمد Mohammad Mohammed Muhammad Мухаммад",
    "Чехов Chekhov Čechov Czechow Tschechow",
    "Соловьёв Solovyov Solovev Sołowjow Solowjew",
    "Black-Doležal Dolezal-Black",
    "یوسف Yousef Yusuf",
    "جواد Javad",
    "نوید Navid",
    "فاطمه Fatemeh Fatima",
    "عبدالله Abdullah",
]


@pytest.mark.parametrize(("written", "folded"), FOLDED)
def test_a_text_is_folded_to_plain_letters(written: str, folded: str) -> None:
    assert folding.fold(written) == folded


@pytest.mark.parametrize("spellings", MEETING)
def test_the_spellings_of_a_name_meet_in_one_key(spellings: str) -> None:
    assert len({folding.skeleton(name) for name in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Novák Jan", "Jan Novák"),
        ("Ing. Jan Novák, Ph.D.", "jan novak"),
        ("Ludwig von Hagen", "Hagen, Ludwig"),
        ("Иван Иванов", "Ivanov Ivan"),
        ("دکتر رضا رستمی", "Reza Rostami"),
    ],
)
def test_neither_order_nor_titles_nor_particles_part_a_name(one: str, other: str) -> None:
    assert folding.skeleton(one) == folding.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Novák", "Nováková"), ("Petr", "Pavel"), ("Ivan", "Jan"), ("حسن", "محمد")]
)
def test_names_that_sound_otherwise_are_kept_apart(one: str, other: str) -> None:
    assert folding.skeleton(one) != folding.skeleton(other)


@given(st.text(max_size=60))
def test_what_is_folded_is_folded_already(text: str) -> None:
    folded = folding.fold(text)

    assert folding.fold(folded) == folded
    assert "\x00" not in folded
    assert folded == " ".join(folded.split())
    assert not any("A" <= sign <= "Z" for sign in folded)


@given(
    st.text(st.sampled_from("aéйиё\u0306\u0301\u0327\u3099ｶがङ\u0654ﷺﬁ'’. -\u200c"), max_size=40)
)
def test_marks_that_stand_alone_fold_for_good(text: str) -> None:
    folded = folding.fold(text)

    assert folding.fold(folded) == folded


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_skeleton_minds_no_order_and_no_form(one: str, other: str) -> None:
    key = folding.skeleton(f"{one} {other}")

    assert "\x00" not in key
    assert key == " ".join(key.split())
    assert key == folding.skeleton(unicodedata.normalize("NFD", f"{one} {other}"))


@pytest.mark.parametrize(
    "sign", ["a", "щ", "ﷺ", "漢", "é ", "\u0327\u0301", "a\u0327\u0301", "क्", ".", "\x00", "👩‍👩"]
)
def test_a_megabyte_of_anything_takes_no_second(sign: str) -> None:
    text = sign * (1_000_000 // len(sign.encode()))

    begun = perf_counter()
    folding.fold(text)
    folding.skeleton(text)

    assert perf_counter() - begun < 1
