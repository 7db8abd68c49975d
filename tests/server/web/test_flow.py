"""Lines that a program has broken are put together; those of a person are not."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web import flow

LONG = (
    "Our warehouse is at minus two by the doors in the evening, so I would rather see the"
    " scanners there than in a meeting room, and the late shift would like to try them on"
)


@pytest.mark.parametrize("width", [65, 72, 76, 80])
def test_a_paragraph_that_was_broken_is_one_again(width):
    text = f"Hello both,\n\n{textwrap.fill(LONG, width)}\n\nPriya Raman\nKestrel Freight"

    assert flow.joined(text) == f"Hello both,\n\n{LONG}\n\nPriya Raman\nKestrel Freight"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        LONG,
        "Account holder: Northline\nReference: urgent\nAmount: 18,640",
        f"{LONG[:70]}\nPriya",
        "\n".join(f"- {LONG[:68]}" for _ in range(4)),
        "\n".join(f"{n}. {LONG[:68]}" for n in range(4)),
        "\n".join(f"> {LONG[:68]}" for _ in range(4)),
        "\n".join(f"{LONG[:40]}     {LONG[:25]}" for _ in range(4)),
    ],
)
def test_what_a_person_put_on_lines_stays_there(text):
    assert flow.joined(text) == text


@given(st.text(st.sampled_from("ab .-\n"), max_size=400))
def test_no_word_is_lost_or_made(text):
    assert flow.joined(text).split() == text.split()


def test_links_on_lines_of_their_own_stay_there():
    links = "\n".join(f"https://files.halden.test/{n}/" + "x" * 42 for n in range(3))

    assert flow.joined(f"Hello,\n{links}\nAna") == f"Hello,\n{links}\nAna"
