"""Which lines are a postal address."""

import pytest

from sync.reading import places

PLACES = [
    "123 Main Street, Suite 100", "New York, NY 10001", "221B Baker Street, NW1 6XE, London",
    "London, UK", "10115 Berlin",
    "MÜNCHEN 80331 Germany", "IM GARTEN 10115 BERLIN", "PLZ:10115 Berlin", "PSČ:110 00 Praha",
    "EN 1 Main Street", "Via EN 5, 20100 Milano", "1100-053 Lisboa",
    "Turmstraße 12", "Vodičkova 5, 110 00 Praha 1", "ul. Długa 3", "00-950 Warszawa",
    "Address: 5 Hill Road", "12 rue du Bac",
    "75007 Paris", "Calle Mayor 3, 28013 Madrid", "Via Roma 7", "1011 AB Amsterdam",
    "ул. Ленина, д. 5", "〒100-0001 東京都",
]  # fmt: skip
NONE = [
    "Ann Berg",
    "Director of Sales",
    "Acme Ltd.",
    "Bells, and what belongs to them",
    "IČO: 12345678",
    "ISO 9001:2008 zertifiziert",
    "DIN EN ISO 9001 certified",
    "Certified to ISO 9001 and 14001 standards",
    "ISO  9001 certified",
    "IATF 16949 certified",
    "VDE 0100 geprüft",
    "Rev 2024-123 Draft",
    "No. 1",
    "",
]


@pytest.mark.parametrize("line", PLACES)
def test_a_street_or_a_town_with_its_number_is_a_place(line):
    assert places.is_place(line)


@pytest.mark.parametrize("line", NONE)
def test_other_lines_are_none(line):
    assert not places.is_place(line)


def test_the_lines_of_an_address_are_joined():
    lines = ["Ann", "Address: 1 Main Street", "Floor 2", "New York, NY 10001", "USA", "x"]

    assert places.joined(lines, [1, 2, 3]) == "1 Main Street, Floor 2, New York, NY 10001, USA"
    assert places.joined(lines, []) == ""
    assert places.labelled("Adresa: Praha 1") == "Praha 1"
