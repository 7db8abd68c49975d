"""Whose name a line is."""

import pytest

from crm.base.addresses import Address
from sync.reading import names

ANN = names.known_as(Address("ann.berg@acme.test", "Ann Berg"))
ROBERT = names.known_as(Address("rsmith@acme.test", "Robert Smith"))


@pytest.mark.parametrize(
    "line",
    ["Ann", "ann", "Ann Berg", "Berg, Ann", "A. Berg", "AB", "Ann Berg - 713-555-0101", "Ann & Bo",
     "AnnBerg", "Ann Berg, Director", "Ann Berg | Acme", "Ann Berg, dipl. oec.",
     "mgr inż. Ann Berg", "doc. MUDr. Ann Berg, Ph.D.", "Ann Berg, mag. iur."],
)  # fmt: skip
def test_a_line_that_begins_with_the_authors_name_is_their_own(line):
    assert names.is_own(line, ANN)


@pytest.mark.parametrize(
    "line",
    ["Bo", "Ann will call you tomorrow about it", "Ann, can you call me", "annual report", ""],
)
def test_a_line_that_says_something_else_is_not(line):
    assert not names.is_own(line, ANN)


@pytest.mark.parametrize("line", ["Bob", "Rob", "Robert", "R. Smith", "Smith"])
def test_short_names_stand_for_long_ones(line):
    assert names.is_own(line, ROBERT)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("mgr inż. Anna Lis", "Anna Lis"),
        ("Dipl.-Ing. (FH) Max Vogel", "Max Vogel"),
        ("doc. MUDr. Pavel Král", "Pavel Král"),
        ("Ma Wei", "Ma Wei"),
        ("Mag", "Mag"),
        ("", ""),
    ],
)
def test_a_name_is_told_apart_from_the_degrees_before_it(line, name):
    assert names.without_degrees(line) == name


def test_who_signs_for_another_is_named_all_the_same():
    assert names.undeputed("i. A. Ann Berg") == "Ann Berg"
    assert names.undeputed("ppa. Ann Berg") == "Ann Berg"
    assert names.undeputed("I. Ann Berg") == "I. Ann Berg"


def test_accents_do_not_matter():
    assert names.is_own("Jiri Novak", names.known_as(Address("info@acme.test", "Jiří Novák")))


def test_nobody_is_told_apart_by_an_address_alone():
    """Two authors without an address are two authors."""
    names.known_as(Address("", "Bo Holm"))

    assert names.is_own("Ann", names.known_as(Address("", "Ann Berg")))
    assert not names.is_own("Ann", names.known_as(None))


@pytest.mark.parametrize("line", ["Bert", "Ann Berg", "J. E. Holm", "Jan van der Berg", "O'Neil"])
def test_what_is_written_like_a_name_may_be_one(line):
    assert names.is_name(line)


@pytest.mark.parametrize(
    "line", ["", "Yes", "see you", "Room 101", "a b c d e f", "Thank you", "Bert!x"]
)
def test_what_is_not_written_like_a_name_is_none(line):
    assert not names.is_name(line)
