"""Names of companies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people import firms


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Severka s.r.o.", "SEVERKA, spol. s r.o.", "same"),
        ("Zielony Most sp. z o.o.", "Zielony Most spółka z o.o.", "same"),
        ("Severka Czech Republic", "Severka a.s.", "same"),
        ("شرکت پارس دارو", "پارس دارو", "same"),
        ("ООО «Вектор»", "Vektor LLC", "alphabet"),
        ("شرکت پارس دارو", "Pars Darou Co.", "alphabet"),
        ("Müller & Söhne GmbH", "Mueller und Soehne", "spelling"),
        ("Blue Lantern", "BlueLantern", "spelling"),
        ("Kovotvarna", "Kovotvarma", "letter"),
        ("IBM", "International Business Machines", "abbreviation"),
        ("Wren", "Wren Logistics", "part"),
        ("Tern Ltd", "Terna Ltd", ""),
        ("Česká pošta", "Česká spořitelna", ""),
        ("Alfa 1 s.r.o.", "Alfa 2 s.r.o.", ""),
        ("s.r.o.", "a.s.", ""),
        ("", "", ""),
    ],
)
def test_two_names_agree_by_a_rule(one: str, other: str, rule: str) -> None:
    assert firms.agree(one, other).rule == rule
    assert firms.agree(other, one) == firms.agree(one, other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_agree_as_much_either_way(one: str, other: str) -> None:
    assert firms.agree(one, other) == firms.agree(other, one)
    assert 0 <= firms.agree(one, other).score <= 1
