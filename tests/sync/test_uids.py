"""UIDs by the million: in the order in which they came, ascending, and found again."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from sync import uids
from sync.uids import Uids


def test_they_stand_as_they_came_and_ascending_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uids, "_RUN", 3)
    came = [9, 4, 7, 1, 4, 8, 2, 9]

    found = Uids(came)

    assert list(found) == came
    assert list(found.ascending()) == [1, 2, 4, 7, 8, 9]
    assert len(found) == 6
    assert all(uid in found for uid in came)
    assert not any(uid in found for uid in (0, 3, 10, "9"))


def test_none_is_none() -> None:
    assert (len(Uids()), list(Uids()), 1 in Uids()) == (0, [], False)


def test_a_hundred_thousand_take_little_more_than_their_bytes() -> None:
    dice = random.Random(1)
    tracemalloc.start()

    found = Uids(dice.getrandbits(62) for _ in range(100_000))
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) == 100_000
    assert held < 2_000_000
    assert most < 8_000_000
