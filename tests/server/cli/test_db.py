"""`inlay db upgrade`: to the newest revision, once or twice."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import make_url

from crm.migrations import upgrading
from tests.commands import Inlay


def test_an_empty_database_gets_every_revision_and_twice_is_once(cluster, tmp_path):
    fresh = replace(cluster.database("inlay_fresh_for_upgrade"), data_dir=tmp_path)
    inlay = Inlay(fresh, {})
    try:
        before = inlay("workspace", "list", "--json")
        first, second = inlay("db", "upgrade", "--json"), inlay("db", "upgrade", "--json")
        after = inlay("workspace", "list", "--json")
    finally:
        cluster.drop("inlay_fresh_for_upgrade")

    newest = upgrading.newest()
    assert before.code == 1
    assert "inlay db upgrade" in before.error["message"]
    assert (first.code, first.json) == (0, {"before": None, "after": newest})
    assert second.json == {"before": newest, "after": newest}
    assert after.json == {"workspaces": []}


def test_without_the_owner_it_says_what_is_missing(house):
    ended = Inlay(replace(house, database_owner_url=""), {})("db", "upgrade", "--json")

    assert ended.code == 1
    assert "DATABASE_OWNER_URL" in ended.error["message"]


def test_a_newer_database_is_left_as_it_is(newer):
    inlay = Inlay(newer, {})

    upgraded, looked = inlay("db", "upgrade", "--json"), inlay("doctor", "--json")

    assert (upgraded.code, upgraded.error["kind"]) == (1, "database")
    assert "9999 by a newer Inlay" in upgraded.error["message"]
    assert upgrading.current(newer.database_owner_url) == "9999"
    (found,) = [f for f in looked.json["findings"] if f["what"] == "database"]
    assert (looked.code, found["well"], found["hint"]) == (1, False, "")
    assert "9999 by a newer Inlay" in found["words"]


def test_a_wrong_password_is_told_in_the_databases_words_and_not_repeated(house):
    owner = make_url(house.database_owner_url).set(password="canary").render_as_string(False)
    wrong = Inlay(replace(house, database_owner_url=owner), {})

    upgraded, looked = wrong("db", "upgrade", "--json"), wrong("doctor", "--json")

    assert (upgraded.code, upgraded.error["kind"]) == (1, "database")
    assert "password authentication failed" in upgraded.error["message"]
    (found,) = [f for f in looked.json["findings"] if f["what"] == "owner"]
    assert (looked.code, found["well"]) == (1, False)
    assert "password authentication failed" in found["words"]
    assert "canary" not in upgraded.err + looked.out


def test_an_owner_who_owns_nothing_is_told(house):
    other = Inlay(replace(house, database_owner_url=house.database_url), {})

    ended = other("doctor", "--json")

    (found,) = [f for f in ended.json["findings"] if f["what"] == "owner"]
    assert (ended.code, found["well"]) == (1, False)
    assert "inlay_owner" in found["hint"]
