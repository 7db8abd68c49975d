"""Ids sort by the moment they were made."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import ids


@pytest.mark.parametrize("count", [0, 1, 250, 4096, 10_000])
def test_a_batch_of_ids_is_in_order_and_has_no_repeat(count: int) -> None:
    made = ids.many(count)

    assert made == sorted(set(made))
    assert len(made) == count


def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000

    made = ids.new()

    assert (made.version, made.variant) == (7, UUID(int=0x8 << 60).variant)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_what_was_made_later_sorts_behind() -> None:
    first = ids.new()
    time.sleep(0.002)

    assert ids.new() > first


def test_batches_of_one_millisecond_are_in_order_too() -> None:
    made = [id_ for _ in range(50) for id_ in ids.many(100)]

    assert made == sorted(set(made))
    assert len(made) == 5000


@pytest.mark.parametrize(("back", "ascends"), [(500, True), (5000, False)])
def test_ids_ascend_though_the_clock_is_set_back_a_little(
    monkeypatch: pytest.MonkeyPatch, back: int, ascends: bool
) -> None:
    first = ids.new()
    then = time.time_ns() - back * 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: then)

    made = [first, ids.new(), ids.new()]

    assert (made == sorted(made)) is ascends
    assert made[1] < made[2]


@given(st.text(st.characters(), max_size=40))
def test_any_text_is_an_id_or_none(text: str) -> None:
    assert ids.parse(text) is None or isinstance(ids.parse(text), UUID)


def test_an_id_is_read_as_it_is_written() -> None:
    made = ids.new()

    assert ids.parse(str(made)) == made
    assert ids.parse("jana@severka.test") is None
