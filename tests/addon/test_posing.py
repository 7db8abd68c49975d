"""A name that shows an address that is not the sender's."""

from __future__ import annotations

import pytest

from addon import posing


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sam Okafor <sam@halden.test>", "sam@halden.test"),
        ("sam@halden.test", "sam@halden.test"),
        ("Sam (sam@halden.test.)", "sam@halden.test"),
        ("S.Okafor@Elsewhere.test", ""),
        ("Sam Okafor", ""),
        ("Sam @ Halden", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_for_the_address_in_it(name, shown):
    assert posing.other_address(name, "s.okafor@elsewhere.test") == shown
