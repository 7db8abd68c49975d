"""Days, times and sizes: as short as they can be told apart, in the reader's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base import i18n, showing

TODAY = date(2026, 11, 20)  # a Friday
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "Today"),
        (1, "Tomorrow"),
        (-1, "Yesterday"),
        (2, "Sunday"),
        (6, "Thursday"),
        (-2, "Wed"),
        (-6, "Sat"),
        (7, "27 Nov"),
        (-7, "13 Nov"),
        (-400, "16 Oct 2025"),
        (60, "19 Jan 2027"),
    ],
)
def test_a_day_is_said_as_short_as_it_can_be_told_apart(days: int, said: str) -> None:
    assert showing.day(TODAY + timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(
    ("zone", "said"), [("UTC", "Yesterday"), ("Europe/Prague", "12:30"), ("Nowhere", "Yesterday")]
)
def test_today_is_todays_in_the_readers_zone(zone: str, said: str) -> None:
    at = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)

    assert showing.moment(at, NOW, showing.zone(zone)).startswith(said)


@pytest.mark.parametrize("name", ["", "Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "\x00"])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert showing.zone(name).key == "UTC"


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 KB"),
        (1_540, "1.5 KB"),
        (15_400, "15 KB"),
        (999_999, "1,000 KB"),
        (2_500_000, "2.5 MB"),
        (1_234_000_000, "1,234 MB"),
    ],
)
def test_a_size_is_said_in_round_figures(octets: int, said: str) -> None:
    assert showing.size(octets) == said


def test_numbers_and_moments_are_written_in_the_readers_language() -> None:
    with i18n.speaking("cs"):
        assert showing.number(1_234_567) == "1\xa0234\xa0567"
        assert "listopadu 2026" in showing.exact(NOW, showing.zone("Europe/Prague"))
        assert "13:00" in showing.exact(NOW, showing.zone("Europe/Prague"))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "No date"),
        (0, "Due today"),
        (1, "Due tomorrow"),
        (-1, "Late since yesterday"),
        (3, "Due Monday"),
        (-3, "Late: Tue"),
        (-30, "Late: 21 Oct"),
    ],
)
def test_a_task_says_when_it_is_due_and_whether_it_is_late(days: int | None, said: str) -> None:
    when = None if days is None else TODAY + timedelta(days=days)

    assert showing.due(when, TODAY) == said


@pytest.mark.parametrize(
    ("days", "cs", "fa"),
    [
        (0, "Dnes", "امروز"),
        (-1, "Včera", "دیروز"),
        (1, "Zítra", "فردا"),
        (-3, "út", "سه‌شنبه"),
        (3, "pondělí", "دوشنبه"),
        (-7, "13.\xa011.", "۲۲ آبان"),
        (60, "19.\xa01.\xa02027", "۲۹ دی"),
        (121, "21.\xa03.\xa02027", "۱ فروردین ۱۴۰۶"),
        (-400, "16.\xa010.\xa02025", "۲۴ مهر ۱۴۰۴"),
    ],
)
def test_a_day_is_said_in_the_readers_calendar(days: int, cs: str, fa: str) -> None:
    for language, said in (("cs", cs), ("fa", fa)):
        with i18n.speaking(language):
            assert showing.day(TODAY + timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(("language", "said"), [("en", "tomorrow"), ("cs", "zítra")])
def test_in_the_middle_of_a_sentence_a_day_begins_small(language: str, said: str) -> None:
    with i18n.speaking(language):
        assert showing.day_within(TODAY + timedelta(days=1), TODAY) == said
        assert showing.day_within(TODAY + timedelta(days=60), TODAY) == showing.day(
            TODAY + timedelta(days=60), TODAY
        )


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", -3, "Tuesday"),
        ("cs", -3, "Úterý"),
        ("cs", -1, "Včera"),
        ("fa", -3, "سه‌شنبه"),
        ("en", -30, "21 Oct"),
    ],
)
def test_a_heading_names_its_day_in_full(language: str, days: int, said: str) -> None:
    with i18n.speaking(language):
        assert showing.day_heading(TODAY + timedelta(days=days), TODAY) == said


def test_persian_has_digits_and_separators_of_its_own() -> None:
    with i18n.speaking("fa"):
        tehran = showing.zone("Asia/Tehran")
        assert showing.number(12_431) == "۱۲٬۴۳۱"
        assert showing.size(1_540) == "۱٫۵ کیلوبایت"
        assert showing.moment(NOW, NOW, tehran) == "۱۵:۳۰"
        assert showing.date_of(TODAY) == "۲۹ آبان ۱۴۰۵"
        assert showing.exact(NOW, tehran).startswith("جمعه ۲۹ آبان ۱۴۰۵، ساعت ۱۵:۳۰")
        assert showing.listing(["آنا", "نگار"]) == "آنا، نگار"
    assert showing.listing(["Ana", "Bo"]) == "Ana, Bo"


@given(st.integers(-400, 400), st.sampled_from(i18n.LANGUAGES))
def test_every_day_can_be_said_in_every_language(days: int, language: str) -> None:
    with i18n.speaking(language):
        when = TODAY + timedelta(days=days)

        assert showing.day(when, TODAY)
        assert showing.due(when, TODAY)


def test_days_are_counted_whole_and_never_below_none() -> None:
    assert showing.days_since(NOW - timedelta(hours=47), NOW) == 1
    assert showing.days_since(NOW + timedelta(days=3), NOW) == 0


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Thursday, December 24, 2026"), ("fa", "پنجشنبه ۳ دی ۱۴۰۵")]
)
def test_a_day_in_full_has_no_time(language: str, said: str) -> None:
    with i18n.speaking(language):
        assert showing.exact_day(date(2026, 12, 24)) == said
