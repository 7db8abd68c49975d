"""What is read in the mail program is read here; a quiet mailbox costs a few questions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crm.base.settings import Settings
from crm.mail.models import CopyState
from sync import ledger
from tests import make
from tests.servers.dovecot import Dovecot
from tests.sync import rig

UNREAD = "select coalesce(sum(unseen), 0)::int from inbox_thread where workspace_id = %s"


def unread(box: rig.Box) -> int:
    [(count,)] = box.ask(UNREAD, box.workspace_id)
    return int(count)


def store(dovecot: Dovecot, login: str, uids: str, change: str) -> None:
    with dovecot.connect(login) as client:
        client.select("INBOX")
        client.uid("STORE", uids, change, r"(\Seen)")


def test_flags_that_change_on_the_server_change_here(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher
) -> None:
    for number in range(9):
        dovecot.deliver(
            "follow-read", make.raw(subject=f"No. {number}", message_id=f"<{number}@x.test>")
        )
    box = rig.connect(town, liar.port, "follow-read")
    rig.bring(box)
    before = unread(box)

    store(dovecot, "follow-read", "2:4", "+FLAGS")
    liar.commands.clear()
    rig.bring(box)
    read, asked = unread(box), b"\n".join(liar.commands)
    store(dovecot, "follow-read", "3", "-FLAGS")
    rig.bring(box)

    assert (before, read, unread(box)) == (9, 6, 7)
    assert b"UID SEARCH MODSEQ" in asked  # Not all the flags of all the letters.
    assert b"UID FETCH 2:4" in asked
    rig.assert_exact(box, rig.served(dovecot, "follow-read"))


def test_a_server_that_has_gone_back_is_asked_for_all_flags_again(
    town: Settings, dovecot: Dovecot
) -> None:
    for number in range(3):
        dovecot.deliver("follow-back", make.raw(message_id=f"<{number}@x.test>"))
    box = rig.connect(town, dovecot.port, "follow-back")
    rig.bring(box)
    box.ask("update folder set modseq = 1000000 where workspace_id = %s", box.workspace_id)

    store(dovecot, "follow-back", "1:2", "+FLAGS")
    rig.bring(box)
    read = unread(box)
    store(dovecot, "follow-back", "1", "-FLAGS")
    rig.bring(box)

    assert (read, unread(box)) == (1, 2)


def test_a_quiet_mailbox_is_asked_for_its_numbers_alone(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher
) -> None:
    rig.deliver(dovecot, "follow-quiet", rig.letters(5))
    box = rig.connect(town, liar.port, "follow-quiet")
    rig.bring(box)
    rig.bring(box)

    liar.commands.clear()
    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (0, "")
    assert not [c for c in liar.commands if b"SEARCH ALL" in c or b"FETCH" in c]
    rig.assert_balanced(box)


def test_what_is_deleted_is_found_at_once_and_what_the_ledger_lost_too(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "follow-fewer", rig.letters(5))
    box = rig.connect(town, dovecot.port, "follow-fewer")
    rig.bring(box)

    dovecot.expunge("follow-fewer", [2])
    box.ask("delete from copy where workspace_id = %s and uid = 4", box.workspace_id)
    box.ask("delete from copy where workspace_id = %s and uid = 5", box.workspace_id)
    rig.bring(box)

    gone = "select uid from copy where workspace_id = %s and state = %s"
    assert box.ask(gone, box.workspace_id, CopyState.GONE) == [(2,)]
    rig.assert_balanced(box)


def test_numbers_that_agree_by_chance_are_found_out_by_the_hourly_comparison(
    town: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.deliver(dovecot, "follow-chance", rig.letters(5))
    box = rig.connect(town, dovecot.port, "follow-chance")
    rig.bring(box)
    dovecot.expunge("follow-chance", [2])
    box.ask("delete from copy where workspace_id = %s and uid = 4", box.workspace_id)
    held = "select uid from copy where workspace_id = %s and state = %s order by uid"

    rig.bring(box)
    within = box.ask(held, box.workspace_id, CopyState.STORED)
    monkeypatch.setattr(ledger, "EVERY", timedelta(0))
    rig.bring(box)

    assert within == [(1,), (2,), (3,), (5,)]
    assert box.ask(held, box.workspace_id, CopyState.STORED) == [(1,), (3,), (4,), (5,)]
    rig.assert_balanced(box)


def test_a_maildir_s_flags_follow_when_it_is_compared(
    town: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    for number, letter in enumerate(rig.letters(3)):
        (tmp_path / "cur" / f"{1_700_000_000 + number}.M1P1.here:2,").write_bytes(letter)
    box = rig.connect_files(town, tmp_path)
    rig.bring(box)
    before = unread(box)

    [first, *_] = sorted((tmp_path / "cur").iterdir())
    first.rename(first.with_name(first.name + "S"))
    monkeypatch.setattr(ledger, "EVERY", timedelta(0))
    brought = rig.bring(box)

    assert (before, unread(box), brought.stored) == (3, 2, 0)
    rig.assert_balanced(box)
