"""The list of known providers says of each one thing, and no two say it of the same domain."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sync.connecting import providers, submitting
from sync.connecting.providers import PROVIDERS


def test_no_domain_and_no_mail_server_stands_twice():
    twice = Counter(name for one in PROVIDERS for name in (*one.domains, *one.mx))
    by_kind = Counter(d for one in PROVIDERS for d in one.domains)
    by_mx = Counter(d for one in PROVIDERS for d in one.mx)

    assert twice
    assert [name for name, count in by_kind.items() if count > 1] == []
    assert [name for name, count in by_mx.items() if count > 1] == []


@pytest.mark.parametrize("one", PROVIDERS, ids=lambda one: one.host)
def test_each_is_whole(one):
    assert re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9]+", one.host)
    assert one.domains or one.mx
    assert one.source in ("help", "ISPDB")
    assert (one.port, one.security) in ((993, "tls"), (143, "starttls"), (1143, "starttls"))
    assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in (*one.domains, *one.mx))
    host, port, security = submitting.BY_IMAP_HOST[one.host]
    assert re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9]+", host)
    assert (port, security) in ((465, "tls"), (587, "starttls"), (1025, "starttls"))


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("gmail.com", "imap.gmail.com"),
        ("seznam.cz", "imap.seznam.cz"),
        ("wp.pl", "imap.wp.pl"),
        ("yandex.ru", "imap.yandex.com"),
    ],
)
def test_a_domain_names_its_server(domain, host):
    found = providers.of_domain(domain)

    assert found is not None
    assert found.host == host


@pytest.mark.parametrize(
    ("mx", "name"),
    [
        ("aspmx.l.google.com.", "Gmail"),
        ("ALT1.ASPMX.L.GOOGLE.COM", "Gmail"),
        ("halden-test.mail.protection.outlook.com.", "Microsoft 365"),
        ("mx.yandex.net", "Yandex"),
        ("mx1.seznam.cz", "Seznam"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
    ],
)
def test_a_mail_server_names_its_provider(mx, name):
    found = providers.of_mx(mx)

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("mx", ["mx.halden.test", "notgoogle.com", "google.com.evil.test", "", "."])
def test_a_mail_server_that_only_sounds_so_does_not(mx):
    assert providers.of_mx(mx) is None


def test_a_provider_is_known_by_its_server():
    found = providers.of_host("IMAP.gmail.com")

    assert found is not None
    assert found.name == "Gmail"
    assert providers.of_host("imap.halden.test") is None
