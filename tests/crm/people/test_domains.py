"""What a domain says of a company, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people.domains import FREE_MAIL, company_domain, guess_name


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("severka.cz", "severka.cz"),
        ("SEVERKA.cz.", "severka.cz"),
        ("mail.sales.severka.cz", "severka.cz"),
        ("shop.example.co.uk", "example.co.uk"),
        ("a.b.c.kawasaki.jp", "b.c.kawasaki.jp"),  # a wildcard: *.kawasaki.jp
        ("www.ck", "www.ck"),  # an exception: !www.ck
        ("severka.test", "severka.test"),
        ("mail.corp.local", "corp.local"),
    ],
)
def test_the_registrable_domain_stands_for_the_company(domain: str, company: str) -> None:
    assert company_domain(domain) == company


@pytest.mark.parametrize(
    "domain",
    [
        "co.uk",
        "cz",
        "c.kawasaki.jp",
        "localhost",
        "",
        "..",
        "192.0.2.1",
        "[192.0.2.1]",
        "[ipv6:2001:db8::1]",
        "[ipv6:::ffff:192.0.2.1]",
    ],
)
def test_a_suffix_and_a_bare_host_make_no_company(domain: str) -> None:
    assert company_domain(domain) is None


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "Seznam.cz", "post.cz", "wp.pl", "poczta.onet.pl", "yandex.ru", "bih.net.ba"],
)
def test_free_mail_makes_no_company(domain: str) -> None:
    assert company_domain(domain) is None
    assert company_domain(f"ostrava.{domain}") is None


def test_every_free_mailer_is_written_as_it_is_compared() -> None:
    assert {domain for domain in FREE_MAIL if domain != domain.lower().strip(".")} == set()
    assert {domain for domain in FREE_MAIL if "." not in domain} == set()


@pytest.mark.parametrize(
    ("unicode", "ascii_"),
    [
        ("příklad.cz", "xn--pklad-zsa96e.cz"),
        ("mail.пример.рф", "mail.xn--e1afmkfd.xn--p1ai"),
        ("食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("Straße.de", "xn--strae-oqa.de"),
        ("βόλος.gr", "xn--nxasmm1c.gr"),
    ],
)
def test_a_company_is_the_same_in_either_spelling_of_its_domain(unicode: str, ascii_: str) -> None:
    assert company_domain(unicode) is not None
    assert company_domain(unicode) == company_domain(ascii_)


def test_a_company_is_no_other_that_is_written_alike() -> None:
    assert company_domain("straße.de") != company_domain("strasse.de")


def test_a_suffix_in_letters_of_its_own_makes_no_company() -> None:
    assert company_domain("公司.cn") is None
    assert company_domain("xn--55qx5d.cn") is None


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_a_companys_domain_or_none(text: str) -> None:
    found = company_domain(text)

    assert found is None or text.lower().strip(".").endswith(found) or not text.isascii()


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("severka.cz", "Severka"),
        ("mc-steel.co.uk", "Mc Steel"),
        ("xn--pklad-zsa96e.cz", "Příklad"),
        ("příklad.cz", "Příklad"),
        ("xn--strae-oqa.de", "Straße"),
        ("3m.com", "3m"),
        ("acme_labs.test", "Acme Labs"),
    ],
)
def test_a_companys_name_is_guessed_from_its_domain(domain: str, name: str) -> None:
    assert guess_name(domain) == name


@given(st.from_regex(r"xn--[a-z0-9-]{1,20}\.cz", fullmatch=True))
def test_a_domain_that_is_no_idn_after_all_still_gives_a_name(domain: str) -> None:
    assert guess_name(domain).strip()
