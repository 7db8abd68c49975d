"""The clock speaks UTC, so that no zone and no summer time can shift it."""

from __future__ import annotations

from datetime import UTC, timedelta

from crm.base import clock


def test_the_clock_speaks_utc_and_goes_on() -> None:
    before = clock.now()
    after = clock.now()

    assert before.tzinfo is UTC
    assert timedelta(0) <= after - before < timedelta(minutes=1)
    assert clock.EPOCH.timestamp() == 0
