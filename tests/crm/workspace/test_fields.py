"""Custom fields: added, changed, archived; named so that filters can name them."""

from __future__ import annotations

import pytest

from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError
from crm.people import standard
from crm.workspace import audit, fields
from crm.workspace.fields import Draft, FieldType
from crm.workspace.models import CustomField, User, Workspace
from tests import make


@pytest.fixture
def ana(session: Session, workspace: Workspace) -> User:
    return make.user(session, workspace, role="admin")


def add(session: Session, ana: User, label: str, kind: FieldType, **more: object) -> CustomField:
    draft = Draft(label, kind, **more)  # type: ignore[arg-type]
    return fields.add(session, "contact", draft, standard=standard.CONTACT, by=ana, at=make.NOW)


def test_a_field_is_there_at_once_and_in_its_order(session: Session, ana: User) -> None:
    add(session, ana, "Shop size", FieldType.CHOICE, options=("Small", "Big"))
    add(session, ana, "Since", FieldType.DATE, required=True)

    known = fields.custom(session, ana.workspace_id, "contact")

    assert [(f.key, f.name, f.type) for f in known] == [
        ("shop_size", "Shop size", FieldType.CHOICE),
        ("since", "Since", FieldType.DATE),
    ]
    assert known[0].options == (("small", "Small"), ("big", "Big"))
    assert known[1].required
    assert fields.custom(session, ana.workspace_id, "company") == ()


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Size (m²)", "size_m"),
        ("Name", "name_2"),  # a standard field has it
        ("Размер", "field_2"),
        ("2nd phone", "field_2nd_phone"),
        ("me", "me_2"),  # a word of the language
    ],
)
def test_a_key_can_be_named_in_filters(session: Session, ana: User, label: str, key: str) -> None:
    assert add(session, ana, label, FieldType.TEXT).key == key


def test_two_fields_of_one_name_have_two_keys(session: Session, ana: User) -> None:
    assert add(session, ana, "Size", FieldType.TEXT).key == "size"
    assert add(session, ana, "Size", FieldType.TEXT).key == "size_2"


def test_a_choice_that_is_renamed_apart_keeps_the_others(session: Session, ana: User) -> None:
    row = add(session, ana, "Size", FieldType.CHOICE, options=("Small", "Big"))

    draft = Draft("Shop", FieldType.CHOICE, ("Big", "Huge", "Big", " "))
    fields.change(session, row, draft, by=ana, at=make.NOW)

    assert row.options == [["big", "Big"], ["huge", "Huge"]]
    assert (row.key, row.label) == ("size", "Shop")
    told = audit.of_record(session, ana.workspace_id, row.id).entries
    assert {entry.field for entry in told} == {"label", "options"}


def test_an_archived_field_comes_back_with_what_it_said(session: Session, ana: User) -> None:
    row = add(session, ana, "Size", FieldType.NUMBER)
    fields.archive(session, row, by=ana, at=make.NOW)
    assert fields.custom(session, ana.workspace_id, "contact") == ()

    fields.bring_back(
        session, fields.get_row(session, ana.workspace_id, row.id), by=ana, at=make.NOW
    )

    assert [f.key for f in fields.custom(session, ana.workspace_id, "contact")] == ["size"]


@pytest.mark.parametrize(
    ("draft", "rule"),
    [
        (Draft("", FieldType.TEXT), "between 1 and 60"),
        (Draft("x" * 61, FieldType.TEXT), "between 1 and 60"),
        (Draft("Size", FieldType.CHOICE), "at least one"),
        (Draft("Size", FieldType.CHOICES, tuple(map(str, range(201)))), "at most 200"),
    ],
)
def test_what_cannot_be_a_field_is_refused(
    session: Session, ana: User, draft: Draft, rule: str
) -> None:
    with pytest.raises(InvalidError, match=rule):
        fields.add(session, "contact", draft, standard=(), by=ana, at=make.NOW)


def test_there_are_so_many_fields_and_no_more(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "MOST", len(standard.CONTACT))
    add(session, ana, "Size", FieldType.TEXT)

    with pytest.raises(ConflictError, match="Archive one"):
        add(session, ana, "More", FieldType.TEXT)


def test_only_those_who_manage_make_fields(session: Session, workspace: Workspace) -> None:
    rep = make.user(session, workspace, role="rep")

    with pytest.raises(ForbiddenError):
        add(session, rep, "Size", FieldType.TEXT)


def test_every_type_has_a_name() -> None:
    assert set(fields.TYPES) == set(FieldType)
