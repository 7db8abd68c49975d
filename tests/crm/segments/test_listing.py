"""Lists: paged without a gap or a repeat in any order, and what their columns say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from crm.base import ids
from crm.base.errors import InvalidError
from crm.base.formulas import FormulaError
from crm.segments import listing
from crm.segments.listing import Asked, Mark
from crm.workspace import roles
from crm.workspace.permissions import Deed, Scope
from tests import make
from tests.crm.segments.conftest import Room
from tests.statements import counted

SIZES = st.lists(st.sampled_from(["", "-3", "1", "1", "2.5", "40"]), max_size=9)


def walk(room: Room, asked: Asked, size: int) -> list[str]:
    """Read a list page by page."""
    sort, found, after = room.sort(), list[str](), None
    while True:
        page = listing.page(room.session, room.ana, sort, asked, after, size=size)
        found += [row.record.name for row in page.rows]
        if page.next is None:
            return found
        after = listing.mark(str(page.next))
        assert after == page.next


@given(SIZES, st.integers(1, 5), st.booleans(), st.sampled_from(["size", "double", "name"]))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_pages_hold_everybody_once_and_in_order(room, sizes, size, descending, key) -> None:
    nested = room.session.begin_nested()
    try:
        for n, text in enumerate(sizes):
            room.contact(f"c{n}", size=text)

        found = walk(room, Asked("", (), key, descending), size)

        told = {f"c{n}": text for n, text in enumerate(sizes)}
        assert sorted(found) == sorted(told)
        if key == "name":
            assert found == sorted(told, reverse=descending)
        else:
            said = [float(told[name]) for name in found if told[name]]
            assert said == sorted(said, reverse=descending)
            assert [name for name in found if not told[name]] == found[len(said) :]
    finally:
        nested.rollback()
        room.session.expire_all()


def test_columns_say_what_the_fields_say(room: Room) -> None:
    room.contact(
        "Jana",
        company="yes",
        owner=str(room.bo.id),
        tags=["Vip", "Expo"],
        address=["jana@severka.test", "j@seznam.cz"],
        size="12.5",
        lines=["Scanners", "Labels"],
        vip="on",
        budget="48,000.50 EUR",
        met_on="2026-11-18",
    )
    columns = (
        "company", "owner", "tags", "address", "size", "lines", "vip", "budget", "met_on",
        "double", "created", "lifecycle", "title", "guide",
    )  # fmt: skip

    [row] = listing.page(room.session, room.ana, room.sort(), Asked("", columns)).rows

    assert row.texts == {
        "company": "Severka",
        "owner": str(room.bo.id),
        "tags": "expo\nvip",
        "address": "jana@severka.test",
        "size": "12.5",
        "lines": "labels\nscanners",
        "vip": "true",
        "budget": "48000.50 EUR",
        "met_on": "2026-11-18",
        "double": "25",
        "created": "2026-11-20",
        "lifecycle": "lead",
        "title": "",
        "guide": "",
    }


def test_a_page_costs_a_constant_number_of_queries(room: Room, connection: Connection) -> None:
    asked = Asked('size > 0 or tags has "expo"', ("company", "size", "tags", "double"), "size")
    counts = []
    for _more in range(2):
        for n in range(3):
            room.contact(f"c{n}", size=str(n + 1), tags=["Expo"])
        sort = room.sort()
        with counted(connection.engine) as statements:
            listing.page(room.session, room.ana, sort, asked)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 7


def test_what_a_role_does_not_reach_is_in_no_list_and_no_count(room: Room) -> None:
    for name, owner in (("Hers", room.ana.id), ("Theirs", room.bo.id), ("Nobodys", "")):
        room.contact(name, owner=str(owner), size="1")
    rep = roles.get(room.session, room.workspace.id, "rep")
    scopes = {**rep.rights.scopes, ("contact", Deed.SEE): Scope.OWN}
    rights = replace(rep.rights, scopes=scopes)
    roles.change(room.session, rep, rights, by=room.ana, at=make.NOW)

    for filter_ in ("", "size = 1", "owner = me or owner != me", "not owner = me"):
        assert room.found(filter_, room.bo) <= {"Theirs", "Nobodys"}
    assert room.found("size = 1", room.bo) == {"Theirs", "Nobodys"}
    sort = room.sort(room.bo)
    every = listing.every_id(room.session, room.bo, sort, "", 10)
    assert len(every) == 2


def test_a_count_goes_no_further_than_it_is_shown(room: Room) -> None:
    for n in range(4):
        room.contact(f"c{n}")

    assert listing.count(room.session, room.ana, room.sort(), "", most=2) == 3


def test_too_many_to_do_something_to_are_refused(room: Room) -> None:
    for n in range(3):
        room.contact(f"c{n}")

    with pytest.raises(InvalidError, match="More than 2"):
        listing.every_id(room.session, room.ana, room.sort(), "", 2)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Asked("name"), "name"),
        (Asked("nam = 1"), "name"),
        (Asked("", (), "moon"), "archived"),
        (Asked("", (), "tags"), "cannot be sorted"),
    ],
)
def test_what_cannot_be_listed_is_refused(room: Room, asked: Asked, problem: str) -> None:
    with pytest.raises((FormulaError, InvalidError), match=problem):
        listing.page(room.session, room.ana, room.sort(), asked)


@given(st.text(max_size=60))
def test_any_text_is_a_mark_or_none(text: str) -> None:
    found = listing.mark(text)

    assert found is None or listing.mark(str(found)) == found


@pytest.mark.parametrize("value", ["x", "", "1e999999", "NaN", None, "2026-11-18"])
def test_a_mark_that_somebody_made_up_breaks_nothing(room: Room, value: str | None) -> None:
    room.contact("Jana", size="1")
    sort = room.sort()

    for key in ("name", "size", "created", "double", "met_on"):
        try:
            listing.page(room.session, room.ana, sort, Asked("", (), key), Mark(value, ids.new()))
        except InvalidError as error:
            assert "Begin at its top" in str(error)  # noqa: PT017 - either answer is right
