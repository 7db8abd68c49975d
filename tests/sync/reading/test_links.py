"""Addresses and pages as signatures write them."""

from __future__ import annotations

import pytest

from crm.base.addresses import Address
from sync.reading import links

ANN = Address("ann@acme.test", "Ann Novak")


def told(row: str) -> links.Links:
    return links.of(links.written_in(row, ANN))


@pytest.mark.parametrize(
    ("row", "pages"),
    [
        ("www.acme.test", ("https://www.acme.test",)),
        ("acme.test", ("https://acme.test",)),  # The author's own host.
        ("other.test", ()),  # Any two words with a full stop between them.
        ("Web: other.test", ("https://other.test",)),
        ("See http://acme.test/a, or call.", ("http://acme.test/a",)),
        ("tel:+420777123456", ()),
        ("notacme.test", ()),
        ("shop.acme.test", ("https://shop.acme.test",)),
        ("x.com.evil.test", ()),
        (
            "Web: httpbin.test/a httpbin.test/b",
            ("https://httpbin.test/a", "https://httpbin.test/b"),
        ),
    ],
)
def test_which_pages_a_line_points_to(row: str, pages: tuple[str, ...]) -> None:
    assert told(row).pages == pages


def test_addresses_and_profiles_are_no_pages() -> None:
    found = told("Ann@Acme.test | linkedin.com/in/ann | www.acme.test")

    assert found.emails == ("ann@acme.test",)
    assert found.profiles == ("https://linkedin.com/in/ann",)
    assert found.pages == ("https://www.acme.test",)


@pytest.mark.parametrize(
    ("row", "rest"),
    [
        ("Acme<http://acme.test> - since 1990", "Acme  - since 1990"),
        ("Ann <ann@acme.test>", "Ann  "),
        ("a < b", "a < b"),
    ],
)
def test_what_is_left_of_a_line(row: str, rest: str) -> None:
    assert links.taken_out(row) == rest


def test_the_scheme_and_a_slash_make_no_other_page_and_a_path_does() -> None:
    pages = (
        "http://Acme.test",
        "https://www.acme.test/",
        "https://acme.test/A",
        "http://acme.test/a",
    )

    assert links.distinct(pages) == (
        "http://Acme.test",
        "https://acme.test/A",
        "http://acme.test/a",
    )
