"""A PostgreSQL of one's own, which may be stopped, frozen and started again."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crm.base.settings import Settings
from crm.base.vault import make_key
from crm.migrations import upgrading
from server import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is committed must outlive the server's death here, though not the machine's.
TUNING = {"fsync": "off", "full_page_writes": "off"}


@dataclass
class Own:
    """A PostgreSQL that may be ill-treated."""

    folder: Path
    settings: Settings
    _left: ExitStack = field(default_factory=ExitStack)

    @property
    def pid(self) -> int:
        """Return the number of its first process."""
        return int((self.folder / "postgresql" / "postmaster.pid").read_text().split()[0])

    def stop(self, sign: signal.Signals) -> None:
        """Stop it: SIGQUIT is an immediate shutdown, SIGINT a fast one."""
        pid, ends = self.pid, time.monotonic() + 30
        os.kill(pid, sign)
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < ends, "it does not stop"
            time.sleep(0.01)

    def start(self) -> None:
        """Start it again."""
        self._left.enter_context(embedded.running(self.folder, valkey=False, tuning=TUNING))

    def close(self) -> None:
        """Leave it."""
        self._left.close()


@contextmanager
def running() -> Iterator[Own]:
    """Run a PostgreSQL with an empty house in it."""
    folder = Path(tempfile.mkdtemp(prefix="inlay-own-", dir="/tmp"))
    try:
        with embedded.running(folder, valkey=False, tuning=TUNING) as servers:
            upgrading.upgrade(servers.owner_url)
            settings = Settings(
                data_dir=folder,
                database_url=servers.database_url,
                database_owner_url=servers.owner_url,
                database_scheduler_url=servers.scheduler_url,
                vault_keys=(make_key(),),
                allow_plain_imap=True,
            )
            own = Own(folder, settings)
            try:
                yield own
            finally:
                own.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
