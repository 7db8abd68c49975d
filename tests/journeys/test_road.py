"""The road: a mailbox comes in by the command line, whole and once, whatever is in it."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm.base.settings import Settings
from crm.mail.models import CopyState
from tests import make
from tests.conftest import environment
from tests.servers.dovecot import Dovecot
from tests.servers.letters import large
from tests.servers.proxy import Fault
from tests.sync import rig
from tests.sync.rig import Box, Watcher

liar = rig.liar

INLAY = Path(sys.executable).with_name("inlay")
#: What a worker may hold while it brings a mailbox in, in bytes.
MEMORY = 150_000_000


def inlay(house: Settings, *words: str, said: str = "", code: int = 0) -> Any:
    """Run a command with --json, and return what it printed."""
    done = subprocess.run(
        [INLAY, *words, "--json"],
        env=environment(house),
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout or done.stderr)


def peak(house: Settings, *words: str) -> tuple[int, int]:
    """Run a command; return its exit code and the most memory that its process held."""
    with subprocess.Popen(
        [INLAY, *words], env=environment(house), stdout=subprocess.DEVNULL
    ) as process:
        status = Path(f"/proc/{process.pid}/status")
        most = 0
        while process.poll() is None:
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    # It never sinks; before the exec it is our own, so the last counts.
                    most = int(line.split()[1]) * 1024
            time.sleep(0.01)
        return process.returncode, most


def connected(house: Settings, port: int, login: str) -> Box:
    """Connect a mailbox as an admin does."""
    inlay(house, "workspace", "add", "Halden")
    inlay(house, "user", "add", "ana@halden.test", "--role", "admin")
    where = ("--host", "127.0.0.1", "--port", str(port), "--security", "none")
    shown = inlay(
        house,
        *("mailbox", "add", "imap", "--user", "ana@halden.test", "--address", "ana@halden.test"),
        *(*where, "--login", login, "--password-stdin"),
        said="secret\n",
    )
    assert (shown["kind"], shown["state"], shown["trouble"]) == ("imap", "connecting", "none")
    workspace = inlay(house, "workspace", "list")["workspaces"][0]["id"]
    return Box(rig.UUID(workspace), rig.UUID(shown["id"]), house)


def test_a_mailbox_comes_in_by_commands_and_is_accounted_for(
    house: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(60)
    rig.deliver(dovecot, "road", letters[:40])
    rig.deliver(dovecot, "road", letters[40:55], "Sent")
    rig.deliver(dovecot, "road", letters[55:], "Junk")
    box = connected(house, dovecot.port, "road")

    first = inlay(house, "sync")
    second = inlay(house, "sync", "--mailbox", "ana@halden.test")

    (brought,) = first["mailboxes"]
    assert (brought["trouble"], brought["paused"], brought["failed"]) == ("", False, 0)
    assert [brought[k] for k in ("address", "stored", "skipped", "failed")] == [
        *("ana@halden.test", 55, 5, 0)
    ]
    assert [second["mailboxes"][0][k] for k in ("stored", "skipped", "failed")] == [0, 0, 0]
    account = inlay(house, "mailbox", "ledger", "ana@halden.test")
    assert set(account) == {"mailbox", "balanced", "as_of", "folders"}
    assert account["balanced"] is True
    by_name = {folder["name"]: folder for folder in account["folders"]}
    assert by_name["Junk"] == {
        "name": "Junk",
        "server": 5,
        "stored": 0,
        "skipped": {"spam": 5},
        "failed": 0,
        "pending": 0,
        "stray": 0,
        "gone": 0,
        "balanced": True,
    }
    assert (by_name["INBOX"]["stored"], by_name["Sent"]["stored"]) == (40, 15)
    shown = inlay(house, "mailbox", "show", "ana@halden.test")
    assert set(shown) == {
        *("id", "address", "kind", "state", "trouble", "lag_seconds", "last_error")
    }
    assert (shown["state"], shown["trouble"]) == ("live", "none")
    assert inlay(house, "quarantine", "list") == {"messages": []}
    rig.assert_exact(box, rig.served(dovecot, "road"))

    rig.deliver(dovecot, "road", rig.letters(1, seed=2))
    account = inlay(house, "mailbox", "ledger", "ana@halden.test", code=1)

    inbox = next(folder for folder in account["folders"] if folder["name"] == "INBOX")
    assert (account["balanced"], inbox["pending"], inbox["server"]) == (False, 1, 41)


def picture(box: Box) -> dict[str, set[Any]]:
    """Return what was made of the mail, as sets that tell nothing of ids and order."""
    w = f"'{box.workspace_id}'"
    return {
        "threads": {
            frozenset(row[0])
            for row in box.ask(
                f"select array_agg(rfc_id) from message where workspace_id = {w} group by thread_id"
            )
        },
        "people": set(box.ask(f"select email from contact_address where workspace_id = {w}")),
        "companies": set(box.ask(f"select name from company where workspace_id = {w}")),
        "links": set(
            box.ask(
                "select a.email, m.rfc_id, l.rule from activity_link l"
                " join contact_address a on a.contact_id = l.record_id"
                f" join message m on m.id = l.activity_id where l.workspace_id = {w}"
            )
        ),
        "inbox": set(
            box.ask(
                f"select messages, unseen, turn, last_at from inbox_thread where workspace_id = {w}"
            )
        ),
        "copies": {(f, u, s, d) for f, u, s, d, _ in rig.ledger_of(box)},
    }


def test_two_workers_make_the_same_of_a_mailbox_as_one(house: Settings, dovecot: Dovecot) -> None:
    letters = rig.letters(400, seed=12)
    for n in range(4):
        rig.deliver(dovecot, "workers", letters[n::4], f"Part/{n}")
    one = rig.connect(house, dovecot.port, "workers")
    rig.bring(one)
    two = rig.connect(house, dovecot.port, "workers")

    brought = inlay(house, "sync", "--workspace", str(two.workspace_id), "--workers", "2")

    assert brought["mailboxes"][0]["stored"] == 400
    assert picture(two) == picture(one)
    rig.assert_exact(two, rig.served(dovecot, "workers"))


def test_a_refused_login_waits_for_a_new_password_and_then_goes_on_without_a_gap(
    house: Settings, dovecot: Dovecot, liar: Watcher
) -> None:
    rig.deliver(dovecot, "password", rig.letters(4))
    box = rig.connect(house, liar.port, "password")
    rig.bring(box)
    liar.plan(Fault("auth_fail", times=3))
    for _ in range(3):  # Each after the time that a refused login has.
        rig.bring(box)
        box.ask("update mailbox set due_at = now() where id = %s", box.id)
    rig.deliver(dovecot, "password", rig.letters(2, seed=2))

    refused = subprocess.run(
        [INLAY, "sync"], env=environment(house), capture_output=True, text=True, check=False
    )
    resume = ("mailbox", "resume", "ana@halden.test", "--password-stdin")
    resumed = inlay(house, *resume, said="secret\n")
    inlay(house, "sync")

    assert (refused.returncode, "login_refused" in refused.stdout) == (1, True)
    assert (resumed["state"], resumed["trouble"]) == ("live", "none")
    rig.assert_exact(box, rig.served(dovecot, "password"))


def many_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n"
    head = b"From: a@b.test\r\nMessage-ID: <parts@x>\r\nContent-Type: multipart/mixed; boundary=b"
    return head + b"\r\n\r\n" + part * count + b"--b--\r\n"


def hostile() -> dict[str, bytes]:
    """Write letters such as nobody should send."""
    words = b" ".join(b"w%d" % n for n in range(150_000))
    return {
        "no id": make.raw(message_id=None),
        "no id, another": make.raw(message_id=None, text="Another"),
        "an id that is used again": make.raw(message_id="again@x", text="One"),
        "the same id": make.raw(message_id="again@x", text="Something else altogether " * 9),
        "a wrong charset": make.raw().replace(b"utf-8", b"unheard-of") + b"\xe9\xff",
        "bytes that are no text": make.raw(text="x").replace(b"x", b"\xed\xa0\x80\xff\xc0"),
        "the year 1": make.raw().replace(b"Date: ", b"Date: Mon, 1 Jan 0001 00:00:00 -2400 X"),
        "the year 9999": make.raw().replace(b"2026", b"9999"),
        "ten thousand parts": many_parts(10_000),
        "an attachment of 60 MB": large(60_000_000),
        "a header of 1 MB": make.raw(X_Long="y" * 1_000_000),
        "a subject of 1 MB": make.raw(subject="z" * 1_000_000),
        "an id of 64 KB": make.raw(message_id=base64.b64encode(os.urandom(48_000)).decode()),
        "five thousand recipients": make.raw(to=", ".join(f"p{n}@x.test" for n in range(5_000))),
        "a line of 5 MB": make.raw(text="l" * 5_000_000),
        "a million of words": make.raw(text=words.decode()),
        "nothing but a header": b"Subject: only this\r\n",
        "a NUL": make.raw(text="a\0b", subject="c\0d"),
    }


def test_letters_such_as_nobody_should_send_are_stored_or_kept_in_little_memory(
    house: Settings, dovecot: Dovecot
) -> None:
    for raw in hostile().values():
        dovecot.deliver("hostile", raw, at=make.NOW)
    rig.deliver(dovecot, "hostile", rig.letters(50), at=make.NOW - timedelta(days=3))
    box = rig.connect(house, dovecot.port, "hostile")

    code, most = peak(house, "sync")

    assert code == 0
    rows = rig.ledger_of(box)
    assert len(rows) == len(hostile()) + 50
    assert {state for _, _, state, _, _ in rows} <= {CopyState.STORED, CopyState.FAILED}
    rig.assert_balanced(box)
    rig.assert_filed_once(box)
    assert most < MEMORY, f"{most / 1e6:.0f} MB"


def test_mail_in_files_comes_in_by_the_same_road(house: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    for n, raw in enumerate(rig.letters(5)):
        (folder / f"{n}.eml").write_bytes(raw)
    (tmp_path / "old.mbox").write_bytes(
        b"".join(b"From x\n" + raw.replace(b"\r\n", b"\n") + b"\n" for raw in rig.letters(4, 2))
    )
    rig.connect_files(house, folder)
    add = ("mailbox", "add", "files", "--user", "ana@halden.test", "--address", "old@halden.test")
    shown = inlay(house, *add, "--path", str(tmp_path / "old.mbox"))
    assert shown["kind"] == "files"

    brought = inlay(house, "sync")["mailboxes"]

    assert {box["address"]: box["stored"] for box in brought} == {
        "ana@halden.test": 5,
        "old@halden.test": 4,
    }


CORPORA = os.environ.get("INLAY_CORPORA", "")
FOLDERS = sorted(one for one in Path(CORPORA).iterdir() if one.is_dir()) if CORPORA else []


@pytest.mark.skipif(not CORPORA, reason="INLAY_CORPORA names no directory of sample mail")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_of_sample_mail_comes_in_and_adds_up(
    house: Settings, folder: Path, record_property: Any
) -> None:
    box = rig.connect_files(house, folder)
    began = time.monotonic()

    brought, again = rig.bring(box), rig.bring(box)

    reasons = box.ask("select error, count(*) from copy where state = 3 group by 1")
    record_property("stored", brought.stored)
    record_property("failed", str(reasons))
    record_property("seconds", round(time.monotonic() - began, 2))
    assert (brought.trouble, again.trouble, again.stored) == ("", "", 0)
    rig.assert_balanced(box)
    rig.assert_filed_once(box, distinct=False)
