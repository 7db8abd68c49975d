"""Short forms, and spellings that no rule of letters brings together."""

import pytest

from crm.people import given_names, sounding


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("bill", "william"), ("honza", "jan"), ("káťa", "kateřina"), ("gosia", "małgorzata"),
        ("саша", "александр"), ("саша", "александра"), ("saša", "aleksandar"), ("даша", "дарья"),
        ("suljo", "sulejman"), ("fata", "fatima"), ("tonda", "antonín"), ("kasia", "katarzyna"),
    ],
)  # fmt: skip
def test_a_short_form_is_a_name_of_its_bearer(short: str, name: str) -> None:
    assert given_names.are_one(sounding.of(short), sounding.of(name))
    assert given_names.are_one(sounding.of(name), sounding.of(short))


@pytest.mark.parametrize(
    ("one", "other"),
    [("jan", "jana"), ("alexander", "alexandra"), ("petr", "pavel"), ("hamed", "hamid")],
)
def test_two_names_are_not_one(one: str, other: str) -> None:
    assert not given_names.are_one(sounding.of(one), sounding.of(other))


def test_spellings_are_no_short_forms() -> None:
    assert given_names.are_spellings(sounding.of("mohammad"), sounding.of("muhamed"))
    assert not given_names.are_spellings(sounding.of("bill"), sounding.of("william"))
    assert "fatemeh" in given_names.spellings(sounding.of("fatima"))
    assert given_names.spellings("nobody") == frozenset()


def test_a_name_that_stands_here_is_known() -> None:
    assert given_names.is_known(sounding.of("Katarzyna".lower()))
    assert not given_names.is_known(sounding.of("kowalska"))
