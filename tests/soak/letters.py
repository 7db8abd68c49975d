"""Hostile letters: each comes in or into quarantine, in time, and ends no worker."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crm.mail.models import CopyState
from sync.errors import UnreadableMessageError
from sync.reading import read
from tests.soak.row import Figures, Seen
from tests.sync import rig
from tests.sync.reading import hostile

if TYPE_CHECKING:
    from tests.soak.ground import Ground

#: Letters that are nothing but quotes, or what looks like their beginning.
QUOTES = (
    *("a_megabyte_of_on", "many_lines_of_on", "many_attributions", "many_froms"),
    *("dashes", "nested_quotes", "flowed", "flowed_in_one_paragraph"),
)


def play(ground: Ground, seed: int, _size: int) -> Figures:
    """Let a worker of its own bring in one hostile letter, and count how it ended."""
    made = hostile.ALL[seed]
    with ground.town() as town, tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        (Path(folder) / "1.eml").write_bytes(made())
        box = rig.connect_files(town, folder)
        began = time.monotonic()
        worker = rig.start(box)
        worker.join(60)
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
        "reading": _reading(made()),
    }


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that each is kept, none ends a worker, and none takes longer than ten seconds."""
    kept, died = sum(one["kept"] for one in rounds), sum(one["died"] for one in rounds)
    stored = sum(one["stored"] for one in rounds)
    worst = max(rounds, key=lambda one: one["seconds"])
    words = f"{kept} of {len(rounds)} kept, {stored} of them read; {died} workers ended;"
    words += f" worst {worst['seconds']:.1f} s ({worst['letter']}, a worker's start in it)"
    return Seen(words, kept=kept == len(rounds) and not died and worst["seconds"] <= 10)


def play_quotes(_ground: Ground, seed: int, _size: int) -> Figures:
    """Read a letter of quotes, and count the processor's seconds."""
    raw = getattr(hostile, QUOTES[seed])()
    return {"letter": QUOTES[seed], "reading": _reading(raw)}


def judge_quotes(rounds: Sequence[Figures]) -> Seen:
    """Judge that none takes longer than half a second."""
    worst = max(rounds, key=lambda one: one["reading"])
    words = f"worst {worst['reading']:.2f} s of the processor ({worst['letter']})"
    return Seen(words, kept=worst["reading"] <= 0.5)


def _reading(raw: bytes) -> float:
    began = time.process_time()
    with suppress(UnreadableMessageError):
        read(raw)
    return round(time.process_time() - began, 3)
