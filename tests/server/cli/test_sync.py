"""`inlay sync`: everything new, now; 1 where a mailbox could not be read."""

from __future__ import annotations

import shutil

from freezegun import freeze_time

from crm.base import clock
from tests import make
from tests.server.cli.conftest import UNREADABLE
from tests.server.cli.test_mailbox import FILES, imap


def test_a_run_says_what_came(halden, mail):
    halden(*FILES, "--path", str(mail))

    first, second = halden("sync", "--json"), halden("sync", "--json")

    (box,) = first.json["mailboxes"]
    counted = {"address", "stored", "skipped", "failed", "seconds"}
    assert set(box) == counted | {"trouble", "last_error", "paused"}
    assert (box["trouble"], box["last_error"], box["paused"]) == ("", "", False)
    assert (first.code, box["address"], box["stored"]) == (0, "ana@halden.test", 5)
    assert second.json["mailboxes"][0]["stored"] == 0
    assert "0 stored" in halden("sync").out


def test_one_mailbox_can_be_named(stored, mail):
    (mail / "late.eml").write_bytes(make.raw())

    assert stored("sync", "--mailbox", "ana@halden.test", "--json").json["mailboxes"][0]["stored"]
    assert stored("sync", "--mailbox", "bo@halden.test", "--json").error["kind"] == "not_found"


def test_a_letter_in_quarantine_is_no_failure_of_the_run(halden, mail):
    (mail / "bad.eml").write_bytes(UNREADABLE)
    halden(*FILES, "--path", str(mail))

    ended = halden("sync", "--json")

    (box,) = ended.json["mailboxes"]
    assert (ended.code, box["stored"] + box["failed"]) == (0, 6)


def test_a_mailbox_that_cannot_be_read_ends_with_1(stored, mail):
    shutil.rmtree(mail)

    ended = stored("sync", "--json")

    (box,) = ended.json["mailboxes"]
    assert (ended.code, box["trouble"]) == (1, "unreachable")
    assert str(mail) in box["last_error"]
    assert stored("mailbox", "show", "ana@halden.test", "--json").json["trouble"] != "none"


def test_without_a_mailbox_there_is_a_hint(halden):
    assert "inlay mailbox add --help" in halden("sync").out
    assert halden("sync", "--json").json == {"mailboxes": []}


def test_two_processes_bring_in_the_same(halden, mail):
    halden(*FILES, "--path", str(mail))

    ended = halden.apart("sync", "--workers", "2", "--json")

    assert (ended.code, ended.json["mailboxes"][0]["stored"]) == (0, 5)
    assert halden("mailbox", "ledger", "ana@halden.test").code == 0


def test_a_paused_mailbox_that_is_named_is_an_error_in_words(stored):
    stored("mailbox", "pause", "ana@halden.test")

    named = stored("sync", "--mailbox", "ana@halden.test")
    told = stored("sync", "--mailbox", "ana@halden.test", "--json")
    every = stored("sync")
    (left,) = stored("sync", "--json").json["mailboxes"]

    assert (named.code, told.code, told.error["kind"]) == (1, 1, "conflict")
    assert "ana@halden.test is paused" in named.err
    assert "inlay mailbox resume ana@halden.test" in named.err
    assert (every.code, every.out) == (0, "ana@halden.test is paused and was not read.\n")
    assert (left["address"], left["paused"], left["trouble"]) == ("ana@halden.test", True, "")


def test_a_mailbox_that_waits_for_its_owner_is_not_read_and_says_so(halden, dovecot):
    halden(*imap(dovecot, "waits"), stdin=b"wrong\n")
    with freeze_time(clock.now(), tick=True) as later:
        for _ in range(3):
            halden("sync")
            later.tick(1800)

    ended = halden("sync", "--mailbox", "ana@halden.test")

    assert (ended.code, "login_refused: " in ended.out) == (1, True)
    state = halden("mailbox", "show", "ana@halden.test", "--json").json["state"]
    assert state == "needs_login"
