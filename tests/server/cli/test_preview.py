"""What a preview promises is what comes."""

from __future__ import annotations

from contextlib import contextmanager

from sqlalchemy import create_engine, text

from crm.base.db import normal_url
from sync.connecting import previewing
from tests import make
from tests.server.cli.test_mailbox import FILES, imap


def test_a_preview_promises_what_then_comes(halden, mail):
    found = halden(*FILES, "--path", str(mail), "--preview", "--json").json

    halden(*FILES, "--path", str(mail))
    stored = halden("sync", "--json").json["mailboxes"][0]["stored"]
    contacts = halden("contact", "list", "--json").json["contacts"]

    assert set(found) == {
        "folders",
        "skipped",
        "unavailable",
        "messages",
        "automatic",
        "internal",
        "contacts",
        "absent",
    }
    assert (found["messages"], found["contacts"]) == (stored, len(contacts))


def test_a_rule_that_skips_nothing_is_not_told(halden, tmp_path):
    for folder in (".Trash", ".Spam", "."):
        for part in ("cur", "new", "tmp"):
            (tmp_path / "box" / folder / part).mkdir(parents=True)
    (tmp_path / "box" / "cur" / "1.a:2,S").write_bytes(make.raw())
    (tmp_path / "box" / ".Spam" / "cur" / "2.a:2,S").write_bytes(make.raw(subject="Buy now"))
    asked = (*FILES, "--path", str(tmp_path / "box"), "--preview")

    assert halden(*asked, "--json").json["skipped"] == {"spam": 1}
    assert "0 would be skipped" not in halden(*asked).out


def test_a_file_that_is_no_mail_is_told_before_and_after(halden, tmp_path):
    (tmp_path / "box").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 99)
    add = (*FILES, "--path", str(tmp_path / "box"))

    seen = halden(*add, "--preview").out
    halden(*add, "--json")
    halden("sync")
    account = halden("mailbox", "ledger", "ana@halden.test", "--json")

    assert "box would be left out: it cannot be read: no letter begins in it" in seen
    assert account.code == 1
    assert account.json["balanced"] is False
    assert "no letter begins in it" in account.json["folders"][0]["trouble"]


def test_no_transaction_is_open_while_the_server_is_asked(halden, mail, monkeypatch):
    open_source, open_then = previewing.open_source, []
    engine = create_engine(normal_url(halden.house.database_owner_url))
    idle = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and state like 'idle in transaction%'"
    )

    @contextmanager
    def watched(*args, **options):
        with open_source(*args, **options) as source, engine.connect() as connection:
            open_then.append(connection.execute(idle).scalar_one())
            yield source

    monkeypatch.setattr(previewing, "open_source", watched)

    assert halden(*FILES, "--path", str(mail), "--preview").code == 0

    engine.dispose()
    assert open_then == [0]


def test_an_excluded_folder_that_is_not_there_is_named(halden, dovecot):
    add = (*imap(dovecot, "excludes"), "--preview", "--exclude", "INBOX", "--exclude", "Nosuch")
    password = dovecot.password.encode() + b"\n"

    shown, told = halden(*add, stdin=password), halden(*add, "--json", stdin=password)

    assert "Nosuch is excluded, and there is no such folder that can be read." in shown.out
    assert told.json["absent"] == ["Nosuch"]
