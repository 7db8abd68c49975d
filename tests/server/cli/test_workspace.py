"""`inlay workspace`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from crm.base import db


def test_a_workspace_is_shown_as_it_was_added(inlay):
    added = inlay("workspace", "add", "  Halden   s.r.o. ", "--json").json

    assert set(added) == {"id", "name"}
    assert added["name"] == "Halden s.r.o."
    assert inlay("workspace", "list", "--json").json == {"workspaces": [added]}
    assert added["id"] in inlay("workspace", "list").out


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_that_is_none_is_refused(inlay, name):
    ended = inlay("workspace", "add", name, "--json")

    assert (ended.code, ended.error["kind"]) == (1, "invalid")
    assert inlay("workspace", "list", "--json").json == {"workspaces": []}


@pytest.mark.parametrize("name", ["Halden", "HALDEN", "  halden "])
def test_a_name_that_is_taken_is_refused(halden, name):
    ended = halden("workspace", "add", name, "--json")

    assert (ended.code, ended.error["kind"]) == (1, "conflict")
    assert "Halden" in ended.error["message"]
    assert len(halden("workspace", "list", "--json").json["workspaces"]) == 1


def test_of_two_at_once_one_gets_the_name(inlay):
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda _: inlay.apart("workspace", "add", "Halden"), range(2)))

    assert sorted(one.code for one in ended) == [0, 1]


def test_a_sandbox_is_one_from_the_start(inlay):
    added = inlay("workspace", "add", "Sand", "--sandbox", "--json").json

    engine = db.open_engine(inlay.house.database_url)
    with engine.begin() as one:
        one.execute(text("select set_config('inlay.workspace', :id, true)"), {"id": added["id"]})
        assert one.execute(text("select sandbox from workspace")).scalar_one() is True
    engine.dispose()
