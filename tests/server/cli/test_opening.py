"""Which workspace a command is about: the only one, the one named, or none by guess."""

from __future__ import annotations

from crm.base.db import transaction
from crm.workspace import workspaces
from tests import make


def test_without_a_workspace_the_way_to_one_is_told(inlay):
    ended = inlay("mailbox", "list", "--json")

    assert ended.code == 2
    assert ended.error["hint"] == "inlay workspace add NAME"


def test_the_only_workspace_need_not_be_named(halden):
    assert halden("mailbox", "list", "--json").json == {"mailboxes": []}


def test_of_two_one_must_be_named(halden):
    second = halden("workspace", "add", "Kovář", "--json").json

    ended = halden("mailbox", "list", "--json")

    assert ended.code == 2
    assert ended.error["message"] == "More than one workspace fits."
    assert "Halden (" in ended.error["hint"]
    assert f"Kovář ({second['id']})" in ended.error["hint"]
    for name in ("Kovář", second["id"]):
        assert halden("mailbox", "list", "--workspace", name, "--json").code == 0


def test_two_of_one_name_are_told_apart_by_id(halden):
    with transaction() as session:  # As it could be founded before names were refused.
        second = str(workspaces.found(session, "Halden", at=make.NOW).id)

    ended = halden("user", "list", "-w", "Halden", "--json")

    assert ended.code == 2
    assert second in ended.error["hint"]
    assert halden("user", "list", "-w", second, "--json").json == {"users": []}


def test_a_name_that_fits_none_names_those_there_are(halden):
    ended = halden("mailbox", "list", "--workspace", "Nowhere", "--json")

    assert ended.code == 2
    assert "Halden" in ended.error["hint"]


def test_without_a_user_nobody_looks(inlay):
    inlay("workspace", "add", "Empty")

    ended = inlay("contact", "list", "--json")

    assert ended.code == 2
    assert ended.error["hint"] == "inlay user add EMAIL --role admin --password-stdin"


def test_what_is_shown_is_what_the_viewer_would_see(stored):
    stored("user", "add", "bo@halden.test", "--role", "rep")

    mine = stored("message", "show", "first@severka.test", "--json")
    theirs = stored("message", "show", "first@severka.test", "--as", "bo@halden.test", "--json")

    assert mine.code == 0
    assert (theirs.code, theirs.error["kind"]) == (1, "not_found")
