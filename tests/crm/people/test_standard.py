"""The fields that every workspace has stand where they say."""

from __future__ import annotations

import pytest

from crm.people import standard
from crm.people.models import Company, Contact
from crm.workspace.fields import Field, FieldType

FIELDS = [(Contact, field) for field in standard.CONTACT]
FIELDS += [(Company, field) for field in standard.COMPANY]


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=lambda it: getattr(it, "key", ""))
def test_a_field_names_a_column(model: type, field: Field) -> None:
    linked = field.type in (FieldType.USER, FieldType.LINK)
    column = f"{field.key}_id" if linked else field.key

    assert column in model.__table__.columns  # type: ignore[attr-defined]
    assert field.subject == model.__table__.name  # type: ignore[attr-defined]
    assert field.id is None


def test_keys_are_unique() -> None:
    for known in (standard.CONTACT, standard.COMPANY):
        assert len({field.key for field in known}) == len(known)
