"""Forms: what a field is, and the rows of one that has several values."""

from __future__ import annotations

import pytest

from server.web import forms
from server.web.forms import Entry, Field, FieldKind, Option


@pytest.mark.parametrize(
    ("kind", "count", "open_"),
    [
        (FieldKind.CHOICE, 3, True),
        (FieldKind.USER, forms.OPEN_CHOICES, True),
        (FieldKind.CHOICE, forms.OPEN_CHOICES + 1, False),
        (FieldKind.CHOICES, 3, False),
        (FieldKind.LINE, 0, False),
    ],
)
def test_few_choices_stand_open(kind, count, open_):
    options = tuple(Option(str(n), str(n)) for n in range(count))

    assert Field("rating", "Rating", kind, options=options).is_open is open_


def test_several_values_have_room_for_one_more():
    assert forms.with_room(()) == (Entry(),)
    assert forms.with_room((Entry("a"),)) == (Entry("a"), Entry())
    assert forms.with_room((Entry("a"), Entry())) == (Entry("a"), Entry())


def test_a_row_is_asked_for_by_its_button_alone():
    assert forms.rows_asked({"more": "addresses", "name": "Jana"}) == "addresses"
    assert forms.rows_asked({"name": "Jana"}) == ""
