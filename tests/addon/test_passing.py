"""What is passed on stands in one line, as far as it is known."""

from __future__ import annotations

import pytest

from addon import passing
from crm.mail.models import ForwardRow
from tests import make


def line(name="Ann Berg", email="ann@berg.test", subject="Offer", date_text=""):
    row = ForwardRow(name=name, email=email, subject=subject, date_text=date_text)
    said = passing.line(row, make.NOW.date())
    return said.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("date_text", "day"),
    [
        ("Wed, 4 Nov 2026 09:00:00 +0100", "4 Nov"),
        ("Wed, 4 Nov 2026 09:00", "4 Nov"),
        ("středa 4. listopadu 2026 9:00", "středa 4. listopadu 2026 9:00"),
        ("Wed, 99 Nov 2026 09:00", "Wed, 99 Nov 2026 09:00"),
    ],
)
def test_a_day_is_said_as_ours_where_a_header_has_it(date_text, day):
    assert line(date_text=date_text) == f"Forwarded: Ann Berg <ann@berg.test>, {day}, Offer"


def test_what_is_not_known_is_left_out():
    assert line(email="", subject="") == "Forwarded: Ann Berg"
    assert line(name="") == "Forwarded: ann@berg.test, Offer"
    assert line(name="", email="", subject="") == ""


def test_a_text_without_end_is_cut():
    assert len(line(subject="x" * 5000)) < 300
