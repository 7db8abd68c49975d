"""What a reader takes for something else, and the honest neighbours that are left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail import resembling
from crm.people.domains import FREE_MAIL

TAKEN = [
    ("wis1a.test", "wisla.test"),
    ("wisla.test", "wis1a.test"),
    ("m1crosoft.test", "microsoft.test"),
    ("0rbital.co.uk", "orbital.co.uk"),
    ("rnodern.test", "modern.test"),
    ("vvisla.test", "wisla.test"),
    ("nab1s1ab.test", "nablslab.test"),
    ("severrka-print.test", "severka-print.test"),
    ("northgte.test", "northgate.test"),
    ("nortghate.test", "northgate.test"),
    ("northxate.test", "northgate.test"),
    ("wısla.test", "wisla.test"),
    ("wisła.test", "wisla.test"),
    ("xn--wsla-lza.test", "wisla.test"),
    ("xn--wisl-8q5a.test", "wisla.test"),
]
LEFT = [
    ("severka.test", "severka.test"),
    ("severka.sk", "severka.cz"),  # one firm in two countries
    ("orbital.com", "orbital.co"),
    ("team1.test", "team2.test"),  # numbered
    ("northgate1.test", "northgate2.test"),
    ("northgate1.test", "northgate.test"),
    ("novotny-stavby.test", "novotna-stavby.test"),  # a husband's and a wife's
    ("novotnystav.test", "novotnystavy.test"),  # an end
    ("printers.test", "printer.test"),
    ("andersen.test", "anderson.test"),  # surnames
    ("hofmann.test", "hoffmann.test"),
    ("north-gate.test", "northgate.test"),  # with and without a hyphen
    ("hp1.test", "hpl.test"),  # short
    ("a1.test", "al.test"),
    ("kovar.test", "tovar.test"),
    ("mail.test", "mall.test"),
    ("xn--80ak6aa92e.test", "apple.test"),  # of another alphabet, which is judged elsewhere
    ("xn--99999999.test", "wisla.test"),  # of no letters at all
]


@pytest.mark.parametrize(("domain", "other"), TAKEN)
def test_what_is_taken_for_another(domain: str, other: str) -> None:
    assert other in resembling.taken_for(domain)


@pytest.mark.parametrize(("domain", "other"), LEFT)
def test_ordinary_neighbours_are_left_in_peace(domain: str, other: str) -> None:
    assert other not in resembling.taken_for(domain)
    assert domain not in resembling.taken_for(other)


@given(st.text("abcdeiorn10-", min_size=1, max_size=12), st.data())
def test_whatever_is_taken_for_another_may_be_the_other(label: str, data: st.DataObject) -> None:
    found = sorted(resembling.taken_for(f"{label}.test"))
    if found:
        other = data.draw(st.sampled_from(found))
        once = sum(label.count(sign) for sign in ("1", "0", "5", "rn", "vv", "l", "i", "o", "m"))
        if once < 2:  # Of several that are replaced at once, only some may be put back.
            assert f"{label}.test" in resembling.taken_for(other)


def test_one_question_holds_no_more_than_it_may() -> None:
    assert len(resembling.taken_for(f"{'l1o0' * 15}.test")) < 200
    assert len(resembling.taken_for(f"{'abcdefgh' * 5}.test")) < 2_500


@pytest.mark.parametrize(
    ("domain", "poses"),
    [("gmai1.com", True), ("protonrnail.com", True), ("severka.test", False), ("mall.com", False)],
)
def test_who_poses_as_a_provider_of_mailboxes(domain: str, poses: bool) -> None:
    assert bool(FREE_MAIL & resembling.taken_for(domain)) is poses


@pytest.mark.parametrize(
    ("email", "other", "alike"),
    [
        ("jana@wis1a.test", "jana@wisla.test", True),
        ("jana@wisl.test", "jana@wisla.test", True),
        ("j.dvorakova@wisla-.test", "jana@wisla.test", True),
        ("jana@mail.wislab.test", "jana@wisla.test", True),
        ("jana@awisla.test", "jana@wisla.test", True),
        ("jana@wilsa.test", "jana@wisla.test", True),
        ("jana@wisla.test", "j@wisla.test", False),
        ("jana@wisla.sk", "jana@wisla.cz", False),
        ("jana@gmail.com", "jana@wisla.test", False),
        ("jana@wislabc.test", "jana@wisla.test", False),
        ("jana@wsial.test", "jana@wisla.test", False),
        ("jana@ab.test", "jana@ac.test", False),
        ("jana@gmial.com", "jana@gmail.com", True),
        ("jana.dv0rakova@gmail.com", "jana.dvorakova@gmail.com", True),
        ("jana.dvorkova@gmail.com", "jana.dvorakova@gmail.com", True),
        ("janadvorakova@gmail.com", "jana.dvorakova@gmail.com", False),
        ("jana.dvorakova1@gmail.com", "jana.dvorakova@gmail.com", False),
        ("jana.dvorakova@gmail.com", "jana.dvorakova@gmail.com", False),
        ("jana.dvorakova@seznam.cz", "jana.dvorakova@gmail.com", False),
    ],
)
def test_who_bears_a_contacts_name_is_looked_at_more_closely(
    email: str, other: str, alike: bool
) -> None:
    assert resembling.resembles(email, other) is alike
    assert resembling.resembles(other, email) is alike


def test_by_signs_that_look_alike_alone_a_domain_may_be_taken_for_few() -> None:
    few = resembling.taken_for("northgate1.test", apart=False)

    assert few < resembling.taken_for("northgate1.test")
    assert "northgatel.test" in few
    assert len(few) < 20


@pytest.mark.parametrize(
    ("host", "domain", "shown"),
    [
        ("wisla.test.evil.test", "evil.test", "wisla.test"),
        ("www.wisla.co.uk.evil.test", "evil.test", "wisla.co.uk"),
        ("login.secure.mail.wisla.test.evil.test", "evil.test", "wisla.test"),
        ("wisla.test.müller.test", "xn--mller-kva.test", "wisla.test"),
        ("wisla.test.evil.test.", "evil.test", "wisla.test"),
        ("wisla.com.duckdns.org", "com.duckdns.org", "wisla.com"),
        ("wisla.co.uk.com", "co.uk.com", "wisla.co.uk"),
    ],
)
def test_a_domain_before_another_is_shown_off(host: str, domain: str, shown: str) -> None:
    found = resembling.shown_off(f"jana@{host}", domain)

    assert shown in found
    assert domain not in found


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("wisla.com.au", "wisla.com.au"),
        ("evil.test", "evil.test"),
        ("evil.test", "other.test"),
    ],
)
def test_a_domain_alone_shows_nothing_off(host: str, domain: str) -> None:
    assert resembling.shown_off(f"jana@{host}", domain) == frozenset()


def test_a_server_that_is_called_as_a_provider_is_shows_nobody_off() -> None:
    assert "mail.ru" not in resembling.shown_off("ann@mail.ru.acme.test", "acme.test")


def test_of_a_host_of_many_labels_few_are_looked_at() -> None:
    assert len(resembling.shown_off(f"jana@{'a.b.' * 60}wisla.test.evil.test", "evil.test")) < 40
