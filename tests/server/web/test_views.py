"""Initials: at most two letters of a name."""

from __future__ import annotations

import pytest

from server.web.views import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Kovač", "AK"),
        ("jana@severka.test", "JS"),
        ("Jan van der Berg", "JB"),
        ("Cher", "C"),
        ("نگار رستمی", "نر"),
        ("", ""),
        ("💩 ✨", ""),
        ("<b> x", "X"),
    ],
)
def test_initials_are_at_most_two_letters(name, letters):
    assert initials(name) == letters
