"""What may be typed for a server, and what may not; the offer that travels through a page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from crm.base.errors import InvalidError
from crm.base.vault import Vault, make_key
from server.web import connecting, offers
from server.web.connecting import Typed
from tests import make

GOOD = Typed("ana@halden.test", "imap.halden.test", "993", "tls", "ana", "a password")


@pytest.mark.parametrize(
    "host",
    ["imap.halden.test", "localhost", "mail", "bücher.example", "127.0.0.1", "::1", "imap.x.test."],
)
def test_a_name_or_an_address_may_be_typed(host):
    assert connecting.faults(Typed("a@b.test", host, "993", "tls", "a", "p"), plain=False) == {}


@pytest.mark.parametrize(
    "host",
    [
        "",
        "imap halden",
        "https://imap.halden.test",
        "imap.halden.test:993",
        "user@imap.halden.test",
        "imap.halden.test/x",
        "-..-",
        "[::1]",
        "fe80::1%lo",
        "a" * 300,
        "imap.halden.test\r\nX: y",
        "{imap.halden.test}INBOX",
    ],
)
def test_what_is_no_name_is_told_beside_the_server(host):
    wrong = connecting.faults(Typed("a@b.test", host, "993", "tls", "a", "p"), plain=False)

    assert list(wrong) == ["host"]


def test_without_tls_is_a_choice_only_where_the_admin_allows_it():
    typed = Typed("a@b.test", "mail", "143", "none", "a", "p")

    assert list(connecting.faults(typed, plain=False)) == ["security"]
    assert connecting.faults(typed, plain=True) == {}
    names = [name for name, _label in connecting.server_step(typed, plain=False).securities]
    assert names == ["tls", "starttls"]


def test_what_is_read_of_a_form_is_bounded_and_the_password_is_left_as_it_is():
    typed = connecting.read({"host": " mail " + "x" * 9999, "password": " a b ", "security": "ssl"})

    assert (len(typed.host), typed.password, typed.security) == (500, " a b ", "tls")
    assert "a b" not in repr(typed)


def test_an_offer_opens_for_its_user_within_the_hour_and_is_read_by_nobody():
    vault, ana = Vault((make_key(),)), uuid4()
    offer = connecting.seal(GOOD, ana, vault, make.NOW)

    assert "password" not in offer
    assert connecting.unseal(offer, ana, vault, make.NOW + timedelta(minutes=59)) == GOOD
    for who, key, at in (
        (uuid4(), vault, make.NOW),
        (ana, vault, make.NOW + offers.LASTS),
        (ana, Vault((make_key(),)), make.NOW),
    ):
        with pytest.raises(InvalidError):
            connecting.unseal(offer, who, key, at)


def test_another_secret_of_the_vault_is_no_offer():
    vault = Vault((make_key(),))
    for secret in ("a password", "{}", "[]", "null", '{"user": 1}'):
        with pytest.raises(InvalidError):
            connecting.unseal(vault.seal(secret).decode(), uuid4(), vault, make.NOW)
