"""Credentials: a mailbox's source is opened from its row, its secret out of the vault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm.base.settings import Settings
from crm.base.vault import Vault, make_key
from crm.mail.models import Mailbox
from crm.mail.retrying import LOGINS
from sync.credentials import open_source
from sync.errors import OutOfReachError, SyncError
from sync.sources.files import FilesSource
from sync.sources.imap import ImapSource
from tests.servers.dovecot import Dovecot
from tests.sync import rig


def test_an_imap_mailbox_opens_with_the_password_of_the_vault(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "vault", rig.letters(2))
    box = rig.connect(town, dovecot.port, "vault")
    assert box.row().secret != b"secret"

    with open_source(box.row(), town, box.vault) as source:
        assert isinstance(source, ImapSource)
        assert {state.name: state.count for state in source.folders()}["INBOX"] == 2


def test_a_mailbox_of_files_needs_no_secret(town: Settings, tmp_path: Path) -> None:
    box = rig.connect_files(town, tmp_path)

    with open_source(box.row(), town, box.vault) as source:
        assert isinstance(source, FilesSource)


def test_a_mailbox_that_nothing_lets_us_into_is_refused_in_words(town: Settings) -> None:
    with pytest.raises(SyncError, match="let us into"):
        open_source(Mailbox(kind="imap", place={}, secret=None), town, Vault((make_key(),)))


def test_a_path_that_is_gone_is_trouble_of_the_mailbox_and_no_crash(
    town: Settings, tmp_path: Path
) -> None:
    box = rig.connect_files(town, tmp_path / "gone")

    brought = rig.bring(box)

    assert brought.trouble == "unreachable"
    assert box.row().state == "failing"


def test_a_secret_that_no_key_opens_waits_for_its_key_and_asks_nobody_for_a_password(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "lost", rig.letters(1))
    box = rig.connect(town, dovecot.port, "lost")
    lost = rig.Box(box.workspace_id, box.id, replace(town, vault_keys=(make_key(),)))

    for _look in range(LOGINS + 1):
        assert rig.bring(lost).trouble == "key_missing"

    row = box.row()
    assert (row.state, row.why, row.refusals) == ("failing", "key_missing", 0)
    assert "VAULT_KEYS" in row.last_error
    assert rig.bring(box).stored == 1
    assert box.row().state == "live"


def test_a_mailbox_that_was_named_in_the_web_is_read_from_the_public_internet_alone(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "reach", rig.letters(1))
    box = rig.connect(town, dovecot.port, "reach")
    row = box.row()
    row.place = {**row.place, "reach": "public"}
    with (
        open_source(row, town, box.vault) as source,
        pytest.raises(OutOfReachError, match="143 and 993"),
    ):
        source.folders()
    row.place = {**row.place, "port": 143}
    with (
        open_source(row, town, box.vault) as source,
        pytest.raises(OutOfReachError, match="not on the public internet"),
    ):
        source.folders()
    row.place = {**row.place, "port": dovecot.port}

    with open_source(row, replace(town, allow_private_imap=True), box.vault) as source:
        assert {state.name: state.count for state in source.folders()}["INBOX"] == 1
