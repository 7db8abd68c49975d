"""A server is reached at one of its addresses, and a password leaves in clear text for none."""

from __future__ import annotations

import pytest

from sync import reaching
from sync.errors import UnsafeConnectionError


def test_the_first_address_that_answers_is_taken(smtp):
    with reaching.reach(["127.0.0.2", "127.0.0.1"], smtp.port, 5) as found:
        assert found.getpeername()[0] == "127.0.0.1"
        assert found.recv(3) == b"220"


def test_where_none_answers_the_last_error_is_told():
    with pytest.raises(ConnectionRefusedError):
        reaching.reach(["127.0.0.1"], 1, 5)
    with pytest.raises(ConnectionRefusedError):
        reaching.reach([], 1, 5)


def test_every_address_has_to_be_this_machine():
    reaching.check_loopback("localhost", ["127.0.0.1", "::1"])
    with pytest.raises(UnsafeConnectionError):
        reaching.check_loopback("mail.test", ["127.0.0.1", "192.0.2.1"])


def test_certificates_are_checked():
    made = reaching.context()

    assert made.check_hostname
    assert made is reaching.context()


def test_a_name_has_each_address_once():
    assert reaching.addresses_of("127.0.0.1") == ("127.0.0.1",)
