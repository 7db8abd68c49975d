"""What a field says, as a cell and as an input: what comes out of a form is what went in."""

from __future__ import annotations

from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from crm.base import i18n, ids
from crm.workspace import values
from crm.workspace.fields import Field, FieldType
from server.web import cells
from server.web.forms import FieldKind
from server.web.listing import CellKind, Tone
from tests import make

ANA = UUID(int=7)
OPTIONS = (("small", "Small shop"), ("big", "Big shop"))


def field(kind: FieldType, key: str = "x") -> Field:
    return Field("contact", key, "Size", kind, OPTIONS, id=ids.new())


@pytest.mark.parametrize(
    ("kind", "text", "shown", "how"),
    [
        (FieldType.TEXT, "Director", "Director", CellKind.TEXT),
        (FieldType.EMAIL, "a@b.test", "a@b.test", CellKind.ADDRESS),
        (FieldType.NUMBER, "1234.5", "1,234.5", CellKind.AMOUNT),
        (FieldType.MONEY, "10.00 EUR", "€10", CellKind.AMOUNT),
        (FieldType.DATE, "2026-11-24", "24 Nov 2026", CellKind.WHEN),
        (FieldType.USER, str(ANA), "Ana", CellKind.TEXT),
        (FieldType.USER, str(UUID(int=8)), "A former colleague", CellKind.TEXT),
        (FieldType.USER, "", "Nobody yet", CellKind.NOBODY),
        (FieldType.LINK, "Severka", "Severka", CellKind.TEXT),
        (FieldType.TEXT, "", "", CellKind.TEXT),
    ],
)
def test_a_value_is_written_as_its_sort_is(kind, text, shown, how):
    cell = cells.cell(field(kind), text, {ANA: "Ana"}, "/edit")

    assert (cell.text, cell.kind, cell.edit_href) == (shown, how, "/edit")


def test_several_choices_are_tags_and_several_lines_show_their_first():
    worn = cells.cell(field(FieldType.CHOICES), "big\nsmall", {})
    long = cells.cell(field(FieldType.LONG_TEXT), "One\nTwo", {})

    assert [tag.text for tag in worn.tags] == ["Big shop", "Small shop"]
    assert (long.text, long.full) == ("One", "One\nTwo")


def test_a_customer_is_green():
    lifecycle = Field("contact", "lifecycle", "Lifecycle", FieldType.CHOICE, (("customer", "C"),))

    assert cells.cell(lifecycle, "customer", {}).tone is Tone.GOOD


@pytest.mark.parametrize("language", ["en", "cs", "fa"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.TEXT, "Director"),
        (FieldType.CHOICE, "big"),
        (FieldType.CHOICES, "big\nsmall"),
        (FieldType.NUMBER, "1234.5"),
        (FieldType.PERCENT, "12.5"),
        (FieldType.MONEY, "48000.50 EUR"),
        (FieldType.MONEY, "1000 JPY"),
        (FieldType.DATE, "2026-11-24"),
        (FieldType.CHECKBOX, "true"),
        (FieldType.USER, str(ANA)),
        (FieldType.COUNTRY, "CZ"),
    ],
)
def test_a_form_that_is_sent_as_it_is_changes_nothing(session, workspace, language, kind, text):
    ana = make.user(session, workspace)
    one = field(kind)
    with i18n.speaking(language):
        asked = cells.asked(one, text, {ANA: "Ana"})
        form = MultiDict([(one.key, value) for value in (asked.chosen or (asked.value,)) if value])
        if asked.kind is FieldKind.MONEY:
            form[f"{one.key}_currency"] = asked.currency
        typed = cells.typed(session, one, form, by=ana, at=make.NOW)

        assert values.joined(values.read(one, typed)) == text


def test_a_company_is_typed_by_its_name(session, workspace):
    ana = make.user(session, workspace)
    link = Field("contact", "company", "Company", FieldType.LINK)

    [first] = cells.typed(session, link, MultiDict({"company": "Severka"}), by=ana, at=make.NOW)
    [again] = cells.typed(session, link, MultiDict({"company": "Severka"}), by=ana, at=make.NOW)

    assert first == again
    assert cells.typed(session, link, MultiDict({"company": " "}), by=ana, at=make.NOW) == []


def test_what_was_typed_and_is_wrong_stays_with_its_error():
    asked = cells.asked(field(FieldType.NUMBER), "5", {}, error="No.", typed="five")

    assert (asked.value, asked.error) == ("five", "No.")
