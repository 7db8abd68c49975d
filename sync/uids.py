"""UIDs by the million, at 16 bytes each: a set of Python's takes ten times as much.

Whoever lists a mailbox has no say in how large it is, and a worker's memory is bounded.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How many are sorted at once.
_RUN: Final = 65_536


class Uids:
    """UIDs in the order in which they came, and ascending; each once, however often it came."""

    def __init__(self, uids: Iterable[int] = ()) -> None:
        self._listed = array("q", uids)
        runs = (
            sorted(self._listed[start : start + _RUN])
            for start in range(0, len(self._listed), _RUN)
        )
        kept = [array("q", run) for run in runs]
        self._sorted = array("q")
        for uid in heapq.merge(*kept):
            if not self._sorted or self._sorted[-1] != uid:
                self._sorted.append(uid)

    def __len__(self) -> int:
        return len(self._sorted)

    def __contains__(self, uid: object) -> bool:
        if not isinstance(uid, int):
            return False
        place = bisect_left(self._sorted, uid)
        return place < len(self._sorted) and self._sorted[place] == uid

    def __iter__(self) -> Iterator[int]:
        """Yield them as they came; what came twice comes twice."""
        return iter(self._listed)

    def ascending(self) -> Iterator[int]:
        """Yield each once, the lowest first."""
        return iter(self._sorted)
