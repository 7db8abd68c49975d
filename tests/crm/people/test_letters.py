"""Tables of letters, as they are read."""

import unicodedata

import pytest

from crm.people import letters

TABLES = (letters.CYRILLIC, letters.GREEK, letters.LATIN, letters.ARABIC, letters.BARE_ARABIC)


def test_a_row_gives_each_of_its_columns_and_the_last_for_those_it_lacks() -> None:
    table = "щ shch sC; ь -\nа a"

    assert letters.rows(table, 1) == {"щ": "shch", "ь": "", "а": "a"}
    assert letters.rows(table, 2) == {"щ": "sC", "ь": "", "а": "a"}
    assert letters.choices(table) == {"щ": ("shch", "sC"), "ь": ("-",), "а": ("a",)}


@pytest.mark.parametrize("table", TABLES)
def test_every_letter_is_small_and_whole_and_becomes_plain_ones(table: str) -> None:
    for letter, plain in letters.rows(table, 1).items():
        assert len(letter) == 1
        assert letter in {letter.lower(), "ſ"}
        assert unicodedata.normalize("NFC", letter) == letter
        assert plain == "" or (plain.isascii() and plain.islower())
