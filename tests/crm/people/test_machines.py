"""Addresses that say of themselves that no person reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.people.machines import is_machine


@pytest.mark.parametrize(
    "local",
    [
        "no-reply",
        "NoReply",
        "no_reply",
        "do-not-reply",
        "donotreply",
        "noreply+12345",
        "no-reply-tickets",
        "mailer-daemon",
        "MAILER-DAEMON",
        "postmaster",
        "bounce",
        "bounces+ana=halden.test",
        "notifications",
        "newsletter",
        "unsubscribe",
        "neodpovidat",
        "nie-odpowiadaj",
        "ne-repondez",
        "auto-confirm",
        "calendar-notification",
        "drive-shares-noreply",
        "jana.noreply",
        "unmonitored",
        "neodpovidej",
        "neodpovidejte",
        "svara-inte",
        "daemon",
        "nepoviedat",
        "nicht.antworten",
        "robot",
        "wordpress+7",
        "powiadomienia",
    ],
)
def test_a_machine_says_so_in_its_address(local: str) -> None:
    assert is_machine(f"{local}@shop.test")


@pytest.mark.parametrize(
    "local",
    [
        "jana",
        "norbert.plyer",
        "info",
        "sales",
        "bouncer",
        "notifyme",
        "postmasters",
        "reply",
        "automat",
        "daemonek",
        "mailman.karel",
        "jan-robot",
        "",
    ],
)
def test_a_person_is_not_taken_for_a_machine(local: str) -> None:
    assert not is_machine(f"{local}@severka.test")


@pytest.mark.parametrize(
    ("domain", "is_list"),
    [
        ("lists.printlab.test", True),
        ("LISTS.apache.test", True),
        ("list.halden.test", True),
        ("googlegroups.com", True),
        ("lists.test", False),
        ("listings.halden.test", False),
        ("mygooglegroups.com", False),
    ],
)
def test_an_address_of_a_list_is_nobodys(domain: str, is_list: bool) -> None:
    assert is_machine(f"thermal-users@{domain}") is is_list


@given(st.text(st.characters(), max_size=100))
def test_any_text_is_a_machines_or_not(text: str) -> None:
    assert is_machine(text) in (True, False)


def test_the_domain_alone_makes_no_machine() -> None:
    assert not is_machine("jana@noreply.test")
