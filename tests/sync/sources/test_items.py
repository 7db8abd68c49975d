"""IMAP's small values: moments as servers write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.sources.imap import items


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-jan-2025 00:30:00 +0530", datetime(2024, 12, 31, 19, tzinfo=UTC)),
        (b"29-Feb-2024 23:59:59 +0000", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_told_in_utc(said: bytes, moment: datetime) -> None:
    found = items.moment(said)

    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "said",
    [
        None,
        7,
        b"",
        b"17-Jul-1996",
        b"31-Feb-2024 00:00:00 +0000",
        b"17-Foo-1996 02:44:25 -0700",
        b"17-Jul-1996 02:44 -0700",
        b"17-Jul-1996 02:44:25 -2400",
        b"17-Jul-1996 02:44:25 PST",
        b"01-Jan-0001 00:00:00 +0100",
        b"31-Dec-9999 23:59:59 -0100",
    ],
)
def test_what_cannot_be_is_no_moment(said: object) -> None:
    assert items.moment(said) is None
