"""Moments, and nonsense."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import dates


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 6 May 2025 09:14:00 +0200", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("6 May 2025 09:14 -0730", datetime(2025, 5, 6, 16, 44, tzinfo=UTC)),
        ("Tue,  6 May 2025 09:14:00 +0200 (CEST)", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("Tue, 06 May 2025 07:14:00 GMT", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("Tuesday, 6 May 2025 07:14:00 UT", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("Tue, 6 May 25 07:14:00 -0000", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("Tue May  6 07:14:00 2025", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("2025-05-06T09:14:00+02:00", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("2025-05-06 07:14:00", datetime(2025, 5, 6, 7, 14, tzinfo=UTC)),
        ("31 Dec 2016 23:59:60 +0000", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("31 Dec 2100 23:59:59 +0000", datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates_are_moments(text, moment):
    assert dates.parse(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1 Jan 0000 00:00:00 +0000",
        "1 Jan 0001 00:00:00 +0000",
        "1 Jan 9999 00:00:00 +0000",
        "1 Jan 10000 00:00:00 +0000",
        "1 Jan 2101 00:00:00 +0000",
        "31 Dec 1969 23:59:59 +0000",
        "1 Jan 2025 00:00:00 -2400",
        "1 Jan 2025 00:00:00 +9999",
        "32 Jan 2025 00:00:00 +0000",
        "30 Feb 2025 00:00:00 +0000",
        "1 Foo 2025 00:00:00 +0000",
        "1 Jan 2025 25:00:00 +0000",
        "1 Jan 99999999999999999999 00:00:00 +0000",
    ],
)
def test_nonsense_is_no_moment(text):
    assert dates.parse(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_moment_in_range_or_none(text):
    moment = dates.parse(text)

    assert moment is None or dates.EARLIEST <= moment < dates.LATEST
