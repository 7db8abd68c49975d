"""A mailbox of Gmail comes in from a server that fails and cuts, while workers die."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.base.settings import Settings
from crm.mail.models import CopyState
from sync.source import BATCH_COUNT
from tests.soak.gmail import Counting
from tests.sync import rig

town, _town = rig.town, rig._town
ADDRESS = "ana@halden.test"
COUNT = 400


@pytest.fixture
def google() -> Iterator[Counting]:
    with Counting() as server:
        yield server


def test_each_letter_comes_once_though_calls_fail_and_workers_die(
    town: Settings, google: Counting
) -> None:
    ana = google.add(ADDRESS)
    ids = {ana.deliver(raw) for raw in rig.letters(COUNT)}
    box = rig.connect_gmail(town, google)
    google.chaos(seed=11, fail=0.05, cut=0.01)

    for point in ("after fetch", "before commit:2"):
        assert rig.finish(rig.start(box, point)) == 137
        rig.expire_leases(box)
    for _ in range(5):
        rig.bring(box)
        rig.expire(box)
    google.heal()
    assert rig.bring(box).trouble == ""
    rig.hours_pass(box)
    assert rig.bring(box).trouble == ""

    assert {f"{uid:016x}" for _folder, uid in rig.places_of(box, CopyState.STORED)} == ids
    rig.assert_filed_once(box)
    rig.assert_balanced(box)
    # What stood in an answer that was cut has not come, and its call is repeated.
    assert sum(n - 1 for n in google.given.values()) <= 2 * BATCH_COUNT
    assert len(google.calls) > COUNT
