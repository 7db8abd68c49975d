"""A name that shows an address that is not the sender's, and a domain that looks like another."""

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


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("p\u0430ypal.test", "xn--pypal-4ve.test"),
        ("xn--pypal-4ve.test", "xn--pypal-4ve.test"),
        ("\u0441\u043e\u0441\u0430.test", "xn--80a1aib.test"),
        ("mail.p\u0430ypal.test", "mail.xn--pypal-4ve.test"),
        ("paypal.test", ""),
        ("xn--nothing-at-all-.test", ""),
        ("příbram.test", ""),
        ("xn--pbram-zsa96e.test", ""),
        ("почта.test", ""),
        ("почта.рус", ""),
        ("ухо.рф", ""),
        ("مثال.test", ""),
        ("\u65e5\u672c.test", ""),
        ("", ""),
    ],
)
def test_a_domain_whose_letters_look_like_others_is_shown_as_the_network_has_it(domain, shown):
    assert posing.look_alike(f"jana@{domain}") == shown
    assert (shown in posing.warning("Jana", f"jana@{domain}")) is True
    assert bool(posing.warning("Jana", f"jana@{domain}")) is bool(shown)


def test_one_address_in_two_spellings_is_no_other():
    assert posing.other_address("info@müller.test", "info@xn--mller-kva.test") == ""
    assert posing.other_address("info@xn--mller-kva.test", "INFO@müller.test") == ""
