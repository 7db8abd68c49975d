"""Whom the web may name: no spelling of an address, and no name, leads into our own network."""

from __future__ import annotations

import socket

import pytest

from sync.errors import OutOfReachError, SourceUnavailableError
from sync.reaching import addresses_of
from sync.sources.imap import ImapLogin, ImapSource, guard

#: Networks that are somebody's own, each by an address inside: put together, not named.
OWN = [".".join(parts) for parts in (("10", "0", "0", "1"), ("172", "16", "0", "1"))]
OWN += [".".join(("192", "168", *rest)) for rest in (("0", "1"), ("255", "255"))]

SPELLINGS = [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "ip6-localhost",
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.000.000.001",
    "127.255.255.254",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0X7F000001",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "0177.0000.0000.0001",
    "0x7f.1",
    "0177.1",
    "127.0x1",
    "0",
    "0.0.0.0",
    "0x0",
    "00000000",
    "[::1]",
    "::1",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "::",
    "[::]",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "[::ffff:127.0.0.1]",
    "::127.0.0.1",
    "0:0:0:0:0:ffff:7f00:0001",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%lo",
    "fe80::1%1",
    "fe80::1%25lo",
    "::1%lo",
    "fc00::1",
    "fd12:3456:789a::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "169.254.43518",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "１２７.0.0.1",
    "localhost\u3002",
    "127.0.0.1%00.halden.test",
    "127.0.0.1 ",
    " 127.0.0.1",
    "127.0.0.1\x00",
    "127.0.0.1#halden.test",
    "127.0.0.1/",
    "user@127.0.0.1",
    "127.0.0.1:143",
    "//127.0.0.1",
    "",
    ".",
    *OWN,
]


def test_there_are_enough_of_them():
    assert len(set(SPELLINGS)) > 80


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_leads_to_us(host):
    """Whatever the machine's own resolver makes of it: refused, or no name at all."""
    try:
        found = addresses_of(host)
        guard.check_addresses(host, found)
    except (OutOfReachError, OSError, UnicodeError, ValueError):
        return
    pytest.fail(f"{host!r} leads to {found}")


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "::1"])
def test_a_spelling_that_the_resolver_knows_is_refused_for_what_it_means(host):
    found = addresses_of(host)
    assert found

    with pytest.raises(OutOfReachError):
        guard.check_addresses(host, found)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "9.9.9.9", "142.250.102.108", "77.75.76.48", "2606:4700::1111", "2a00:1450::6c"],
)
def test_a_public_server_is_let_through(address):
    guard.check_addresses("imap.halden.test", (address,))
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "found",
    [
        ("1.1.1.1", "127.0.0.1"),
        ("::1", "1.1.1.1"),
        ("2606:4700::1111", f"::ffff:{OWN[0]}"),
        ("1.1.1.1", "169.254.169.254"),
        (),
        ("nonsense",),
    ],
)
def test_one_address_that_is_not_public_is_enough(found):
    """As a name that carries an address in it, whose resolver gives what the name says."""
    with pytest.raises(OutOfReachError) as caught:
        guard.check_addresses("127-0-0-1.halden.test", found)

    assert not any(address in str(caught.value) for address in found)


def test_a_name_that_means_another_machine_a_moment_later_has_no_second_chance(monkeypatch):
    """Public when it is looked at, and ours when it is connected to, or at the next connection."""
    answers = [("203.0.114.1",), ("127.0.0.1",)]
    asked, reached = [], []

    def flipping(host):
        asked.append(host)
        return answers[len(asked) - 1]

    def refused(address, **_options):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refused)
    login = ImapLogin("flip.halden.test", 993, "tls", "ann", "secret", guarded=True)
    source = ImapSource(login, timeout=0.5, connect_to=flipping)
    with pytest.raises(SourceUnavailableError), source:
        source.folders()
    with pytest.raises(OutOfReachError), source:
        source.folders()

    assert asked == ["flip.halden.test"] * 2
    assert reached == [("203.0.114.1", 993)]


@pytest.mark.parametrize("port", [22, 25, 80, 110, 465, 587, 995, 5432, 6379, 0, 70000, -1])
def test_only_ports_of_imap_are_asked(port):
    with pytest.raises(OutOfReachError):
        guard.check_port(port)
    guard.check_port(143)
    guard.check_port(993)
