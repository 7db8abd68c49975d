"""What fields say: read as people type it, written as they read it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import i18n, ids
from crm.base.errors import InvalidError
from crm.base.money import Money
from crm.workspace import values
from crm.workspace.fields import Field, FieldType

OPTIONS = (("small", "Small shop"), ("big", "Big shop"))


def field(kind: FieldType, **more: object) -> Field:
    return Field("contact", "x", "Size", kind, OPTIONS, id=ids.new(), **more)  # type: ignore[arg-type]


def read(kind: FieldType, *typed: str, **more: object) -> str:
    return values.joined(values.read(field(kind, **more), typed))


@pytest.mark.parametrize(
    ("kind", "typed", "text"),
    [
        (FieldType.TEXT, "  two   words ", "two words"),
        (FieldType.LONG_TEXT, "one\r\n two  ", "one\ntwo"),
        (FieldType.CHOICE, "small", "small"),
        (FieldType.CHOICE, "BIG SHOP", "big"),
        (FieldType.EMAIL, "Jana@Severka.Test", "jana@severka.test"),
        (FieldType.PHONE, "+۴۲۰ ۵۴۱ 220 118", "+420 541 220 118"),
        (FieldType.URL, "severka.test/en", "https://severka.test/en"),
        (FieldType.URL, "http://severka.test:8080/a?b=c", "http://severka.test:8080/a?b=c"),
        (FieldType.NUMBER, "1,234.50", "1234.5"),
        (FieldType.NUMBER, "-0.000001", "-0.000001"),
        (FieldType.NUMBER, "−7", "-7"),
        (FieldType.NUMBER, "۱٬۲۳۴٫۵", "1234.5"),
        (FieldType.NUMBER, "12,5", "12.5"),
        (FieldType.PERCENT, "12.5 %", "12.5"),
        (FieldType.MONEY, "48,000.50", "48000.50 EUR"),
        (FieldType.MONEY, "1000 jpy", "1000 JPY"),
        (FieldType.DATE, "2026-11-24", "2026-11-24"),
        (FieldType.DATE, "۲۰۲۶-۱۱-۲۴", "2026-11-24"),
        (FieldType.CHECKBOX, "on", "true"),
        (FieldType.COUNTRY, "cz", "CZ"),
        (FieldType.COUNTRY, "Czechia", "CZ"),
    ],
)
def test_what_people_type_is_read(kind: FieldType, typed: str, text: str) -> None:
    assert read(kind, typed) == text
    assert read(kind, text) == text
    assert values.parse(field(kind), text) == values.read(field(kind), [text])


@pytest.mark.parametrize(
    ("kind", "typed", "rule"),
    [
        (FieldType.TEXT, "x" * 201, "at most 200"),
        (FieldType.CHOICE, "huge", "no choice “huge”"),
        (FieldType.EMAIL, "jana", "not an address"),
        (FieldType.PHONE, "call me", "not a phone number"),
        (FieldType.URL, "javascript:alert(1)", "not a web address"),
        (FieldType.URL, "ftp://severka.test", "not a web address"),
        (FieldType.URL, "http://[", "not a web address"),
        (FieldType.NUMBER, "twelve", "is a number"),
        (FieldType.NUMBER, "1e9", "is a number"),
        (FieldType.NUMBER, "nan", "is a number"),
        (FieldType.NUMBER, "1000000000001", "lies between"),
        (FieldType.MONEY, "much", "Amount is a number"),
        (FieldType.DATE, "31.12.2026", "2026-12-31"),
        (FieldType.DATE, "1403-01-01", "cannot be right"),
        (FieldType.CHECKBOX, "perhaps", "checked or not"),
        (FieldType.COUNTRY, "Atlantis", "no country"),
        (FieldType.USER, "ana", "nobody called “ana”"),
        (FieldType.FORMULA, "1", "worked out"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_the_value_and_the_rule(
    kind: FieldType, typed: str, rule: str
) -> None:
    with pytest.raises(InvalidError, match=rule) as refused:
        read(kind, typed)

    assert "Size" in str(refused.value) or kind is FieldType.MONEY


def test_nothing_is_nothing_unless_something_must_be_said() -> None:
    for kind in FieldType:
        assert values.read(field(kind), ["", "  ", "\x00"]) == ()
        with pytest.raises(InvalidError, match="Size must not be empty"):
            values.read(field(kind, required=True), [])


def test_several_choices_are_kept_once_and_in_one_order() -> None:
    assert read(FieldType.CHOICES, "small", "Big shop", "small") == "big\nsmall"


def test_a_canonical_text_is_the_same_in_every_language() -> None:
    for kind, text in ((FieldType.NUMBER, "1.234"), (FieldType.MONEY, "1.234 KWD")):
        with i18n.speaking("cs"):
            [value] = values.parse(field(kind), text)

        assert (value.text, value.number) == (text, 1_234_000 if kind is FieldType.NUMBER else 1234)


def test_in_languages_with_decimal_commas_the_comma_divides() -> None:
    with i18n.speaking("cs"):
        assert read(FieldType.NUMBER, "1 234,5") == "1234.5"
        assert read(FieldType.NUMBER, "1.234") == "1234"
        assert read(FieldType.NUMBER, "1.5") == "1.5"


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (FieldType.CHOICE, "small", "Small shop"),
        (FieldType.CHOICE, "gone", "gone"),
        (FieldType.CHOICES, "big\nsmall", "Big shop, Small shop"),
        (FieldType.NUMBER, "1234.5", "1,234.5"),
        (FieldType.PERCENT, "12.5", "12.5\xa0%"),
        (FieldType.MONEY, "48000.50 EUR", "€48,000.50"),
        (FieldType.DATE, "2026-11-24", "24 Nov 2026"),
        (FieldType.CHECKBOX, "true", "Yes"),
        (FieldType.COUNTRY, "CZ", "Czechia"),
        (FieldType.TEXT, "a\u202eb", "ab"),
        (FieldType.NUMBER, "", ""),
    ],
)
def test_a_value_is_written_for_its_reader(kind: FieldType, text: str, shown: str) -> None:
    assert values.shown(field(kind), text, {}) == shown


def test_in_persian_numbers_and_days_are_persian() -> None:
    with i18n.speaking("fa"):
        assert values.shown(field(FieldType.NUMBER), "1234.5", {}) == "۱٬۲۳۴٫۵"
        assert values.shown(field(FieldType.DATE), "2026-11-24", {}) == "۳ آذر ۱۴۰۵"
        assert read(FieldType.NUMBER, "۱٬۲۳۴٫۵") == "1234.5"


def test_a_colleague_is_written_by_name() -> None:
    ana = ids.new()

    assert values.shown(field(FieldType.USER), str(ana), {ana: "Ana"}) == "Ana"
    assert values.shown(field(FieldType.USER), str(ana), {}) == ""


@given(st.sampled_from(FieldType), st.lists(st.text(max_size=300), max_size=3))
def test_whatever_is_typed_is_a_value_or_a_refusal(kind: FieldType, typed: list[str]) -> None:
    asked = field(kind)
    found: tuple[values.Value, ...] = ()
    with suppress(InvalidError):
        found = values.read(asked, typed)
    for value in found:
        assert len(value.key) <= 100
        assert "\x00" not in value.text
    values.shown(asked, values.joined(found), {})


@given(st.integers(-(10**18), 10**18))
def test_a_number_is_found_by_its_millionths(millionths: int) -> None:
    whole, rest = divmod(abs(millionths), 10**6)
    typed = f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}"
    [value] = values.read(field(FieldType.NUMBER), [typed])

    assert value.number == millionths


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD", "IRR"]))
def test_an_amount_is_read_as_it_was_written(minor: int, code: str) -> None:
    money = Money(minor, code)

    assert values.amount(values.written(money)) == money
