"""Gmail beside IMAP: the same letters over both in one run, and how much of a quota is used.

The server stands in a process of its own. Without a quota, what limits is we, or the machine: the
rate is told as a part of that over IMAP. With one, the rate is the quota's: what is told is the
share of it that was spent, and whether it was ever passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks import gmail_server, house, mail_server, taking_in
from benchmarks.house import INLAY, USER
from benchmarks.measuring import family_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.gmail_server import Gmail
    from benchmarks.house import House, Ran

#: So many units a minute that nobody ever waits for one.
_PLENTY: Final = 10**9
_GET: Final = 20


def measure(maildir: Path, limited: Path, quota: int) -> dict[str, Any]:
    """Take in a Maildir over IMAP and over Gmail, by one worker and by two; then within a quota."""
    return {
        "beside_imap": list(_beside_imap(maildir)),
        "within_quota": _within(limited, quota),
    }


def _beside_imap(maildir: Path) -> Iterator[dict[str, Any]]:
    with mail_server.serving(maildir) as dovecot, gmail_server.serving(maildir, USER) as google:
        for workers in (1, 2):
            imap = taking_in.take_in(dovecot, workers)
            gmail = _take_in(google, workers)
            yield {
                "workers": workers,
                "imap_rate": imap["rate"],
                "imap_cpu": imap["cpu"],
                "ratio": round(gmail["rate"] / imap["rate"], 3),
                **gmail,
            }


def _take_in(google: Gmail, workers: int) -> dict[str, Any]:
    """Take in the mailbox in a new house, once, and then look for news and find none."""
    with house.opened() as fresh:
        house.furnish(fresh)
        _connect(fresh, google, _PLENTY)
        google.told()
        served = family_seconds(google.pid)
        first = _sync(fresh, google, workers, _PLENTY)
        served = family_seconds(google.pid) - served
        asked = google.told()
        _sync(fresh, google, workers, _PLENTY)
        again = google.told()
    count = first.shape["mailboxes"][0]["stored"]
    cpu = first.usage.per_thousand(count)
    return {
        "stored": count,
        "seconds": round(first.seconds, 2),
        "rate": round(count / first.seconds),
        "cpu": {**cpu, "gmail": round(served * 1000 / count, 3)},
        "peak_mb": round(first.peak_mb, 1),
        "gets": asked["by_method"].get("users.messages.get", 0),
        "again_calls": again["calls"],
    }


def _within(maildir: Path, quota: int) -> dict[str, Any]:
    """Take in a mailbox from a server that refuses what is above a quota."""
    with gmail_server.serving(maildir, USER) as google, house.opened() as fresh:
        house.furnish(fresh)
        _connect(fresh, google, quota)
        google.told(quota=quota)
        first = _sync(fresh, google, 2, quota)
        told = google.told()
    count = first.shape["mailboxes"][0]["stored"]
    spent = told["by_method"].get("users.messages.get", 0) * _GET
    return {
        "quota": quota,
        "stored": count,
        "seconds": told["seconds"],
        "units": told["units"],
        "of_gets": round(spent / told["units"], 3),
        "share": round(told["units"] * 60 / told["seconds"] / quota, 3),
        "busiest": round(told["busiest_minute"] / quota, 3),
        "refused": told["refused"],
    }


def _connect(fresh: House, google: Gmail, units: int) -> None:
    common = ("--user", USER, "--address", USER, "--refresh-token-stdin")
    words = (str(INLAY), "mailbox", "add", "gmail", *common)
    house.run(words, fresh, typed=google.refresh_token, extra=google.environment(units))


def _sync(fresh: House, google: Gmail, workers: int, units: int) -> Ran:
    words = (str(INLAY), "sync", "--workers", str(workers), "--json")
    return house.run(words, fresh, extra=google.environment(units))
