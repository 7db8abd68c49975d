"""Lists: their address holds everything, and leads back to the same."""

from __future__ import annotations

import html
import re

import pytest

from crm.segments import listing
from tests import make
from tests.visiting import Visitor, said


def links(page, label):
    """Return where the links of this name lead."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', page.text)
    return [html.unescape(href) for href, text in found if text.strip() == label]


def test_a_column_sorts_and_sorts_the_other_way(reader, take_in):
    take_in(*[make.raw(f"{name} <{name}@severka.test>") for name in ("Bo", "Adam", "Cy")])

    first = reader.get("/contacts?column=address")
    [by_name] = {href for href in links(first, "Name") if "down=1" in href}
    back = reader.get(by_name)

    assert re.findall(r'class="cut" dir="ltr">(\w+)<', first.text) == ["Adam", "Bo", "Cy"]
    assert re.findall(r'class="cut" dir="ltr">(\w+)<', back.text) == ["Cy", "Bo", "Adam"]
    assert 'aria-sort="descending"' in back.text
    assert "column=address" in by_name


def test_mine_and_all_are_counted_as_they_are_listed(reader, session, ana, take_in):
    take_in(*[make.raw(f"P{n} <p{n}@severka.test>") for n in range(3)])

    page = reader.get("/contacts?view=mine")

    words = " ".join(said(page).split())
    assert "All 3" in words
    assert "Mine 0" in words
    assert "Nothing matches" in words


def test_a_count_ends_where_it_is_not_worth_while(reader, take_in, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 2)
    take_in(*[make.raw(f"P{n} <p{n}@severka.test>") for n in range(4)])

    assert "More than 2" in said(reader.get("/contacts"))


@pytest.mark.parametrize(("role", "offered"), [("rep", True), ("reader", False)])
def test_only_who_may_is_offered_to_change(app, session, workspace, scene, role, offered):
    bo = make.user(session, workspace, "bo@halden.test", role=role)
    session.commit()

    page = Visitor(app).be(bo).get("/contacts")

    assert ("New contact" in said(page)) is offered
    assert ('id="bulk"' in page.text) is offered
    assert ("data-cell" in page.text) is offered
