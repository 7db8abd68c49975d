"""What All Mail holds: found by id, kept as bytes, and nothing else taken for it."""

from __future__ import annotations

import pytest

from sync.sources.gmail import overview
from sync.sources.gmail.overview import Overview, Spot

SPOTS = [(2**62, 7, 500), (5, 9, 2**40), (8, 1, 0)]
LABELS = {"INBOX": [8, 5], "Label_1": [], "UNREAD": iter([2**62, 99])}


@pytest.fixture
def made() -> Overview:
    return overview.make(11, SPOTS, {name: list(ids) for name, ids in LABELS.items()})


def test_a_letter_is_found_by_its_id_with_its_place_size_and_labels() -> None:
    made = overview.make(11, SPOTS, LABELS)

    assert made.find(2**62) == Spot(7, 500)
    assert made.find(5) == Spot(9, 2**32 - 1)
    assert made.find(6) is None
    assert made.find(2**63) is None
    assert made.labels_of(5) == {"INBOX"}
    assert made.labels_of(2**62) == {"UNREAD"}
    assert made.labels_of(99) == {"UNREAD"}
    assert made.labels_of(1) == frozenset()


def test_what_is_packed_is_unpacked_as_it_was(made: Overview) -> None:
    assert overview.unpack(overview.pack(made)) == made
    empty = overview.make(1, [], {})
    assert overview.unpack(overview.pack(empty)) == empty
    assert made.name != empty.name


def test_what_is_cut_or_something_else_is_none(made: Overview) -> None:
    packed = overview.pack(made)

    for wrong in (b"", b"{}\n", b"[]\n", b"no", packed[:-1], packed + b"x", b"{\n" + packed):
        assert overview.unpack(wrong) is None
