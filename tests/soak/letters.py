"""Hostile letters: each comes in or into quarantine, in time, and ends no worker."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crm.mail.models import CopyState
from sync.errors import UnreadableMessageError
from sync.reading import read
from tests.soak.row import Figures, Seen, total
from tests.sync import rig
from tests.sync.reading import hostile

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from tests.soak.ground import Ground

#: A body of quotes, or of what looks like their beginning, has so many bytes.
MEGABYTE = 1_000_000
#: How much memory a worker may come to, in MB.
MEMORY = 400


def _over(unit: bytes) -> bytes:
    """Repeat something until it is a megabyte."""
    return (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]


#: Such bodies, each made when it is asked for, and their types.
QUOTES: dict[str, tuple[Callable[[], bytes], str]] = {
    "on": (lambda: _over(b"On ")[:-7] + b"wrote:\n", "text/plain"),
    "lines_of_on": (lambda: _over(b"On Monday, 1 May 2025 somebody\n"), "text/plain"),
    "attributions": (lambda: _over(b"On Monday, 1 May 2025 a@b.test wrote:\n"), "text/plain"),
    "froms": (lambda: _over(b"From: a\n"), "text/plain"),
    "dashes": (lambda: b"-" * (MEGABYTE // 2) + _over(b"----\n")[: MEGABYTE // 2], "text/plain"),
    "nested": (
        lambda: b"".join(b">" * n + b" x\n" for n in range(1_500))[:MEGABYTE],
        "text/plain",
    ),
    "flowed": (lambda: _over(b"> \n>> \n"), "text/plain; format=flowed"),
    "flowed_in_one_paragraph": (lambda: _over(b"a \n"), "text/plain; format=flowed; delsp=yes"),
}


def play(ground: Ground, seed: int, _size: int) -> Figures:
    """Let a worker of its own bring in one hostile letter, and count how it ended."""
    made = hostile.ALL[seed]
    with ground.town() as town, tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        (Path(folder) / "1.eml").write_bytes(made())
        box = rig.connect_files(town, folder)
        began = time.monotonic()
        worker = rig.start(box)
        memory = _peak(worker, 60)
        seconds, died = time.monotonic() - began, worker.exitcode != 0
        if died:
            worker.kill()
        kept = len(rig.places_of(box, CopyState.STORED, CopyState.FAILED))
        stored = len(rig.places_of(box, CopyState.STORED))
    return {
        "letter": made.__name__,
        "kept": kept,
        "stored": stored,
        "died": died,
        "seconds": round(seconds, 1),
        "memory": memory,
    }


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that each is read, none ends a worker, and none takes too long or too much memory.

    Each of these can be read; quarantine would keep it, and is no reading.
    """
    kept, stored, died = (total(rounds, name) for name in ("kept", "stored", "died"))
    slowest = max(rounds, key=lambda one: one["seconds"])
    largest = max(rounds, key=lambda one: one["memory"])
    words = f"{stored} of {len(rounds)} read, {kept - stored} in quarantine; {died} workers ended;"
    words += f" at most {slowest['seconds']:.1f} s ({slowest['letter']}, a worker's start in it)"
    words += f" and {largest['memory']} MB ({largest['letter']})"
    measured = all(one["memory"] for one in rounds)
    fits = measured and slowest["seconds"] <= 10 and largest["memory"] <= MEMORY
    return Seen(words, kept=stored == len(rounds) and not died and fits)


def play_quotes(_ground: Ground, seed: int, _size: int) -> Figures:
    """Read a letter of quotes, and count the processor's seconds."""
    name, (body, content_type) = list(QUOTES.items())[seed]
    raw = hostile.letter(content_type, body())
    assert len(raw) >= MEGABYTE, name
    return {"letter": name, "reading": _reading(raw)}


def judge_quotes(rounds: Sequence[Figures]) -> Seen:
    """Judge that none takes longer than half a second."""
    worst = max(rounds, key=lambda one: one["reading"])
    words = f"worst {worst['reading']:.2f} s of the processor ({worst['letter']})"
    return Seen(words, kept=worst["reading"] <= 0.5)


def _peak(worker: ForkServerProcess, most: float) -> int:
    """Wait for a worker so many seconds; return what it had in memory at most, in MB.

    The kernel keeps the most there was, and forgets it with the process: so it is read all along.
    """
    ends, found = time.monotonic() + most, 0
    while worker.is_alive() and time.monotonic() < ends:
        with suppress(OSError):
            told = Path(f"/proc/{worker.pid}/status").read_text()
            if said := re.search(r"^VmHWM:\s+(\d+) kB", told, re.MULTILINE):
                found = int(said[1]) // 1_000
        worker.join(0.005)
    return found


def _reading(raw: bytes) -> float:
    began = time.process_time()
    with suppress(UnreadableMessageError):
        read(raw)
    return round(time.process_time() - began, 3)
