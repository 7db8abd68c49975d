"""What it costs to wait at many mailboxes: one watcher, and idle connections under TLS."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks import house as houses
from crm.base import clock, db, settings
from crm.base.vault import Vault
from crm.mail import mailboxes
from crm.mail.models import MailboxKind, MailboxState
from server import secrets
from tests import make
from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.house import House

#: Seconds until all is quiet, and for which it is then looked at.
_SETTLES, _LOOKED_AT = 10.0, 30.0
_PATIENCE = 120.0
#: What stands idle beside it: a Python that has imported the same.
_IDLE = "import server.working, time; print('.', flush=True); time.sleep(600)"


def measure(count: int) -> dict[str, Any]:
    """Let one watcher wait at so many mailboxes; return its memory, and its CPU while it waits."""
    with Dovecot(tls=True) as server, houses.opened() as house:
        houses.furnish(house)
        around = _around(house) | {"SSL_CERT_FILE": str(server.certificate)}
        _connect(around, server, count)
        with _process(("-c", _IDLE), around) as idle:
            time.sleep(3)
            imported = _resident(idle)
        with _process(("-m", "server.working", "watcher"), around) as watcher:
            _until_all_wait(watcher, server, count)
            time.sleep(_SETTLES)
            before = watcher.cpu_times()
            time.sleep(_LOOKED_AT)
            after = watcher.cpu_times()
            used = after.user + after.system - before.user - before.system
            return {
                "mailboxes": count,
                "imported_mb": imported,
                "resident_mb": _resident(watcher),
                "cpu_percent": round(100 * used / _LOOKED_AT, 2),
            }


def _around(house: House) -> dict[str, str]:
    return house.environment() | {
        "DATABASE_URL": house.servers.database_url,
        "DATABASE_SCHEDULER_URL": house.servers.scheduler_url,
        "REDIS_URL": house.servers.redis_url,
    }


def _connect(around: dict[str, str], server: Dovecot, count: int) -> None:
    """Connect mailboxes that are up to date, a user of the mail server for each."""
    read = secrets.complete(settings.read(around))
    sealed = Vault(read.vault_keys).seal(server.password)
    engine = db.open_engine(read.database_url)
    db.bind(engine)
    with db.transaction() as session:
        user = make.user(
            session, make.workspace(session, "Idle"), "idle@acme.example", role="admin"
        )
        for number in range(count):
            login = f"idle-{number}"
            server.maildir(login)
            place = {"host": "localhost", "port": server.tls_port, "security": "tls"}
            made = mailboxes.connect(
                session,
                user,
                f"{login}@acme.example",
                kind=MailboxKind.IMAP,
                place={**place, "login": login},
                secret=sealed,
                by=user,
                at=clock.now(),
            )
            made.state = MailboxState.LIVE
    engine.dispose()


@contextmanager
def _process(words: tuple[str, ...], around: dict[str, str]) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        (sys.executable, *words),
        env=around,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=houses.ROOT,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _until_all_wait(watcher: psutil.Process, server: Dovecot, count: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        waits = [
            line
            for line in watcher.net_connections(kind="tcp")
            if line.raddr and line.raddr.port == server.tls_port and line.status == "ESTABLISHED"
        ]
        if len(waits) >= count:
            return
        if time.monotonic() > until:
            raise RuntimeError(f"the watcher waits at {len(waits)} of {count} mailboxes")
        time.sleep(0.5)


def _resident(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 2**20, 1)
