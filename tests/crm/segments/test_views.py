"""Saved views: kept by one, shared with everybody, changed by their maker."""

from __future__ import annotations

import pytest

from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.base.formulas import FormulaError
from crm.segments import views
from crm.segments.listing import Asked
from crm.segments.models import SavedView
from tests import make
from tests.crm.segments.conftest import Room

MINE = Asked("owner=me AND size>3", ("company", "size", "size"), "size", descending=True)


def save(room: Room, name: str = "Mine", asked: Asked = MINE, *, shared: bool = False) -> SavedView:
    return views.save(
        room.session, room.sort(), name, asked, by=room.ana, at=make.NOW, shared=shared
    )


def test_a_view_keeps_what_was_asked(room: Room) -> None:
    view = save(room, "  My   big ones ")

    assert view.name == "My big ones"
    assert views.asked_by(view) == Asked(
        "owner = me and size > 3", ("company", "size"), "size", descending=True
    )
    assert views.get(room.session, room.ana, view.id) is view


def test_a_view_is_its_makers_until_it_is_shared(room: Room) -> None:
    mine, ours = save(room), save(room, "Ours", shared=True)

    assert views.of_user(room.session, room.ana, "contact") == [mine, ours]
    assert views.of_user(room.session, room.bo, "contact") == [ours]
    assert views.of_user(room.session, room.ana, "deal") == []
    with pytest.raises(NotFoundError):
        views.get(room.session, room.bo, mine.id)


def test_only_its_maker_and_who_manages_change_a_view(room: Room) -> None:
    sort = room.sort(room.bo)
    theirs = views.save(room.session, sort, "Theirs", Asked(), by=room.bo, at=make.NOW, shared=True)
    ours = save(room, "Ours", shared=True)

    with pytest.raises(ForbiddenError, match="colleague"):
        views.change(room.session, sort, ours, "X", Asked(), by=room.bo, at=make.NOW, shared=True)
    with pytest.raises(ForbiddenError):
        views.delete(room.session, ours, by=room.bo, at=make.NOW)
    views.change(
        room.session, room.sort(), theirs, "All", Asked(), by=room.ana, at=make.NOW, shared=False
    )
    assert (theirs.name, theirs.shared, theirs.filter) == ("All", False, "")
    views.delete(room.session, ours, by=room.ana, at=make.NOW)
    assert views.of_user(room.session, room.ana, "contact") == []


@pytest.mark.parametrize(
    ("name", "asked", "error"),
    [
        ("", Asked(), InvalidError),
        ("x" * 61, Asked(), InvalidError),
        ("Mine", Asked("moon = 1"), FormulaError),
        ("Mine", Asked("size"), FormulaError),
        ("Mine", Asked("", ("moon",)), InvalidError),
        ("Mine", Asked("", (), "moon"), InvalidError),
    ],
)
def test_what_cannot_be_a_view_is_refused(
    room: Room, name: str, asked: Asked, error: type[Exception]
) -> None:
    with pytest.raises(error):
        save(room, name, asked)
    assert views.of_user(room.session, room.ana, "contact") == []


def test_there_are_so_many_views_and_columns_and_no_more(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST", 1)
    monkeypatch.setattr(views, "MOST_COLUMNS", 2)

    with pytest.raises(InvalidError, match="at most 2"):
        save(room, asked=Asked("", ("size", "title", "company")))
    save(room)
    with pytest.raises(ConflictError, match="Delete one"):
        save(room, "More")


def test_a_reader_shares_nothing(room: Room) -> None:
    reader = make.user(room.session, room.workspace, "reader@halden.test", role="reader")
    sort = room.sort(reader)

    with pytest.raises(ForbiddenError):
        views.save(room.session, sort, "X", Asked(), by=reader, at=make.NOW, shared=True)
    views.save(room.session, sort, "X", Asked(), by=reader, at=make.NOW)
