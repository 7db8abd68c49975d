"""Sentences in pieces: nothing is lost, nothing is added, and what was sought is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.pieces import Piece, filled, marked


def hits(text: str, query: str) -> list[str]:
    """Return what is marked of a text."""
    return [piece.text for piece in marked(text, query) if piece.hit]


def whole(pieces: tuple[Piece, ...]) -> str:
    """Return what the pieces say together."""
    return "".join(piece.text for piece in pieces)


def test_places_are_filled_in_the_order_of_the_translation():
    jana, subject = Piece("Jana", strong=True), Piece("Brno", "/inbox/1")

    made = filled("{subject}: {who} psala", who=jana, subject=subject)

    assert made == (subject, Piece(": "), jana, Piece(" psala"))


def test_a_bare_text_fills_a_place_too():
    assert whole(filled("{who} called", who="Sam Okafor")) == "Sam Okafor called"


def test_what_is_put_in_is_not_looked_through_for_places():
    assert whole(filled("{who} wrote", who="{subject}")) == "{subject} wrote"


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Move Brno rollout", "mo", ["Mo"]),
        ("Maya Fischer, Montréal", "mo", ["Mo"]),
        ("Jana Dvořáková", "dvorak", ["Dvořák"]),
        ("Zakłady Wisła", "wis zak", ["Zak", "Wis"]),
        ("Straße", "strass", ["Straß"]),
        ("نگار رستمی", "رست", ["رست"]),
        ("Jana", "ana", []),
        ("Jana", "", []),
        ("Jana", "janas", []),
    ],
)
def test_words_that_begin_as_somebody_types_are_marked(text, query, found):
    assert hits(text, query) == found


def test_a_letter_keeps_the_mark_that_follows_it():
    assert hits("Dvor\u030ca\u0301k", "dvor") == ["Dvor\u030c"]


@given(st.text(), st.text())
def test_marking_changes_no_letter(text, query):
    assert whole(marked(text, query)) == text


@given(st.text(alphabet="abcčdďeěß İﬁ", min_size=1), st.data())
def test_the_beginning_of_a_word_is_found_in_it(text, data):
    words = text.split()
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    start = word[: data.draw(st.integers(1, len(word)))]

    assert hits(text, start)
