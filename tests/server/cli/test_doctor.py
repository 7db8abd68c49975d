"""`inlay doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import make_url

from crm.base.vault import Vault, make_key
from crm.migrations import upgrading
from server import secrets
from server.cli import doctor
from tests.commands import Inlay


def findings(ended):
    return {found["what"]: found for found in ended.json["findings"]}


def test_a_house_in_order_is_well(stored):
    ended = stored("doctor", "--json")

    found = findings(ended)
    assert ended.code == 0, found
    expected = {"database", "role", "letters", "queue", "scheduler", "vault"}
    assert expected | {"mailbox ana@halden.test"} <= set(found)
    assert all(f["well"] for f in found.values())
    assert "WRONG" not in stored("doctor").out


def test_a_mailbox_that_cannot_be_read_is_named(stored, mail):
    shutil.rmtree(mail)
    stored("sync")

    ended = stored("doctor", "--json")

    assert ended.code == 1
    assert not findings(ended)["mailbox ana@halden.test"]["well"]


def test_a_database_that_is_away_or_too_mighty_or_old_is_told(house):
    away = Inlay(replace(house, database_url="postgresql://x@127.0.0.1:9/none"), {})
    mighty = Inlay(replace(house, database_url=house.database_owner_url), {})

    for inlay in (away, mighty):
        ended = inlay("doctor", "--json")
        assert ended.code == 1
        assert not findings(ended)["database"]["well"] or not findings(ended)["role"]["well"]


def test_servers_that_are_away_are_told_each_with_its_setting(house):
    gone = "postgresql://x@127.0.0.1:9/none"
    away = replace(
        house,
        database_url=gone,
        database_owner_url=gone,
        database_scheduler_url=gone,
        redis_url="redis://:x@127.0.0.1:9/0",
    )

    found = findings(Inlay(away, {})("doctor", "--json"))

    asked = {what: one["hint"] for what, one in found.items() if not one["well"]}
    assert asked == {
        what: f"Is it running, and are host and port in {setting} right?"
        for what, setting in {**DATABASES, "queue": "REDIS_URL"}.items()
    }


DATABASES = {
    "database": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "scheduler": "DATABASE_SCHEDULER_URL",
}


@pytest.mark.parametrize(("what", "setting"), DATABASES.items())
@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"password": "canary"}, "Set the password in {setting}."),
        ({"password": None}, "Set the password in {setting}."),
        ({"database": "canary"}, "Are the user and the name of the database in {setting} right?"),
    ],
)
def test_an_address_that_is_not_let_in_is_told_with_its_setting(house, what, setting, wrong, hint):
    url = make_url(getattr(house, setting.lower()))
    url = url._replace(**wrong).render_as_string(hide_password=False)

    ended = Inlay(replace(house, **{setting.lower(): url}), {})("doctor", "--json")

    told = {name: one["hint"] for name, one in findings(ended).items() if not one["well"]}
    assert (ended.code, told) == (1, {what: hint.format(setting=setting)})


@pytest.mark.parametrize("before", ["", "0012"])
def test_before_the_upgrade_nothing_is_wrong_but_the_revision(cluster, tmp_path, before):
    fresh = replace(cluster.database("inlay_fresh_for_doctor"), data_dir=tmp_path)
    try:
        if before:
            upgrading.upgrade(fresh.database_owner_url, before)
        ended = Inlay(fresh, {})("doctor", "--json")
    finally:
        cluster.drop("inlay_fresh_for_doctor")

    wrong = [found for found in ended.json["findings"] if not found["well"]]
    assert (ended.code, [found["what"] for found in wrong]) == (1, ["database"])
    assert wrong[0]["words"] == f"revision {before or '-'} of {upgrading.newest()}"
    assert wrong[0]["hint"] == "Run: inlay db upgrade"
    assert {"vault", "mailboxes"}.isdisjoint(findings(ended))


def test_a_database_of_our_own_that_is_old_is_well(monkeypatch):
    monkeypatch.setattr(upgrading, "newest", lambda: "0014")

    found = doctor._of_revision("0013", well=True)

    assert (found.well, found.hint) == (True, "")
    assert found.words == "revision 0013: it comes to 0014 with the next command"


@pytest.mark.parametrize("setting", ["", "database_url"])
def test_a_scheduler_that_finds_no_work_is_told(stored, house, setting):
    url = getattr(house, setting) if setting else ""
    blind = Inlay(replace(house, database_scheduler_url=url), {})

    ended = blind("doctor", "--json")

    found = findings(ended)["scheduler"]
    assert (ended.code, found["well"]) == (1, False)
    assert "DATABASE_SCHEDULER_URL" in found["words"]
    assert "vault" not in findings(ended)


def test_addresses_that_lead_to_a_copy_are_told(stored, house, cluster, template):
    copy = cluster.database("inlay_copy_for_doctor", template)
    try:
        elsewhere = replace(
            house,
            database_owner_url=copy.database_owner_url,
            database_scheduler_url=copy.database_scheduler_url,
        )
        ended = Inlay(elsewhere, {})("doctor", "--json")
    finally:
        cluster.drop("inlay_copy_for_doctor")

    wrong = {name: one["words"] for name, one in findings(ended).items() if not one["well"]}
    assert (ended.code, set(wrong)) == (1, {"owner", "scheduler"})
    for name, words in wrong.items():
        assert f"{DATABASES[name]} leads to another database than DATABASE_URL" in words


def test_an_owner_who_may_make_tables_and_not_alter_ours_is_told(house, cluster):
    name = make_url(house.database_url).database
    inside = cluster.admin_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(inside, autocommit=True) as admin:
        admin.execute("create role dba login password 'x'")
        admin.execute("grant usage, create on schema public to dba")
        admin.execute(f"grant connect on database {name} to dba")
        try:
            url = make_url(house.database_owner_url).set(username="dba", password="x")
            dba = replace(house, database_owner_url=url.render_as_string(hide_password=False))
            ended = Inlay(dba, {})("doctor", "--json")
            admin.execute("grant inlay_owner to dba")
            granted = Inlay(dba, {})("doctor", "--json")
        finally:
            admin.execute("drop owned by dba")
            admin.execute("drop role dba")

    found = findings(ended)["owner"]
    assert (ended.code, found["well"], found["words"]) == (1, False, "does not own the tables")
    assert "inlay_owner in DATABASE_OWNER_URL" in found["hint"]
    assert findings(granted)["owner"]["well"]


def test_no_key_is_said_to_be_needless_where_nobody_finds_the_passwords(stored, house):
    blind = Inlay(replace(house, database_scheduler_url=house.database_url), {})

    ended = blind("vault", "rotate", "--json")

    assert (ended.code, ended.out, ended.error["kind"]) == (1, "", "database")


def test_a_queue_without_a_password_is_told(house):
    open_queue = Inlay(replace(house, redis_url="redis://127.0.0.1:9/0"), {})

    ended = open_queue("doctor", "--json")

    assert (ended.code, findings(ended)["queue"]["well"]) == (1, False)
    assert "no mail comes in until it is back" in findings(ended)["queue"]["words"]


@pytest.mark.parametrize("given", ["", "wrong"])
def test_a_queue_that_refuses_our_password_is_told_as_that(house, given):
    ours = redis.Redis.from_url(house.redis_url)
    ours.config_set("requirepass", "right")
    url = f"{house.redis_url}&password={given}" if given else house.redis_url
    try:
        ended = Inlay(replace(house, redis_url=url), {})("doctor", "--json")
    finally:
        ours.config_set("requirepass", "")
        ours.close()

    found = findings(ended)["queue"]
    assert (ended.code, found["well"]) == (1, False)
    assert "does not take our password" in found["words"]
    assert "redis://:PASSWORD@HOST:PORT" in found["hint"]


def test_gmail_calls_no_plain_address(house):
    plain = Inlay(
        house, {"ADDON_SERVICE_ACCOUNT": "a@b.iam.test", "BASE_URL": "http://127.0.0.1:8025"}
    )

    ended = plain("doctor", "--json")

    assert ended.code == 1
    assert "https" in findings(ended)["add-on"]["hint"]


def test_servers_that_cannot_be_had_are_told_with_what_to_do(house):
    nowhere = Inlay(replace(house, data_dir=Path("/etc/passwd"), redis_url=""), {})

    ended = nowhere("doctor", "--json")

    found = findings(ended)["servers"]
    assert (ended.code, found["well"]) == (1, False)
    assert "/etc/passwd" in found["words"]
    assert found["hint"]


SET = {
    "BASE_URL": "https://crm.halden.test",
    "ADDON_SERVICE_ACCOUNT": "a@b.iam.test",
    "GOOGLE_CLIENT_ID": "1234.apps.test",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"GOOGLE_CLIENT_ID": ""}, "GOOGLE_CLIENT_ID is not set"),
        ({"ADDON_SERVICE_ACCOUNT": ""}, "ADDON_SERVICE_ACCOUNT is not set"),
        (
            {"ADDON_URL": "https://g.test/addon", "BASE_URL": "http://127.0.0.1:8025"},
            "What a card opens lies at http://127.0.0.1:8025",
        ),
    ],
)
def test_what_keeps_gmail_out_is_told_where_somebody_has_begun(house, change, said):
    ended = Inlay(house, SET | change)("doctor", "--json")

    assert ended.code == 1
    assert said in findings(ended)["add-on"]["words"]
    assert findings(ended)["add-on"]["hint"]


def test_an_add_on_that_is_set_is_well_and_where_nobody_wants_one_nothing_is_said(house):
    assert findings(Inlay(house, SET)("doctor", "--json"))["add-on"]["well"]
    unwanted = Inlay(house, {"BASE_URL": "https://crm.halden.test"})
    assert "add-on" not in findings(unwanted("doctor", "--json"))
    connecting = {"GOOGLE_CLIENT_ID": "1.apps.googleusercontent.com", "GOOGLE_CLIENT_SECRET": "x"}
    ended = Inlay(house, connecting)("doctor", "--json")
    assert (ended.code, "add-on" in findings(ended)) == (0, False)


@pytest.mark.parametrize(
    ("url", "locked"),
    [
        ("redis://127.0.0.1:6379/0", False),
        ("redis://somebody@127.0.0.1:6379/0", False),
        ("redis://127.0.0.1:6379/0?client_name=a@b", False),
        ("redis://:secret@127.0.0.1:6379/0", True),
        ("rediss://a:secret@queue.test/0", True),
        ("unix:///run/valkey.sock?db=0", True),
    ],
)
def test_a_queue_without_a_password_is_open(url, locked):
    assert doctor._is_locked(url) is locked


@pytest.mark.parametrize(
    ("keys", "words"),
    [("abc", "holds something that is no key"), ("", "opens the password of: ana@halden")],
)
def test_keys_that_are_none_or_open_nothing_are_told(stored, house, keys, words):
    seal(house, Vault([make_key()]))

    ended = Inlay(house, {"VAULT_KEYS": keys or make_key()})("doctor", "--json")

    found = findings(ended)["vault"]
    assert (ended.code, found["well"]) == (1, False)
    assert words in found["words"]


def test_as_it_comes_the_key_lies_in_the_data_dir(stored, house, tmp_path):
    as_it_comes = replace(house, vault_keys=(), data_dir=tmp_path)
    seal(house, Vault(secrets.complete(as_it_comes).vault_keys))

    ended = Inlay(as_it_comes, {})("doctor", "--json")

    assert findings(ended)["vault"]["well"], findings(ended)


def test_a_file_without_a_key_is_told_and_all_else_is_looked_at(stored, house, tmp_path):
    as_it_comes = replace(house, vault_keys=(), data_dir=tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "vault_keys").touch()

    ended = Inlay(as_it_comes, {})("doctor", "--json")

    found = findings(ended)
    assert (ended.code, [name for name, one in found.items() if not one["well"]]) == (1, ["keys"])
    assert "vault_keys holds no key" in found["keys"]["words"]
    assert {"database", "role", "queue", "scheduler", "mailbox ana@halden.test"} <= set(found)


def test_who_only_looks_makes_no_key(stored, house, tmp_path):
    as_it_comes = replace(house, secret_key="", vault_keys=(), data_dir=tmp_path / "new")

    before = Inlay(as_it_comes, {})("doctor", "--json")
    seal(house, Vault([make_key()]))
    lost = Inlay(as_it_comes, {})("doctor", "--json")

    assert not (tmp_path / "new").exists()
    assert (before.code, findings(before)["keys"]["well"]) == (0, True)
    assert "SECRET_KEY, VAULT_KEYS" in findings(before)["keys"]["words"]
    assert (lost.code, findings(lost)["vault"]["well"]) == (1, False)
    assert "opens the password of: ana@halden.test" in findings(lost)["vault"]["words"]


def seal(house, vault):
    with psycopg.connect(house.database_owner_url.replace("+psycopg", "")) as owner:
        owner.execute("set row_security to off")
        owner.execute("update mailbox set secret = %s", (vault.seal("secret"),))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_keys_that_can_be_made_nowhere_are_told(house, tmp_path):
    tmp_path.chmod(0o500)
    nowhere = replace(house, secret_key="", vault_keys=(), data_dir=tmp_path / "new")

    found = findings(Inlay(nowhere, {})("doctor", "--json"))["keys"]

    assert not found["well"]
    assert "SECRET_KEY, VAULT_KEYS" in found["words"]
    assert "DATA_DIR" in found["hint"]
