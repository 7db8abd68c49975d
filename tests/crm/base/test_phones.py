"""Numbers in the one spelling in which they are stored."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import phones

NUMBERS = [
    ("541 220 118", "CZ", "+420541220118"),
    ("+420 541 220 118", "", "+420541220118"),
    ("00420541220118", "PL", "+420541220118"),
    ("tel:+420541220118", "", "+420541220118"),
    ("+44 (0) 20 7946 0958", "", "+442079460958"),
    ("0711/12345-678", "DE", "+4971112345678"),
    ("8 (495) 123-45-67", "ru", "+74951234567"),
    ("۰۲۱ ۸۸۷۷ ۶۶۵۵", "IR", "+982188776655"),
    ("061 123 456", "BA", "+38761123456"),
    ("22 635 00 00", "PL", "+48226350000"),
    ("+420 541 220 118 ext. 12", "", "+420541220118;ext=12"),
    ("541 220 118, klapka 12", "CZ", "+420541220118;ext=12"),
    ("22 635 00 00 wew. 7", "PL", "+48226350000;ext=7"),
    ("8 495 123-45-67 (доб. 123)", "RU", "+74951234567;ext=123"),
    ("۰۲۱ ۸۸۷۷ ۶۶۵۵ داخلی ۴", "IR", "+982188776655;ext=4"),
]
NONE = [
    ("", "CZ"), ("abc", "CZ"), ("+", ""), ("12345", "CZ"), ("541 220 118", ""),
    ("541 220 118", "XX"), ("+999 123 456 789", ""), ("1" * 61, "CZ"), ("541\x00220", "CZ"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "region", "number"), NUMBERS)
def test_a_number_is_written_for_the_world(text: str, region: str, number: str) -> None:
    assert phones.normal(text, region) == number


@pytest.mark.parametrize(("text", "region"), NONE)
def test_what_nobody_can_call_is_no_number(text: str, region: str) -> None:
    assert phones.normal(text, region) == ""


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+420541220118", "+420 541 220 118"),
        ("+420541220118;ext=12", "+420 541 220 118, ext. 12"),
        ("5555-123", "5555-123"),
    ],
)
def test_a_number_is_shown_as_people_read_it(number: str, read: str) -> None:
    assert phones.shown(number) == read


@given(
    st.text(st.sampled_from("0123456789+() -/x;ext=.#доб٤۴"), max_size=30) | st.text(max_size=70),
    st.sampled_from(["", "CZ", "IR", "RU", "US", "IT", "BA", "XX", "??"]),
)
def test_what_is_stored_is_a_number_already(text: str, region: str) -> None:
    number = phones.normal(text, region)

    assert number == "" or phones.normal(number, "") == number
    assert phones.shown(number) or not number


def test_nobody_opens_the_numbering_plans_who_meets_no_number() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from crm.base import phones; phones.normal('none', 'CZ');"
            " print('phonenumbers' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "False"
