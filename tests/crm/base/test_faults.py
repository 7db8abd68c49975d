"""A fault is named by what it is and where, without a word of what somebody wrote."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crm.base import faults
from crm.base.db import Session
from crm.workspace.models import User


def test_an_error_is_named_with_the_way_to_it_and_without_its_words() -> None:
    def inner() -> None:
        raise ValueError("jana@severka.test")

    with pytest.raises(ValueError, match="jana") as caught:
        inner()

    place = faults.place(caught.value)
    assert place.startswith("ValueError at base/test_faults.py:")
    assert " inner < base/test_faults.py:" in place
    assert "jana" not in place
    assert faults.place(KeyError("x")) == "KeyError"


def test_what_the_database_refused_is_named_by_its_constraint(session: Session, ana: User) -> None:
    again = "insert into directory select * from directory"
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.execute(text(again))

    place = faults.place(caught.value)
    assert place.startswith("UniqueViolation (directory_")
    assert " test_what_the_database_refused_is_named_by_its_constraint" in place
    assert place.count("psycopg") == 1
    assert ana.email not in faults.place(caught.value)
