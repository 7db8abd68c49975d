"""Conditions as chips: read out of a formula, filled in by a form, and put back into one."""

from __future__ import annotations

import pytest

from crm.base.errors import CRMError
from crm.base.formulas import Kind
from crm.people import standard
from crm.segments import listing
from crm.workspace import fields
from crm.workspace.fields import Draft, FieldType
from server.web import chips
from tests import make

EMAILS = {"ana@halden.test": "Ana", "bo@halden.test": "Bo"}


@pytest.fixture
def sort(session, workspace):
    ana = make.user(session, workspace, role="admin")
    for label, kind in (
        ("Size", FieldType.NUMBER),
        ("Met", FieldType.DATE),
        ("Vip", FieldType.CHECKBOX),
    ):
        draft = Draft(label, kind)
        fields.add(session, "contact", draft, standard=standard.CONTACT, by=ana, at=make.NOW)
    return listing.sort_of(session, ana, "contact", at=make.NOW)


def said(sort, filter_):
    clauses = chips.of_filter(sort, filter_)
    assert clauses is not None
    shown = chips.shown(sort, clauses, EMAILS, lambda left: f"?{left}")
    return [(chip.field, chip.operator, chip.value, chip.remove_href) for chip in shown]


def test_chips_say_what_a_filter_says(sort):
    assert said(sort, 'owner = me and lifecycle = lead and size > 3 and name contains "a"') == [
        ("Owner", "is", "me", '?lifecycle = lead and size > 3 and name contains "a"'),
        ("Lifecycle", "is", "Lead", '?owner = me and size > 3 and name contains "a"'),
        ("Size", "more than", "3", '?owner = me and lifecycle = lead and name contains "a"'),
        ("Name", "contains", "a", "?owner = me and lifecycle = lead and size > 3"),
    ]
    assert said(sort, 'owner = "bo@halden.test"')[0][2] == "Bo"
    assert said(sort, "met within 60 days")[0][1:3] == ("in the last", "60 days")
    assert said(sort, "met > 2026-11-24")[0][2] == "24 Nov 2026"
    assert said(sort, "country = CZ")[0][2] == "Czechia"
    assert said(sort, "title is empty")[0] == ("Title", "is empty", "", "?")
    assert said(sort, "vip")[0][2] == "Yes"


@pytest.mark.parametrize("filter_", ["owner = me or size > 3", "not vip", "size + 1 > 3", "moon"])
def test_what_is_more_than_chips_is_none(sort, filter_):
    assert chips.of_filter(sort, filter_) is None


@pytest.mark.parametrize(
    ("before", "key", "given", "after"),
    [
        ("", "owner", {"op": "=", "value": "=me"}, "owner = me"),
        ("", "owner", {"op": "=", "value": "bo@halden.test"}, 'owner = "bo@halden.test"'),
        ("size > 3", "name", {"op": "contains", "value": "a"}, 'size > 3 and name contains "a"'),
        ("", "size", {"op": ">=", "value": "1,234.5"}, "size >= 1234.5"),
        ("", "met", {"op": "within", "value": "7", "unit": "weeks"}, "met within 7 weeks"),
        ("", "met", {"op": "<", "value": "2026-11-24"}, "met < 2026-11-24"),
        ("", "vip", {"op": "=", "value": "false"}, "vip = false"),
        ("", "title", {"op": "is empty"}, "title is empty"),
        ("vip or size > 3", "title", {"op": "is empty"}, "(vip or size > 3) and title is empty"),
    ],
)
def test_a_form_adds_a_condition(sort, before, key, given, after):
    assert chips.added(sort, before, key, given) == after


@pytest.mark.parametrize(
    ("key", "given"),
    [("moon", {}), ("size", {"op": ">", "value": "many"}), ("met", {"op": "<", "value": "soon"})],
)
def test_a_condition_that_does_not_fit_is_refused(sort, key, given):
    with pytest.raises(CRMError):
        chips.added(sort, "", key, given)


def test_every_field_has_a_form(sort):
    for key, term in sort.terms.items():
        asked = chips.form(term, EMAILS)
        assert asked[0].name == "op", key
        assert asked[1].name == "value", key
        assert (len(asked) == 3) == (term.kind in (Kind.DATE, Kind.MOMENT)), key


def test_an_operator_that_a_field_has_not_is_its_first(sort):
    assert chips.added(sort, "", "size", {"op": "contains", "value": "3"}) == "size = 3"
