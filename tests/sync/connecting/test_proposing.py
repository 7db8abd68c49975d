"""Where an address may be read: the list first, then the domain's records, then a guess."""

from __future__ import annotations

import socket
import threading
import time

import dns.message
import dns.resolver
import dns.rrset
import pytest

from crm.base import addresses
from sync.connecting import proposing
from sync.connecting.proposing import Found, Origin, ask_resolver, propose


def of(email):
    found = addresses.parse(email)
    assert found is not None
    return found


def nobody(_name, _kind, _seconds):
    return ()


@pytest.fixture
def resolver(monkeypatch):
    """Run a resolver of the test's own, and let the machine ask it; it knows what it is told."""
    zone, asked = {}, []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))

        def serve():
            while True:
                try:
                    wire, client = listener.recvfrom(4096)
                except OSError:
                    return
                query = dns.message.from_wire(wire)
                question = query.question[0]
                name, kind = str(question.name), dns.rdatatype.to_text(question.rdtype)
                asked.append((name, kind))
                answer = dns.message.make_response(query)
                if (name, kind) in zone:
                    if zone[name, kind] is None:
                        continue  # It does not answer.
                    rows = dns.rrset.from_text_list(question.name, 60, "IN", kind, zone[name, kind])
                    answer.answer.append(rows)
                else:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                listener.sendto(answer.to_wire(), client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        ours = dns.resolver.Resolver(configure=False)
        ours.nameservers, ours.port = ["127.0.0.1"], listener.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", ours)
        yield zone, asked
        listener.close()


def test_a_known_provider_is_asked_nothing():
    def never(*_asked):
        raise AssertionError("the list knows it")

    found = propose(of("Ana@Gmail.com"), never)

    assert (found.host, found.port, found.security) == ("imap.gmail.com", 993, "tls")
    assert (found.login, found.origin) == ("ana@gmail.com", Origin.LIST)
    assert "app password" in found.note
    assert "list of known providers" in proposing.words_of(found)


def test_a_provider_may_want_the_local_part_for_a_login():
    assert propose(of("ana@wp.pl"), nobody).login == "ana"


def test_a_domain_whose_mail_goes_to_a_known_provider_is_read_there(resolver):
    zone, _asked = resolver
    zone["halden.example.", "MX"] = ["20 backup.halden.example.", "10 aspmx.l.google.com."]

    found = propose(of("ana@halden.example"), ask_resolver)

    assert (found.host, found.origin, found.provider) == ("imap.gmail.com", Origin.MX, "Gmail")
    assert "Gmail" in proposing.words_of(found)


def test_srv_records_say_where_and_tls_comes_first(resolver):
    zone, _asked = resolver
    zone["_imaps._tcp.halden.example.", "SRV"] = [
        "20 0 993 second.halden.example.",
        "10 5 994 lighter.halden.example.",
        "10 60 1993 mail.halden.example.",
    ]
    zone["_imap._tcp.halden.example.", "SRV"] = ["0 0 143 plain.halden.example."]

    found = propose(of("ana@halden.example"), ask_resolver)

    assert (found.host, found.port, found.security) == ("mail.halden.example", 1993, "tls")
    assert (found.origin, found.login) == (Origin.SRV, "ana@halden.example")
    assert "SRV" in proposing.words_of(found)


def test_a_service_that_is_said_not_to_exist_is_passed_over(resolver):
    zone, _asked = resolver
    zone["_imaps._tcp.halden.example.", "SRV"] = ["0 0 0 ."]
    zone["_imap._tcp.halden.example.", "SRV"] = ["0 0 143 plain.halden.example."]

    found = propose(of("ana@halden.example"), ask_resolver)

    assert (found.host, found.port, found.security) == ("plain.halden.example", 143, "starttls")


def test_without_any_record_it_is_a_guess_and_says_so(resolver):
    _zone, asked = resolver
    found = propose(of("ana@halden.example"), ask_resolver)

    assert (found.host, found.port, found.origin) == ("imap.halden.example", 993, Origin.GUESS)
    assert "guess" in proposing.words_of(found).lower()
    assert [kind for _name, kind in asked] == ["MX", "SRV", "SRV"]


def test_a_resolver_that_is_away_has_no_records(resolver):
    zone, _asked = resolver
    for name in ("", "_imaps._tcp.", "_imap._tcp."):
        zone[f"{name}halden.example.", "SRV" if name else "MX"] = None

    found = propose(of("ana@halden.example"), ask_resolver)

    assert found.origin is Origin.GUESS


def test_all_questions_together_are_given_two_seconds():
    given = []

    def silent(_name, _kind, seconds):
        given.append(seconds)
        time.sleep(seconds / 2)
        return ()

    propose(of("ana@halden.example"), silent)

    assert given[0] <= proposing.PATIENCE
    assert given == sorted(given, reverse=True)
    assert len(given) == 3
    assert given[-1] <= proposing.PATIENCE / 4


@pytest.mark.parametrize(
    "domain", ["halden..example", "a" * 64 + ".example", "büro\u200b.example", "[127.0.0.1]", "x"]
)
def test_a_domain_that_cannot_be_one_is_a_guess_too(resolver, domain):
    assert propose(addresses.Address(f"ana@{domain}"), ask_resolver).origin is Origin.GUESS


def test_the_first_record_is_the_one_of_the_lowest_rank():
    class Mx:
        def __init__(self, preference, exchange):
            self.preference, self.exchange = preference, exchange

    found = proposing.found_in([Mx(20, "b."), Mx(5, "a.")], "MX")

    assert found == [Found(5, "a."), Found(20, "b.")]
