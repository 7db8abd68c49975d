"""Links in a line that kept them as a page has them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import anchors


def test_links_are_taken_off_with_their_words():
    line = "London, <a href=\"bells.test\">UK</a> | <A class=x HREF='https://a.test/x'>T</A> | Ann"

    assert anchors.taken_off(line) == ("London,  |  | Ann", ["bells.test", "https://a.test/x"])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Ann <ann@acme.test>",
        "<a>no page</a>",
        "<a href=x>never closed",
        "<a href=x never closed</a>",
        "<abbr href=x>UK</abbr>",
        "<a href=>nothing</a>",
        "a < b </a>",
    ],
)
def test_what_is_no_link_stays(line):
    assert anchors.taken_off(line) == (line, [])


@given(st.lists(st.sampled_from(["<a ", "</a>", "href=", "x", ">", '"', "<", " "])).map("".join))
def test_nothing_is_added(line):
    rest, found = anchors.taken_off(line)

    assert all(link in line for link in found)
    assert len(rest) <= len(line)
    assert bool(found) == (rest != line)


@pytest.mark.parametrize("piece", ["<a href=h", "href=", "<a ", "<a href=x>", "</a>", "<"])
def test_it_is_linear(piece):
    begun = time.process_time()
    anchors.taken_off(piece * 20_000)

    assert time.process_time() - begun < 4 * 0.1
