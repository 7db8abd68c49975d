"""Which lines are quoted, and where a quote ends."""

import pytest

from sync.reading import quoted_lines
from sync.reading.quote_marks import ANNOUNCING, QUOTED


@pytest.mark.parametrize("line", ["> old", "  >old", "\xa0> old", f"{QUOTED}old", f"{ANNOUNCING}x"])
def test_a_line_is_quoted_by_its_first_sign(line):
    assert quoted_lines.is_quoted(line)


@pytest.mark.parametrize("line", ["", "old", "a > b", " ", "| old", "\u2003"])
def test_other_lines_are_not(line):
    assert not quoted_lines.is_quoted(line)


@pytest.mark.parametrize(
    "lines",
    [
        ["> old", "x"],
        ["| old", "| older", "x"],
        ["--]old", "--] older", "x"],
        ["BB> old", "BB> older", "x"],
        ["    old", "    older", "", "\toldest", "x"],
    ],
)
def test_an_announced_quote_is_told_by_what_stands_before_its_lines(lines):
    belongs = quoted_lines.sign_of_quote(lines, 0)

    assert belongs is not None
    assert quoted_lines.quote_end(lines, 0, belongs) == len(lines) - 1


@pytest.mark.parametrize(
    "lines", [["old", "older"], ["    old", "older"], ["[snip]", "x"], ["a>b"], ["(a)> b"]]
)
def test_without_a_sign_it_is_told_by_nothing(lines):
    assert quoted_lines.sign_of_quote(lines, 0) is None


def test_empty_lines_within_belong_to_a_quote_and_those_behind_do_not():
    lines = ["> old", "", "> older", "", "new"]

    assert quoted_lines.quote_end(lines, 0, quoted_lines.is_quoted) == 3


def test_the_end_of_a_broken_line_belongs_to_it():
    long = "> " + "so many words " * 5

    assert quoted_lines.quote_end([long, "follow", "> x"], 0, quoted_lines.is_quoted) == 3
    assert quoted_lines.quote_end([long + "?", "yes", "> x"], 0, quoted_lines.is_quoted) == 1
    assert quoted_lines.quote_end([long, "Yes", "> x"], 0, quoted_lines.is_quoted) == 1
    assert quoted_lines.quote_end([long, "\u2003", "> x"], 0, quoted_lines.is_quoted) == 3
    assert quoted_lines.quote_end([long, "follow", "x"], 0, quoted_lines.is_quoted) == 1


def test_the_next_line_with_words_is_looked_for_nearby():
    assert quoted_lines.next_with_words(["", "\xa0", "x"], 0) == 2
    assert quoted_lines.next_with_words(["", ""], 0) == 2
    assert quoted_lines.next_with_words([""] * 90, 0) < 90
