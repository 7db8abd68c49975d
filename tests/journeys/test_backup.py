"""A backup that is made as the papers say is restored whole, while the first goes on."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import psycopg
import pytest

from server.embedded import program
from tests.commands import Inlay
from tests.server.cli.conftest import halden, inlay, mail, stored  # noqa: F401 - Fixtures.


def run(name, *words):
    done = subprocess.run([program(name), *words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def plain(url):
    return url.replace("+psycopg", "")


def events(settings):
    with psycopg.connect(plain(settings.database_owner_url)) as owner:
        return owner.execute("select count(*) from event").fetchone()[0]


@pytest.mark.parametrize("by", ["owner", "superuser"])
def test_a_dump_is_restored_into_an_empty_database(by, stored, house, cluster, tmp_path):  # noqa: F811
    empty = cluster.database("restored")
    full, into = house.database_owner_url, empty.database_owner_url
    if by == "superuser":
        database = full.partition("?")[0].rpartition("/")[2]
        full, into = (
            cluster.admin_url.replace("/postgres?", f"/{one}?") for one in (database, "restored")
        )
    try:
        file = str(tmp_path / "inlay.dump")
        assert events(house) > 0
        run("pg_dump", "-Fc", "--exclude-table-data=event", "-f", file, plain(full))
        run("pg_restore", "--exit-on-error", "-d", plain(into), file)
        there = Inlay(replace(empty, data_dir=house.data_dir, vault_keys=house.vault_keys), {})

        assert events(empty) == 0
        assert there("doctor", "--json").code == 0
        ledgers = [one("mailbox", "ledger", "ana@halden.test", "--json") for one in (stored, there)]
        assert [ledger.json["balanced"] for ledger in ledgers] == [True, True]
        assert there("contact", "list", "--json").json == stored("contact", "list", "--json").json
        assert there("sync", "--json").json["mailboxes"][0]["stored"] == 0
    finally:
        with psycopg.connect(plain(cluster.admin_url), autocommit=True) as admin:
            admin.execute("drop database restored with (force)")
