"""What processes have used: CPU seconds of whole families, and peaks of memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds, by who used them."""

    client: float = 0.0
    dovecot: float = 0.0
    postgresql: float = 0.0

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.client - other.client,
            self.dovecot - other.dovecot,
            self.postgresql - other.postgresql,
        )

    def per_thousand(self, count: int) -> dict[str, float]:
        """Return CPU seconds per 1,000 messages."""
        return {
            "client": round(self.client * 1000 / count, 3),
            "dovecot": round(self.dovecot * 1000 / count, 3),
            "postgresql": round(self.postgresql * 1000 / count, 3),
        }


def family_seconds(pid: int | None) -> float:
    """Return the CPU seconds of a process, of its living children, and of those it has buried."""
    if pid is None:
        return 0.0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(_seconds(one) for one in family)


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system + used.children_user + used.children_system)


def peak_mb(pid: int | str) -> float:
    """Return the most memory that a process has had (VmHWM), in MB; 0 when it has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


class PeakWatch:
    """Look at a process and its children many times a second, and keep the highest VmHWM."""

    def __init__(self, pid: int) -> None:
        self._root = pid
        self._peaks: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    @property
    def largest(self) -> float:
        """Return the peak of the largest process, in MB."""
        return max(self._peaks.values(), default=0.0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(_EVERY):
            for pid in family_of(self._root):
                self._peaks[pid] = max(self._peaks.get(pid, 0.0), peak_mb(pid))


def family_of(pid: int) -> list[int]:
    """Return a process and its living descendants."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for tasks in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, tasks.read_text().split())
            except OSError:
                continue
    return found


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share of all values lies (the nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -(-int(share * len(ranked) * 1000) // 1000) - 1))]


def median(values: Iterable[float]) -> float:
    """Return the middle value."""
    return percentile(values, 0.5)


def running_nanoseconds(pid: int) -> Callable[[], int]:
    """Return a look at how long a process has been running on a CPU, to the nanosecond."""
    path = Path(f"/proc/{pid}/schedstat")
    return lambda: int(path.read_text().split(" ", 1)[0])
