"""Guessing is slowed down: by address and network, without locking anybody out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.vault import Vault
from server.app import create_app
from server.auth import throttle
from tests import make
from tests.visiting import Visitor, said

WORDS = "a long password"


@pytest.fixture
def ben(session, workspace):
    user = make.user(session, workspace, "ben@halden.test", password=WORDS)
    session.commit()
    return user


class Elsewhere(Visitor):
    """Somebody in another network."""

    def __init__(self, app, address):
        super().__init__(app)
        self.client.environ_base["REMOTE_ADDR"] = address


def tries(visitor, count, email="ben@halden.test"):
    return [visitor.sign_in(email, "wrong password").status_code for _ in range(count)]


def test_after_ten_tries_even_the_right_password_waits(visitor, ben):
    assert tries(visitor, throttle.TRIES) == [401] * throttle.TRIES

    answer = visitor.sign_in("ben@halden.test", WORDS)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "wait 5 minutes" in said(answer)


def test_the_last_tries_are_told(visitor, ben):
    tries(visitor, throttle.TRIES - 3)
    told = [said(visitor.sign_in("ben@halden.test", "wrong password")) for _ in range(3)]

    assert [
        "2 more tries" in told[0],
        "1 more try" in told[1],
        "Now there is a pause" in told[2],
    ] == [True] * 3


def test_an_address_that_nobody_has_is_counted_and_told_the_same(visitor, ben):
    known = [said(visitor.sign_in("ben@halden.test", "wrong")) for _ in range(11)]
    unknown = [said(visitor.sign_in("eve@halden.test", "wrong")) for _ in range(11)]

    assert known == unknown


def test_a_right_password_begins_anew(visitor, ben):
    tries(visitor, throttle.TRIES - 1)
    assert visitor.sign_in("ben@halden.test", WORDS).status_code == 303

    assert tries(visitor, 3) == [401] * 3


def test_somebody_elsewhere_is_not_locked_out(app, visitor, ben):
    tries(visitor, throttle.TRIES + 1)

    assert Elsewhere(app, "192.0.2.7").sign_in("ben@halden.test", WORDS).status_code == 303


def test_a_household_counts_as_one_however_many_addresses_it_has(app, ben):
    codes = [tries(Elsewhere(app, f"2001:db8:0:1::{n:x}"), 1)[0] for n in range(throttle.TRIES + 1)]

    assert codes == [401] * throttle.TRIES + [429]
    assert tries(Elsewhere(app, "2001:db8:0:2::1"), 1) == [401]


def test_one_network_does_not_try_all_addresses(visitor, ben, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_NETWORK", 5)

    codes = [tries(visitor, 1, f"{n}@halden.test")[0] for n in range(6)]

    assert codes == [401] * 5 + [429]


def test_behind_our_own_web_server_its_word_counts_and_nobody_elses(shared, connection, ben):
    app = create_app(replace(shared, proxy_hops=1), Vault(shared.vault_keys))
    visitor = Visitor(app)
    visitor.get("/sign-in")

    def come(forwarded):
        fields = {"email": "ben@halden.test", "password": "wrong"}
        return visitor.post("/sign-in", fields, headers={"X-Forwarded-For": forwarded}).status_code

    forged = [come(f"198.51.100.{n}, 192.0.2.7") for n in range(throttle.TRIES + 1)]

    assert forged == [401] * throttle.TRIES + [429]
    assert come("192.0.2.7, 192.0.2.8") == 401


def test_what_a_proxy_might_say_counts_for_nothing(visitor, ben):
    headers = {"X-Forwarded-For": "192.0.2.9"}
    tries(visitor, throttle.TRIES)
    fields = {"email": "ben@halden.test", "password": WORDS}

    assert visitor.post("/sign-in", fields, headers=headers).status_code == 429
