"""How long a first import takes: by units a minute, or by letters a second and bytes a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm.base.settings import Settings
from crm.mail.importing import Over
from sync.connecting import lasting
from sync.connecting.previewing import Preview

SETTINGS = Settings(data_dir=Path("/nowhere"))
HOUR = 3600


def test_a_hundred_thousand_letters_take_hours_over_the_api_and_far_less_over_imap() -> None:
    found = lasting.seconds(100_000, 20_000, SETTINGS)

    assert found[Over.API] / HOUR == pytest.approx(100_000 / (0.95 * 300) / 60)
    assert found[Over.IMAP] < HOUR


def test_where_the_units_are_many_what_a_worker_takes_in_is_the_limit() -> None:
    found = lasting.seconds(100_000, 0, replace(SETTINGS, google_units_per_user=10**9))

    assert HOUR / 4 < found[Over.IMAP] < found[Over.API] < HOUR


def test_what_is_above_the_day_s_bytes_comes_over_the_api() -> None:
    whole = lasting.seconds(100_000, 25_000, SETTINGS)
    double = lasting.seconds(100_000, 50_000, SETTINGS)

    assert double[Over.API] == whole[Over.API]
    assert double[Over.IMAP] == pytest.approx(whole[Over.API] / 2 + whole[Over.IMAP] / 2)


def test_it_takes_never_longer_over_imap_and_nothing_takes_no_time() -> None:
    rich = replace(SETTINGS, google_units_per_user=10**9)
    assert lasting.seconds(10, 10**9, rich)[Over.IMAP] <= lasting.seconds(10, 10**9, rich)[Over.API]
    assert lasting.seconds(0, 0, SETTINGS) == {Over.API: 0, Over.IMAP: 0}


def test_what_a_preview_found_has_the_mean_size_of_what_was_looked_at() -> None:
    found = Preview(folders={"All Mail": 1000}, messages=10, size=10 * 5_000_000)

    assert lasting.of(found, SETTINGS) == lasting.seconds(1000, 5_000_000, SETTINGS)
    assert lasting.of(Preview(), SETTINGS)[Over.IMAP] == 0


def test_a_letter_costs_what_google_takes_for_it_in_this_project() -> None:
    old = replace(SETTINGS, google_units_per_user=15_000, google_units_per_letter=5)

    assert lasting.seconds(1000, 0, old)[Over.API] < lasting.seconds(1000, 0, SETTINGS)[Over.API]
