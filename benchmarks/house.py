"""A house for one measurement: its own DATA_DIR with embedded servers, and the `inlay` command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import PeakWatch, Usage, family_seconds
from server import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INLAY = Path(sys.executable).with_name("inlay")
USER = "rep@acme.example"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended: what it said, how long it took, what was used meanwhile."""

    words: str
    seconds: float
    usage: Usage
    peak_mb: float

    @property
    def shape(self) -> Any:
        """Return the JSON that it printed."""
        return json.loads(self.words)


@dataclass(frozen=True, slots=True)
class House:
    """A DATA_DIR whose servers run."""

    data_dir: Path
    servers: embedded.Servers

    @property
    def postmaster(self) -> int:
        """Return the process id of its PostgreSQL."""
        return int((self.data_dir / "postgresql" / "postmaster.pid").read_text().split("\n", 1)[0])

    def usage(self, dovecot: int | None = None) -> Usage:
        """Return what the servers have used up to now."""
        return Usage(0.0, family_seconds(dovecot), family_seconds(self.postmaster))

    def inlay(self, *words: str, typed: str = "", dovecot: int | None = None) -> Ran:
        """Run an `inlay` command to its end."""
        return run((str(INLAY), *words), self, typed=typed, dovecot=dovecot)

    def environment(self) -> dict[str, str]:
        """Return what a command of this house is told."""
        kept = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}
        if "PYTHONPATH" in os.environ:  # Which of several trees is measured.
            kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
        return kept | {"DATA_DIR": str(self.data_dir), "ALLOW_PLAIN_IMAP": "yes"}


@contextmanager
def opened(
    data_dir: Path | None = None, *, tuning: Mapping[str, str] | None = None
) -> Iterator[House]:
    """Run the servers of a DATA_DIR; without one, of a new one that is thrown away at the end."""
    place = data_dir or Path(tempfile.mkdtemp(prefix="inlay-bench-", dir="/tmp"))
    try:
        with embedded.running(place, tuning=tuning) as servers:
            yield House(place, servers)
    finally:
        if data_dir is None:
            shutil.rmtree(place, ignore_errors=True)


def furnish(house: House) -> None:
    """Found the one workspace of a house, with the mailbox's owner."""
    house.inlay("workspace", "add", "Bench")
    house.inlay("user", "add", USER, "--role", "admin")


def run(
    command: tuple[str, ...],
    house: House,
    *,
    typed: str = "",
    dovecot: int | None = None,
    extra: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command to its end, and say what it and the servers have used. Raises RuntimeError."""
    before, began = house.usage(dovecot), time.monotonic()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as typing:
        typing.write(typed.encode())
        typing.seek(0)
        process = subprocess.Popen(
            command,
            stdin=typing,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=house.environment() | dict(extra or {}),
            cwd=ROOT,
        )
        with PeakWatch(process.pid) as watch:
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        said.seek(0)
        words = said.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}:\n{words}")
    servers = house.usage(dovecot) - before
    client = used.ru_utime + used.ru_stime
    usage = Usage(client, servers.dovecot, servers.postgresql)
    return Ran(words, seconds, usage, watch.largest)
