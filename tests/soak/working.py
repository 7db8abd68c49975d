"""The product's own processes for a round: the clock and workers, as `inlay up` runs them."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from tests.conftest import environment
from tests.soak.rounds import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm.base.settings import Settings


@dataclass
class Processes:
    """The clock and the workers of one house, and what they write."""

    settings: Settings
    written: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start one more: `scheduler`, or `worker` and a name."""
        with self.written.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "server.working", *words],
                env=environment(self.settings) | {"PYTHONPATH": str(ROOT)},
                cwd=ROOT,
                stdout=out,
                stderr=out,
            )
        self.running.append(process)
        return process


@contextmanager
def working(settings: Settings, written: Path) -> Iterator[Processes]:
    """Run a clock and a worker, and stop whatever runs at the end."""
    found = Processes(settings, written)
    try:
        found.start("scheduler")
        found.start("worker", "one")
        yield found
    finally:
        for process in found.running:
            process.terminate()
        for process in found.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def seconds_until(true: Callable[[], object], most: float) -> float:
    """Wait until something is true, and return how long it took; fail when it never is.

    A database that is away has not said so yet.
    """
    began = time.monotonic()
    while time.monotonic() - began < most:
        with suppress(DBAPIError):
            if true():
                return round(time.monotonic() - began, 1)
        time.sleep(0.1)
    raise AssertionError(f"it did not happen within {most:.0f} seconds")
