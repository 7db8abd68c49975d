"""A house with one workspace, Ana, and her mail in files, all by the command itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.base.settings import Settings
from tests import make
from tests.commands import Inlay

EVIL = "Hello \x1b]0;pwned\x07\x1b[31mred\x9b2J \u202etxt.exe"
UNREADABLE = b"\x00" * 40


@pytest.fixture
def inlay(house: Settings) -> Inlay:
    """Open a terminal in an empty house."""
    return Inlay(house, {"BASE_URL": "https://crm.halden.test", "LC_ALL": "C.UTF-8"})


@pytest.fixture
def halden(inlay: Inlay) -> Inlay:
    """Found Halden, and add Ana."""
    assert inlay("workspace", "add", "Halden").code == 0
    words = ("user", "add", "ana@halden.test", "--role", "admin", "--name", "Ana Kovač")
    assert inlay(*words, "--password-stdin", stdin=b"a long password\n").code == 0
    return inlay


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """Write a folder of letters: a thread, a machine, a colleague, something nasty."""
    folder = tmp_path / "mail"
    folder.mkdir()
    letters = [
        make.raw(subject="Label printers", message_id="first@severka.test"),
        make.raw(
            sender="Ana <ana@halden.test>",
            to="Jana <jana@severka.test>",
            subject="Re: Label printers",
            message_id="answer@halden.test",
            In_Reply_To="<first@severka.test>",
        ),
        make.raw(sender="Eva <eva@kovar.test>", subject="Tender", message_id="eva@kovar.test"),
        make.raw(
            sender="News <news@kovar.test>",
            subject="News",
            message_id="news@kovar.test",
            List_Unsubscribe="<https://kovar.test/u>",
        ),
        make.raw(sender="sam@halden.test", subject="Lunch", message_id="lunch@halden.test"),
    ]
    for n, raw in enumerate(letters):
        (folder / f"{n}.eml").write_bytes(raw)
    return folder


@pytest.fixture
def stored(halden: Inlay, mail: Path) -> Inlay:
    """Connect the folder, and take it in."""
    words = ("mailbox", "add", "files", "--user", "ana@halden.test")
    assert halden(*words, "--address", "ana@halden.test", "--path", str(mail)).code == 0
    assert halden("sync").code == 0
    return halden
