"""Take in a mailbox through the product's own road: `inlay mailbox add`, then `inlay sync`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import house
from benchmarks.house import USER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.house import House, Ran
    from benchmarks.mail_server import MailServer


def take_in(
    source: MailServer | Path,
    workers: int,
    *,
    tuning: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Take in a whole mailbox in a new house, once, and then look for news and find none."""
    with house.opened(tuning=tuning) as fresh:
        house.furnish(fresh)
        connect(fresh, source)
        dovecot = None if _is_folder(source) else source.pid  # type: ignore[union-attr]
        first = _sync(fresh, workers, dovecot)
        again = _sync(fresh, workers, dovecot)
    return _shape(first, again, workers)


def connect(fresh: House, source: MailServer | Path) -> None:
    """Connect the mailbox of a server, or of a Maildir."""
    common = ("--user", USER, "--address", USER)
    if _is_folder(source):
        fresh.inlay("mailbox", "add", "files", *common, "--path", str(source))
        return
    words = ("--host", "127.0.0.1", "--port", str(source.port), "--login", "rep")  # type: ignore[union-attr]
    fresh.inlay(
        *("mailbox", "add", "imap", *common, *words, "--security", "none", "--password-stdin"),
        typed=source.password,  # type: ignore[union-attr]
    )


def _is_folder(source: MailServer | Path) -> bool:
    return not hasattr(source, "port")


def _sync(fresh: House, workers: int, dovecot: int | None) -> Ran:
    return fresh.inlay("sync", "--workers", str(workers), "--json", dovecot=dovecot)


def _shape(first: Ran, again: Ran, workers: int) -> dict[str, Any]:
    brought = first.shape["mailboxes"][0]
    count = brought["stored"]
    cpu = first.usage.per_thousand(count)
    return {
        "workers": workers,
        "stored": count,
        "failed": brought["failed"],
        "seconds": round(first.seconds, 2),
        "rate": round(count / first.seconds),
        "cpu": cpu,
        "cpu_ours": round(cpu["client"] + cpu["postgresql"], 3),
        "peak_mb": round(first.peak_mb, 1),
        "again": {
            "seconds": round(again.seconds, 2),
            "client": round(again.usage.client, 2),
            "postgresql": round(again.usage.postgresql, 2),
            "dovecot": round(again.usage.dovecot, 2),
        },
    }
