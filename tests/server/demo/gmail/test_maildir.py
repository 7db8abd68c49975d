"""A Maildir as a mailbox of Gmail's: what its folders and flags become."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.demo.gmail.asking import letter

ROOT = Path(__file__).parents[4]


def test_a_maildirs_folders_and_flags_become_labels(ana, gmail, tmp_path):
    files = {
        "cur/1772366400.1.host:2,S": "read",
        "cur/1772366401.2.host:2,FS": "starred",
        "new/1772366402.3.host": "new",
        ".Sent/cur/1772366403.4.host:2,S": "sent",
        ".Drafts/cur/1772366404.5.host:2,D": "draft",
        ".Trash/cur/1772366405.6.host:2,S": "trash",
        ".Junk/cur/1772366406.7.host:2,": "junk",
        ".Work.P&AVk-&AO0-stav/cur/1772366407.8.host:2,S": "work",
    }
    for name, subject in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(letter(subject, id_=subject))
    (tmp_path / "tmp").mkdir()

    assert ana.load_maildir(tmp_path) == len(files)

    names = {label.id: label.name for label in ana.labels}
    found = {copy.head.subject: {names[label] for label in copy.labels} for copy in ana.copies}
    assert found == {
        "read": {"INBOX"},
        "starred": {"INBOX", "STARRED"},
        "new": {"INBOX", "UNREAD"},
        "sent": {"SENT"},
        "draft": {"DRAFT"},
        "trash": {"TRASH"},
        "junk": {"SPAM", "UNREAD"},
        "work": {"Work/Přístav"},
    }
    assert len(gmail.drafts().list(userId="me").execute()["drafts"]) == 1
    assert {copy.ms for copy in ana.copies if copy.head.subject == "read"} == {1772366400000}


def test_a_folder_that_is_no_maildir_is_not_loaded(ana, tmp_path):
    with pytest.raises(FileNotFoundError, match="no Maildir"):
        ana.load_maildir(tmp_path)


def test_the_letters_of_a_maildir_stay_in_its_files(ana, tmp_path):
    (tmp_path / "cur").mkdir()
    file = tmp_path / "cur" / "no-date:2,S"
    file.write_bytes(letter("One"))
    ana.load_maildir(tmp_path)
    (copy,) = ana.copies

    file.write_bytes(letter("Two"))

    assert b"Subject: Two" in copy.raw
    assert copy.ms == pytest.approx(file.stat().st_mtime * 1000, abs=60_000)


def test_the_sample_mailbox_is_held_with_its_threads(ana):
    assert ana.load_maildir(ROOT / "server" / "demo" / "mailbox") > 100
    assert 1 < len(ana.copies.threads) < len(ana)
