"""What reading costs: the common letter of a made mailbox, and the worst of the crafted ones.

With INLAY_CORPORA the same is asked of every file below that directory: real letters, which no
benchmark may need.
"""

from __future__ import annotations

import os
import statistics
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks import crafted
from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: So many letters of the made mailbox, each read so often: the median of the quickest.
LETTERS: Final = 2_000
_TIMES: Final = 3
#: A letter above this is taken by its parts, and never read whole.
_LARGEST: Final = 10_000_000
_LARGEST_COMMON: Final = 1 << 20


def measure(maildir: Path) -> dict[str, Any]:
    """Read letters of every kind; return milliseconds of the median, seconds of the worst."""
    made = islice(sorted(maildir.glob("**/cur/*")), LETTERS)
    common = _costs((path.name, path.read_bytes()) for path in made)
    hard = _costs(crafted.letters())
    found = {"made": _summary(common), "crafted": _summary(hard)}
    if corpora := os.environ.get("INLAY_CORPORA", ""):
        found["corpora"] = _summary(_costs(_files(Path(corpora))))
    return found


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(place)), path.read_bytes()


def _costs(letters: Iterable[tuple[str, bytes]]) -> list[tuple[float, str, int]]:
    """Return each letter's seconds of CPU, the least of a few times; the costliest last."""
    found = []
    for name, raw in letters:
        if len(raw) <= _LARGEST:
            found.append((min(_cost(raw) for _ in range(_TIMES)), name, len(raw)))
    return sorted(found)


def _cost(raw: bytes) -> float:
    began = time.thread_time()
    with suppress(UnreadableMessageError):
        reading.read(raw)
    return time.thread_time() - began


def _summary(costs: list[tuple[float, str, int]]) -> dict[str, Any]:
    seconds, name, _size = costs[-1]
    common = [cost for cost in costs if cost[2] <= _LARGEST_COMMON]
    return {
        "letters": len(costs),
        "median_ms": round(statistics.median(cost[0] for cost in costs) * 1000, 3),
        "worst": {"letter": name, "seconds": round(seconds, 3)},
        "worst_of_a_megabyte": {"letter": common[-1][1], "seconds": round(common[-1][0], 3)},
    }
