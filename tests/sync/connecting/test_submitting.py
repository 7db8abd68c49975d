"""Where a mailbox sends is proposed: its provider's server, its domain's record, or a guess."""

from __future__ import annotations

import pytest

from sync.connecting import submitting
from sync.connecting.proposing import Found, Origin


def nothing(_name, _kind, _seconds):
    return ()


def records(**known):
    def ask(name, kind, _seconds):
        assert kind == "SRV"
        return known.get(name.partition(".")[0].strip("_"), ())

    return ask


def test_a_known_provider_is_known_by_its_imap_server():
    found = submitting.propose("ana@halden.test", "imap.seznam.cz", nothing)

    assert (found.host, found.port, found.security) == ("smtp.seznam.cz", 465, "tls")
    assert found.origin is Origin.LIST


def test_a_known_provider_is_known_by_the_address():
    assert submitting.propose("ana@wp.pl", "mail.test", nothing).host == "smtp.wp.pl"


@pytest.mark.parametrize("host", ["imap.web.de", "mail.inbox.lv", "imap.gmail.com"])
def test_tls_is_proposed_where_a_provider_offers_it(host):
    assert submitting.BY_IMAP_HOST[host][1:] == (465, "tls")


def test_tls_from_the_first_byte_comes_before_starttls():
    ask = records(
        submissions=[Found(0, "out.halden.test.", 465)], submission=[Found(0, "old.halden.test.")]
    )

    found = submitting.propose("ana@halden.test", "imap.halden.test", ask)

    assert found.place() == {"host": "out.halden.test", "port": 465, "security": "tls"}
    assert found.origin is Origin.SRV


def test_a_record_that_says_there_is_none_is_no_server():
    ask = records(submissions=[Found(0, ".")], submission=[Found(0, "old.halden.test.")])

    found = submitting.propose("ana@halden.test", "imap.halden.test", ask)

    assert (found.host, found.port, found.security) == ("old.halden.test", 587, "starttls")


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("out.halden.test.", "out.halden.test"),
        ("smtp.hosting.test.", "smtp.hosting.test"),  # who has the password for IMAP already
        ("smtp.evil.test.", "smtp.halden.test"),
        ("halden.test.evil.test.", "smtp.halden.test"),
        ("test.", "smtp.halden.test"),
    ],
)
def test_no_record_leads_the_password_to_somebody_else(target, host):
    ask = records(submissions=[Found(0, target, 465)])

    assert submitting.propose("ana@halden.test", "imap.hosting.test", ask).host == host


def test_else_it_is_a_guess():
    found = submitting.propose("ana@halden.test", "imap.halden.test", nothing)

    assert (found.host, found.port, found.origin) == ("smtp.halden.test", 465, Origin.GUESS)


@pytest.mark.parametrize(
    ("host", "keeps"),
    [
        ("smtp.gmail.com", True),
        ("SMTP.office365.com", True),
        ("smtp.zoho.eu", True),
        ("x.test", False),
    ],
)
def test_some_servers_keep_what_is_sent_by_themselves(host, keeps):
    assert submitting.keeps_sent(host) is keeps
