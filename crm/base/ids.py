"""Ids that sort by the moment they were made: UUIDv7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID, uuid5

#: The audience of everyone in the workspace, and nobody's id.
EVERYONE = UUID(int=0)
#: The audience of nobody: lines that were taken off a record, kept for the way back.
NOBODY = UUID(int=1)


def new() -> UUID:
    """Make an id: 48 bits of milliseconds, the version, a counter and 42 random bits."""
    return many(1)[0]


def many(count: int) -> list[UUID]:
    """Make ids in ascending order, with one look at the clock and one draw of random bits.

    In one process they ascend from call to call too, within a millisecond and where the clock is
    set back a little. Set back by more, it is believed: an id tells when it was made.
    """
    with _lock:
        now = time.time_ns() // 1_000_000
        if _last.stamp - _SET_BACK > now:
            _last.stamp = 0
        begin = _last.counter if now <= _last.stamp else 0
        _last.stamp, _last.counter = max(now, _last.stamp), begin + count
        stamp = _last.stamp << 80
    entropy = os.urandom(8 * count)
    made = []
    for i in range(count):
        # Section 6.2, method 1: a counter of 32 bits, above 42 random ones, keeps ids in order.
        low = int.from_bytes(entropy[8 * i : 8 * i + 8], "big") >> 22
        n = begin + i
        tail = 0x8000_0000_0000_0000 | (n & 0xFFFFF) << 42 | low
        made.append(UUID(int=stamp | 0x7 << 76 | (n >> 20 & 0xFFF) << 64 | tail))
    return made


class _Last:
    """The last id of this process: its millisecond, and where the counter goes on."""

    stamp = 0
    counter = 0


_SET_BACK = 1000  # milliseconds
_last = _Last()
_lock = threading.Lock()


def of_form(user_id: UUID, kind: str, nonce: UUID) -> UUID:
    """Return the id of what a user's form saves: the same whenever it is sent, and no one's choice.

    Name-based (RFC 9562, section 5.5): nobody can send a form that makes a record under the id of
    another.
    """
    return uuid5(user_id, f"{kind}/{nonce}")


def parse(text: str) -> UUID | None:
    """Read an id, or None when the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
