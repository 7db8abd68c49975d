"""`inlay workspace`."""

from __future__ import annotations

import pytest


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
