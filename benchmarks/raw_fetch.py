"""How fast the mailbox's bytes come by IMAP alone: imapclient, 250 at a time, nothing done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient

from benchmarks import mail_server
from benchmarks.measuring import family_seconds

if TYPE_CHECKING:
    from benchmarks.mail_server import MailServer

BATCH = 250
_FOLDERS = ("INBOX", "Sent", "Archive")


def fetch_all(server: MailServer) -> dict[str, Any]:
    """Fetch every letter and throw it away."""
    began, used, served = time.monotonic(), time.process_time(), family_seconds(server.pid)
    count = size = 0
    with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
        client._imap.debug = 0  # It formats every literal for a log record that nobody reads.
        client.login(mail_server.USER, server.password)
        for folder in _FOLDERS:
            client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            for start in range(0, len(uids), BATCH):
                wanted = ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"]
                for found in client.fetch(uids[start : start + BATCH], wanted).values():
                    count += 1
                    size += len(found[b"BODY[]"])
    seconds = time.monotonic() - began
    return {
        "messages": count,
        "megabytes": round(size / 1e6),
        "seconds": round(seconds, 2),
        "rate": round(count / seconds),
        "cpu": {
            "client": round((time.process_time() - used) * 1000 / count, 3),
            "dovecot": round((family_seconds(server.pid) - served) * 1000 / count, 3),
        },
    }
