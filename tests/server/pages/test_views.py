"""Views: a list is kept under a name, found again as a tab, and deleted."""

from __future__ import annotations

import html
import re

from sqlalchemy import select

from crm.segments.models import SavedView
from tests import make
from tests.visiting import Visitor, said

MINE = {"name": "Czechs", "f": 'name contains "a"', "sort": "name", "down": "1", "column": "title"}


def test_a_list_is_kept_and_comes_back_as_it_was(reader, scene, session):
    answer = reader.post("/views/of/contact", MINE)
    page = reader.get(html.unescape(answer.headers["Location"]))

    words = said(page)
    assert "The view Czechs is saved." in words
    assert "contains" in words
    assert 'aria-sort="descending"' in page.text
    assert "Jana" in words


def test_a_view_without_a_name_is_refused(reader, scene, session):
    answer = reader.post("/views/of/contact", {**MINE, "name": " "})

    assert answer.status_code == 422
    assert "between 1 and 60" in said(answer)
    assert [v.name for v in session.scalars(select(SavedView))] == ["Mine"]


def test_a_shared_view_is_everybodys_tab_and_its_makers_to_delete(
    app, reader, scene, session, workspace
):
    reader.post("/views/of/contact", {**MINE, "shared": "1"})
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    visitor = Visitor(app).be(bo)
    assert "Czechs" in said(visitor.get("/contacts"))
    [view] = [v for v in session.scalars(select(SavedView)) if v.name == "Czechs"]

    refused = visitor.post(f"/views/{view.id}/delete")
    deleted = reader.post(f"/views/{view.id}/delete")

    assert refused.status_code == 403
    assert deleted.status_code == 303
    assert "Czechs" not in re.sub("The view Czechs is deleted.", "", said(reader.get("/contacts")))


def test_views_of_what_there_is_not_are_not_found(reader, scene):
    assert reader.post("/views/of/moon", MINE).status_code == 404
