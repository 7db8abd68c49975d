"""What a reader is told of a sender who may not be who they seem."""

from __future__ import annotations

import pytest

from addon import posing
from crm.mail.meaning import Suspicion


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


@pytest.mark.parametrize(
    "one", [Suspicion.HIDDEN_SIGNS, Suspicion.SEVERAL_SENDERS, Suspicion.DISOWNED]
)
def test_what_reading_found_is_told_with_the_address_that_is_shown(one: Suspicion) -> None:
    said = posing.warning("Ann", "ann@acme.test", (one,))

    assert "ann@acme.test" in said
    assert said != posing.warning("Ann", "ann@acme.test")


def test_of_nobody_it_is_told_that_nobody_can_tell() -> None:
    said = posing.warning("", "", (Suspicion.HIDDEN_SIGNS,))

    assert said
    assert "{" not in said


def test_the_heaviest_sign_is_told_alone() -> None:
    both = posing.warning("Ann", "ann@acme.test", (Suspicion.DISOWNED, Suspicion.HIDDEN_SIGNS))

    assert both == posing.warning("Ann", "ann@acme.test", (Suspicion.HIDDEN_SIGNS,))


def test_who_seems_who_they_are_is_not_warned_of() -> None:
    assert posing.warning("Ann", "ann@acme.test") == ""
