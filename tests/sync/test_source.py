"""How a letter of a stock is asked for."""

from __future__ import annotations

from sync.source import Stock, Way


def test_what_is_large_is_asked_for_alone_and_what_is_larger_by_its_parts() -> None:
    stock = Stock((1, 2, 3), {}, alone=frozenset({2, 3}), by_parts=frozenset({3}))

    assert [stock.way(uid) for uid in stock.uids] == [Way.TOGETHER, Way.ALONE, Way.BY_PARTS]
