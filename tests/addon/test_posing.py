"""What a reader is told of a sender who may not be who they seem."""

from __future__ import annotations

import pytest

from addon import posing


def test_a_name_that_shows_another_address_is_told_with_both() -> None:
    said = posing.warning("Sam <sam@halden.test>", "x@elsewhere.test")

    assert "sam@halden.test" in said
    assert "x@elsewhere.test" in said


@pytest.mark.parametrize(
    ("domain", "shown"),
    [("p\u0430ypal.test", "xn--pypal-4ve.test"), ("paypal.test", ""), ("почта.рус", "")],
)
def test_a_domain_that_looks_like_another_is_told_as_the_network_has_it(
    domain: str, shown: str
) -> None:
    said = posing.warning("Jana", f"jana@{domain}")

    assert shown in said
    assert bool(said) is bool(shown)


def test_who_seems_who_they_are_is_not_warned_of() -> None:
    assert posing.warning("Ann", "ann@acme.test") == ""
