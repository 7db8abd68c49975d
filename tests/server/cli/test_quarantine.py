"""`inlay quarantine`: what could not be read is kept whole, shown, and tried again."""

from __future__ import annotations

import io
from base64 import b64decode

import pytest
from sqlalchemy import text, update

from crm.base.db import transaction
from crm.mail.models import Copy, CopyState
from server.cli import quarantine
from tests import make
from tests.server.cli.conftest import EVIL
from tests.server.cli.test_mailbox import FILES


@pytest.fixture
def kept(halden, mail):
    """Keep a letter as an earlier version would have that could not read it."""
    import hashlib
    import zlib
    from uuid import UUID

    from crm.mail.models import RawLetter

    raw = make.raw(subject="Hard to read", message_id="hard@severka.test")
    (mail / "hard.eml").write_bytes(raw)
    halden(*FILES, "--path", str(mail))
    halden("sync")
    (workspace,) = halden("workspace", "list", "--json").json["workspaces"]
    ws = UUID(workspace["id"])
    with transaction(ws) as session:
        digest = hashlib.sha256(raw).digest()
        found = session.execute(
            text("select id from message where rfc_id = 'hard@severka.test'")
        ).scalar_one()
        session.execute(
            update(Copy)
            .where(Copy.message_id == found)
            .values(state=CopyState.FAILED, error="header too long", message_id=None, attempts=1)
        )
        for table in ("activity_link", "activity"):
            column = "activity_id" if table == "activity_link" else "id"
            session.execute(text(f"delete from {table} where {column} = :m"), {"m": found})
        session.execute(text("delete from inbox_thread where last_message_id = :m"), {"m": found})
        session.execute(text("delete from message where id = :m"), {"m": found})
        session.add(
            RawLetter(workspace_id=ws, digest=digest, size=len(raw), body=zlib.compress(raw))
        )
    return halden, raw


def test_a_kept_letter_is_listed_shown_and_read_again(kept):
    inlay, raw = kept
    (letter,) = inlay("quarantine", "list", "--json").json["messages"]

    assert set(letter) == {"id", "mailbox", "folder", "error", "size", "attempts"}
    assert (letter["mailbox"], letter["error"]) == ("ana@halden.test", "header too long")
    assert inlay("quarantine", "show", letter["id"]).raw == raw
    ledger = inlay("mailbox", "ledger", "ana@halden.test", "--json")
    assert (ledger.code, ledger.json["folders"][0]["failed"]) == (0, 1)

    assert inlay("quarantine", "retry", "--json").json == {"read": 1, "left": 0}
    assert inlay("quarantine", "list", "--json").json == {"messages": []}
    assert inlay("message", "show", "hard@severka.test", "--json").code == 0
    assert inlay("quarantine", "retry", "--json").json == {"read": 0, "left": 0}


class Terminal(io.TextIOWrapper):
    """Standard output as somebody reads it."""

    def isatty(self):
        """Say that it is a terminal."""
        return True


def test_a_letter_commands_no_terminal(kept, monkeypatch):
    inlay, _raw = kept
    (letter,) = inlay("quarantine", "list", "--json").json["messages"]
    evil = b"Subject: x\r\n\r\n" + EVIL.encode()
    monkeypatch.setattr(quarantine.quarantine, "raw", lambda *_: evil)

    document = inlay("quarantine", "show", letter["id"], "--json").json
    piped = inlay("quarantine", "show", letter["id"]).raw
    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    shown = inlay("quarantine", "show", letter["id"]).out

    assert b64decode(document["base64"]) == piped == evil
    assert "Subject: x\n" in shown
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


def test_nothing_in_quarantine_is_said_in_words(stored):
    assert stored("quarantine", "list").out == "Every letter could be read.\n"


@pytest.mark.parametrize("name", ["", "x", "a:b:c", "01a20080-9a40-7000-a711-9d53410cb721:1:1"])
def test_a_letter_that_is_not_there_is_not_found(stored, name):
    ended = stored("quarantine", "show", name)

    assert (ended.code, ended.out) == (1, "")
