"""Money: what people type, and what they read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.base import digits, money
from crm.base.errors import InvalidError
from crm.base.money import Money


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("48000", "EUR", 4_800_000),
        ("48,000.50", "EUR", 4_800_050),
        ("48.000,50", "EUR", 4_800_050),
        ("48 000,50", "CZK", 4_800_050),
        ("48\xa0000,5", "CZK", 4_800_050),
        ("48'000.50", "CHF", 4_800_050),
        ("12,34,567.00", "INR", 123_456_700),
        ("1.000.000", "EUR", 100_000_000),
        ("48.000", "EUR", 4_800_000),
        ("۴۸٬۰۰۰٫۵۰", "EUR", 4_800_050),
        ("٤٨٠٠٠", "EUR", 4_800_000),
        ("150", "JPY", 150),
        ("2", "KWD", 2_000),
        (" 1 ", " eur ", 100),
        ("0", "EUR", 0),
    ],
)
def test_an_amount_is_read_in_all_usual_spellings(typed: str, currency: str, minor: int) -> None:
    assert money.parse(typed, currency) == Money(minor, currency.strip().upper())


@pytest.mark.parametrize(("typed", "minor"), [("1250", 1_250_000), ("1,250.5", 1_250_500)])
def test_of_three_decimals_what_may_be_either_is_refused(typed: str, minor: int) -> None:
    assert money.parse(typed, "KWD").minor == minor
    for either in ("1.250", "1,250"):
        with pytest.raises(InvalidError, match="thousand"):
            money.parse(either, "KWD")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "-5",
        "+5",
        "−5",
        "5 EUR",
        ".",
        "1.2a",
        "nan",
        "inf",
        "1e5",
        "1_000",
        "0.500",
        "0,500",
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed: str) -> None:
    with pytest.raises(InvalidError):
        money.parse(typed, "EUR")


@given(st.text(st.characters(), max_size=30), st.text(max_size=5) | st.just("EUR"))
@example("1e999999", "EUR")
@example("sNaN", "EUR")
@example("9" * 5000, "EUR")
def test_any_text_is_an_amount_or_refused(typed: str, currency: str) -> None:
    try:
        read = money.parse(typed, currency)
    except InvalidError:
        return
    assert 0 <= read.minor <= money.LARGEST


def test_nothing_of_an_amount_is_dropped_in_silence() -> None:
    with pytest.raises(InvalidError):
        money.parse("1.5", "JPY")  # There is no half of a yen.
    with pytest.raises(InvalidError, match="An amount in IRR has no decimals"):
        money.parse("۱٬۲۳۴٫۵", "IRR")


@pytest.mark.parametrize("currency", ["", "XYZ", "X" * 3, "XTS", "EURO", "€", "E\x00R"])
def test_a_currency_is_a_code_that_exists(currency: str) -> None:
    with pytest.raises(InvalidError):
        money.parse("5", currency)


def test_an_amount_is_at_most_what_sums_leave_room_for() -> None:
    assert money.parse(str(money.LARGEST), "JPY").minor == money.LARGEST
    with pytest.raises(InvalidError, match=r"between 0 and ¥1,000,000,000,000,000\."):
        money.parse(str(money.LARGEST + 1), "JPY")
    with pytest.raises(InvalidError, match=r"between 0 and €10,000,000,000,000\."):
        money.parse("10,000,000,000,000.01", "EUR")


@pytest.mark.parametrize(
    ("amount", "whole"),
    [(Money(150, "JPY"), "150"), (Money(150, "EUR"), "1.50"), (Money(1234, "KWD"), "1.234")],
)
def test_the_currency_says_how_many_minor_units_make_a_whole(amount: Money, whole: str) -> None:
    assert amount.amount == Decimal(whole)


@pytest.mark.parametrize(
    ("amount", "language", "shown"),
    [
        (Money(4_800_000, "EUR"), "en", "€48,000"),
        (Money(4_800_050, "EUR"), "en", "€48,000.50"),
        (Money(4_800_000, "CZK"), "cs", "48\xa0000\xa0Kč"),
        (Money(4_800_050, "CZK"), "cs", "48\xa0000,50\xa0Kč"),
        (Money(4_800_000, "EUR"), "bs", "48.000\xa0€"),
        (Money(150_050, "CZK"), "en", "CZK\xa01,500.50"),
        (Money(150_000, "CHF"), "en", "CHF\xa01,500"),
        (Money(150, "JPY"), "en", "¥150"),
        (Money(0, "EUR"), "pl", "0\xa0€"),
        (Money(4_800_000, "EUR"), "fa", "۴۸٬۰۰۰\xa0یورو"),
        (Money(4_800_050, "EUR"), "fa", "۴۸٬۰۰۰٫۵۰\xa0یورو"),
        (Money(48_000_001, "KWD"), "fa", "۴۸٬۰۰۰٫۰۰۱\xa0دینار کویت"),
    ],
)
def test_an_amount_is_written_as_its_reader_would(amount: Money, language: str, shown: str) -> None:
    assert money.show(amount, language) == shown


@given(
    st.integers(0, money.LARGEST),
    st.sampled_from(["EUR", "JPY", "KWD", "CZK"]),
    st.sampled_from(["en", "cs", "pl", "ru", "bs", "fa"]),
)
def test_no_digit_is_lost_on_the_way_to_the_reader(
    minor: int, currency: str, language: str
) -> None:
    shown = money.show(Money(minor, currency), language)

    said = "".join(c for c in digits.latin(shown) if c.isdecimal()).lstrip("0")
    assert str(minor).startswith(said)
    assert set(str(minor)[len(said) :]) <= {"0"}
