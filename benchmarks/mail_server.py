"""A Dovecot that serves a made mailbox, where Dovecot is installed."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers import dovecot
from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "rep"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the mailbox is, and the process that serves it."""

    port: int
    pid: int
    password: str


def missing() -> str:
    """Say why no mail server can run here, or return "" where one can."""
    return dovecot.available() or ""


@contextmanager
def serving(maildir: Path) -> Iterator[MailServer]:
    """Serve a copy of a Maildir by IMAP. Dovecot's own indices are made before anybody measures."""
    with Dovecot() as server:
        root = server.maildir(USER)
        shutil.copytree(maildir, root, dirs_exist_ok=True)
        for path in (root, *root.rglob("*")):
            shutil.chown(path, root.owner(), root.group())
        with server.connect(USER) as client:
            for folder in ("INBOX", "Sent", "Archive"):
                _, (count,) = client.select(folder, readonly=True)
                if count and int(count):
                    client.fetch("1:*", "(RFC822.SIZE INTERNALDATE)")
        master = min(server.processes())
        yield MailServer(server.port, master, server.password)
