"""Every field is a term: standard ones, added ones and those that are worked out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.errors import ForbiddenError, InvalidError, NotFoundError
from crm.base.formulas import FormulaError
from crm.people import standard
from crm.segments import listing, terms
from crm.workspace import fields, object_types, roles
from crm.workspace.fields import FieldType
from crm.workspace.permissions import Deed, Scope
from tests import make
from tests.crm.segments.conftest import Room


def test_fields_of_every_sort_are_terms(room: Room) -> None:
    known = room.sort().terms

    assert {f.key for f in standard.CONTACT} <= set(known)
    assert {"size", "budget", "lines", "double", "tags", "address", "company.industry"} <= set(
        known
    )
    assert "broken" not in known
    for subject in ("company", "deal"):
        sort = listing.sort_of(room.session, room.ana, subject, at=make.NOW)
        assert "name" in sort.terms


def test_a_workspaces_own_sort_has_terms(room: Room) -> None:
    object_types.make(room.session, "Machine", "Machines", by=room.ana, at=make.NOW)

    sort = listing.sort_of(room.session, room.ana, "machine", at=make.NOW)

    assert {"name", "owner", "tags"} == set(sort.terms)
    with pytest.raises(NotFoundError):
        listing.sort_of(room.session, room.ana, "moon", at=make.NOW)


def test_a_field_that_is_kept_from_a_role_is_no_term_for_it(room: Room) -> None:
    rep = roles.get(room.session, room.workspace.id, "rep")
    hidden = {"contact": frozenset({"size"})}
    roles.change(room.session, rep, replace(rep.rights, hidden=hidden), by=room.ana, at=make.NOW)
    room.contact("Jana", size="12")

    assert "size" not in room.sort(room.bo).terms
    assert "double" not in room.sort(room.bo).terms
    with pytest.raises(FormulaError, match="size"):
        room.found("size = 12", room.bo)
    assert room.found("size = 12") == {"Jana"}


def test_a_role_that_sees_none_of_a_sort_lists_nothing(room: Room) -> None:
    rep = roles.get(room.session, room.workspace.id, "rep")
    scopes = {**rep.rights.scopes, ("contact", Deed.SEE): Scope.NONE}
    rights = replace(rep.rights, scopes=scopes)
    roles.change(room.session, rep, rights, by=room.ana, at=make.NOW)

    with pytest.raises(ForbiddenError):
        room.sort(room.bo)


def test_what_is_wrong_with_a_formula_is_told(room: Room) -> None:
    sort = room.sort()

    assert terms.problem_of("size * 2", sort) is None
    problem = terms.problem_of("sizee * 2", sort)
    assert problem is not None
    assert "size" in str(problem)


def test_formulas_that_need_each_other_are_no_terms(room: Room) -> None:
    for label, formula in (("Hen", "egg + 1"), ("Egg", "hen + 1")):
        draft = fields.Draft(label, FieldType.FORMULA, formula=formula)
        fields.add(room.session, "contact", draft, standard=(), by=room.ana, at=make.NOW)

    known = room.sort().terms

    assert "hen" not in known
    assert "egg" not in known
    assert "twice_double" in known


def test_an_archived_field_is_no_term(room: Room) -> None:
    [size] = [
        f for f in fields.custom(room.session, room.workspace.id, "contact") if f.key == "size"
    ]
    assert size.id is not None
    row = fields.get_row(room.session, room.workspace.id, size.id)
    fields.archive(room.session, row, by=room.ana, at=make.NOW)

    with pytest.raises(InvalidError, match="archived"):
        room.sort().term("size")
