"""Numbers that one calls."""

import pytest

from crm.base.addresses import Address
from sync.reading import phones

NUMBERS = [
    ("+44 20 7946 0958 Phone", "", "+442079460958"),
    ("Tel.: 030 901820-11", "DE", "+4930901820" + "11"),
    ("T: +49 (0)30 901820", "", "+4930901820"),
    ("Mobil: 00420 603 123 456", "", "+420603123456"),
    ("тел. 8 495 123-45-67", "RU", "+74951234567"),
    ("تلفن: ۰۲۱ ۸۸۷۷ ۶۶۵۵", "IR", "+982188776655"),
    ("電話: 03-1234-5678", "JP", "+81312345678"),
    ("Office +1 415 555 0123 x123", "", "+14155550123"),
    ("(555) 123-4567", "", "(555) 123-4567"),
    ("0171 2345678", "de", "+491712345678"),  # The country of a number beside it.
    ("202 555 0100", "de", "202 555 0100"),  # Not as one dials there.
    ("Tel. +49 89 12345-678", "", "+498912345678"),
    ("Tel: 0711/12345-678", "DE", "+4971112345678"),
    ("Tel 5555-123 Mobile", "", "5555-123"),
    ("Phone 020 1234-567 Mobile", "", "020 1234-567"),
    ("(555) 123-4567", "FR", "(555) 123-4567"),
]
NONE = [
    "221B Baker Street, NW1 6XE", "Houston, TX 77002-7361", "IČO: 12345678", "VAT 123456789",
    "12.05.2025",
    "We have sold 1 234 567 bells since 1871 in all the towns",
    "IBAN CZ65 0800 0000 1920 0014 5399", "10115 Berlin",
    "1100-053 Lisboa", "〒100-0005 東京都", "CEP 01310-100 São Paulo",
    "123456789",
]  # fmt: skip


@pytest.mark.parametrize(("line", "country", "number"), NUMBERS)
def test_a_number_is_written_for_the_world_where_its_country_is_known(line, country, number):
    assert [phone.number for phone in phones.of_line(line, country)] == [number]


@pytest.mark.parametrize("line", NONE)
def test_other_digits_are_no_number(line):
    assert list(phones.of_line(line, "CZ")) == []


def test_a_fax_is_told_apart_on_the_same_line():
    found = phones.of_line("Tel: +49 30 901820 11 Fax: +49 30 901820 12", "")

    assert [phone.fax for phone in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "email", "country"),
    [
        ("1 Main Street\nNew York, NY 10001", "a@acme.test", "US"),
        ("221B Baker Street, NW1 6XE", "a@acme.test", "GB"),
        ("Praha\nČeská republika", "a@acme.test", "CZ"),
        ("London, UK", "a@acme.cz", "GB"),
        ("Ann", "a@acme.pl", "PL"),
        ("0171 2345678\nT +49 30 901820", "a@acme.test", "de"),
        ("0171 2345678\nT 0049 30 901820", "a@acme.test", "de"),
        ("T +49 30 901820\n+420 603 123 456", "a@acme.test", ""),  # Which of them?
        ("T +49 30 901820", "a@acme.pl", "PL"),
        ("Ann", "a@acme.io", ""),
        ("Ann", "a@acme.test", ""),
    ],
)
def test_the_address_tells_the_country_before_the_domain(text, email, country):
    assert phones.country_of(text, Address(email)) == country
