"""The command itself: help opens nothing, errors are words or one JSON object, codes mean it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from crm.base import errors, vault
from crm.base.errors import CRMError
from server import database, supervisor
from server.cli.main import KINDS, NOUNS, _kind
from sync import errors as sync_errors
from sync import reading
from sync.errors import SyncError
from tests import make
from tests.commands import Inlay

#: What design.md promises and a later release brings.
LATER = {"export", "import", "backup", "restore"}
INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
import server.cli
"""


def test_every_command_is_listed_with_a_sentence(inlay):
    ended = inlay("--help")

    assert ended.code == 0
    for noun in NOUNS:
        assert f"\n  {noun} " in ended.out


@pytest.mark.parametrize(
    "words", [["--help"], ["mailbox", "add", "imap", "--help"], ["read", "-h"]]
)
def test_help_opens_nothing(shared, tmp_path, words):
    nowhere = replace(
        shared, data_dir=tmp_path / "none", database_url="", redis_url="", database_owner_url=""
    )

    ended = Inlay(nowhere, {}).apart(*words)

    assert (ended.code, ended.err) == (0, "")
    assert "Usage: inlay" in ended.out
    assert not (tmp_path / "none").exists()


def test_the_version_is_told(inlay):
    assert inlay("--version").out.startswith("inlay, version ")


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["workspace"],
        ["workspace", "add"],
        ["mailbox", "show", "--no-such", "a"],
        ["user", "add", "a@b.test", "--role", "king"],
        ["contact", "list", "--limit", "0"],
        ["card", "--as", "ana@halden.test"],
        ["read", "/nowhere.eml"],
        ["read", "/tmp"],
        ["card", "--as", "ana@halden.test", "--event", "/tmp"],
    ],
)
def test_wrong_usage_ends_with_2(inlay, words):
    plain, machine = inlay(*words), inlay(*words, "--json")

    assert (plain.code, machine.code) == (2, 2)
    assert (plain.out, machine.out) == ("", "")
    assert machine.error["kind"] == "usage"


def test_a_refusal_ends_with_1_and_one_object(halden):
    ended = halden("mailbox", "show", "nobody@halden.test", "--json")

    assert (ended.code, ended.out) == (1, "")
    assert ended.error["kind"] == "not_found"
    assert "nobody@halden.test" in ended.error["message"]


def test_a_machine_is_told_kinds_and_never_a_classs_name():
    for module in (vault, database, errors, supervisor, sync_errors):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, (CRMError, SyncError)):
                word = _kind(kind("…"))
                assert word in {word for _kind, word in KINDS} | {"refused"}
    assert _kind(database.UnsafeDatabaseError("…")) == "database"
    assert _kind(supervisor.PortTakenError("…")) == "conflict"


def test_a_fault_of_ours_is_one_object_too_and_tells_no_value(inlay, monkeypatch):
    def broken(_name):
        raise RuntimeError("what ana@halden.test wrote")

    monkeypatch.setattr(reading, "read", broken)

    ended = inlay("read", "--json", stdin=make.raw())

    assert (ended.code, ended.out, ended.error["kind"]) == (1, "", "fault")
    assert "RuntimeError" in ended.error["message"]
    assert "ana@" not in ended.err
    with pytest.raises(RuntimeError):
        inlay("read", stdin=make.raw())


def test_a_refusal_for_a_person_is_a_sentence(halden):
    ended = halden("mailbox", "show", "nobody@halden.test")

    assert ended.err == "There is no mailbox nobody@halden.test.\n"


def test_without_a_database_the_command_says_so_and_does_not_break(shared, tmp_path):
    away = replace(
        shared,
        data_dir=tmp_path,
        database_url="postgresql://nobody@127.0.0.1:9/none",
        database_scheduler_url="",
    )

    ended = Inlay(away, {}).apart("workspace", "list", "--json")

    assert ended.code == 1
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert ended.error["message"]


def test_what_the_database_cannot_do_is_told_and_nothing_is_said_to_be_undone(inlay, monkeypatch):
    def locked(_name):
        raise OperationalError(
            "update …", {}, LockNotAvailable("canceling: lock timeout\nCONTEXT: x")
        )

    monkeypatch.setattr(reading, "read", locked)

    ended = inlay("read", "--json", stdin=make.raw())

    assert (ended.code, ended.error["kind"]) == (1, "database")
    assert ended.error["message"] == (
        "The database does not serve us: canceling: lock timeout. What was stored before is kept."
        " Run the command again once it does."
    )


def test_roles_that_were_swapped_are_told_in_words(house):
    swapped = replace(
        house,
        database_url=house.database_scheduler_url,
        database_scheduler_url=house.database_url,
    )
    inlay = Inlay(swapped, {})

    ended, looked = inlay("workspace", "list", "--json"), inlay("doctor", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "database")
    assert "permission denied" in ended.error["message"]
    assert "DATABASE_SCHEDULER_URL" in ended.error["message"]
    (found,) = [f for f in looked.json["findings"] if f["what"] == "database"]
    assert "inlay_program" in found["hint"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
def test_a_place_that_servers_cannot_enter_is_told_with_a_hint(shared, tmp_path):
    tmp_path.chmod(0o700)
    closed = replace(shared, data_dir=tmp_path / "data", database_url="", database_owner_url="")

    ended = Inlay(closed, {}).apart("workspace", "list", "--json")

    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err
    assert ended.error["hint"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LETTER_LIMIT", "much"),
        ("SECRET_KEY", "x"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "postgresql://ana@db.test:x/inlay"),
    ],
)
def test_a_setting_that_is_none_is_told(inlay, name, value):
    odd = Inlay(inlay.house, {name: value})

    ended = odd("workspace", "list", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "invalid")
    assert name in ended.error["message"]


@pytest.mark.parametrize("place", ["/etc/passwd", "/proc/x"])
def test_a_place_that_can_hold_nothing_is_told(shared, place):
    odd = replace(shared, data_dir=Path(place), secret_key="", database_url="")

    ended = Inlay(odd, {})("workspace", "list", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "servers")
    assert place in ended.error["message"]
    assert ended.error["hint"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize(
    "words", [["workspace", "list"], ["workspace", "list", "--json"], ["read", "--help"]]
)
def test_a_full_disk_behind_the_output_is_told(inlay, words):
    ended = inlay.apart(*words, shell=">/dev/full")

    assert ended.code == 1
    assert "No space left" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_where_nobody_can_be_told_the_code_says_it(inlay):
    assert inlay.apart("nothing", shell="2>/dev/full").code == 2


def test_whoever_reads_no_further_hears_nothing(inlay):
    ended = inlay.apart("read", "--jsonl", stdin=b"{}\n" * 99, shell="| head -n 1")

    assert (ended.out.count("\n"), ended.err) == (1, "")


@pytest.mark.parametrize("shell", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_fault(halden, shell):
    ended = halden.apart("user", "list", shell=shell)

    assert (ended.code, ended.err) == (0, "")


def test_ctrl_c_while_importing_ends_it_in_silence():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_what_is_promised_for_now_is_there():
    assert not LATER & set(NOUNS)
    assert {"up", "demo", "db", "doctor", "workspace", "user", "mailbox", "sync"} <= set(NOUNS)
    assert json.dumps(sorted(NOUNS))
