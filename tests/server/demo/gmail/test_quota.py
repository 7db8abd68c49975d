"""What calls cost, and what happens to who asks too fast."""

from __future__ import annotations

import json
import socket
import time

import pytest
from googleapiclient.errors import HttpError

from server.demo.gmail import Fault, Quota
from tests.server.demo.gmail.asking import ANA, BO, letter, refused
from tests.soon import LONG


def test_what_was_asked_is_written_down_with_what_it_cost(gmail, ana, google, clock):
    id_ = ana.deliver(letter())
    gmail.getProfile(userId="me").execute()
    clock[0] += 10
    gmail.messages().get(userId="me", id=id_).execute()

    call = google.calls[-1]
    assert (call.method, call.address, call.id) == ("users.messages.get", ANA, id_)
    assert (call.status, call.units, call.at) == (200, 20, clock[0])
    assert (call.in_batch, call.fault) == (False, "")
    assert google.units(ANA) == 21
    assert google.units(ANA, since=clock[0]) == 20
    assert google.units(BO) == 0


def test_older_projects_pay_the_old_prices(gmail, ana, google):
    google.limit(Quota(user=15_000, old_prices=True))
    gmail.messages().get(userId="me", id=ana.deliver(letter())).execute()

    assert google.units(ANA) == 5


def test_who_asks_too_fast_is_told_when_to_come_back(gmail, ana, google, clock):
    google.limit(Quota(user=45))
    call = gmail.messages().get(userId="me", id=ana.deliver(letter()))
    call.execute()
    clock[0] += 20
    call.execute()

    with pytest.raises(HttpError) as caught:
        call.execute()

    error = json.loads(caught.value.content)["error"]
    assert (error["code"], error["errors"][0]["reason"]) == (429, "rateLimitExceeded")
    assert "Retry after 20" in error["message"]
    # The window slides: what was spent first is free a minute after it, and not before.
    clock[0] += 39
    assert refused(call)[0] == 429
    clock[0] += 1
    assert call.execute()
    assert refused(call)[0] == 429
    assert google.units(ANA) == 60


def test_one_user_does_not_spend_anothers_units_but_both_spend_the_projects(client, google):
    google.limit(Quota(user=1, project=2))
    calls = [client(who).users().getProfile(userId="me") for who in (ANA, BO, "eva@x.example")]

    calls[0].execute()
    assert refused(calls[0])[0] == 429
    calls[1].execute()
    assert refused(calls[2])[0] == 429


def test_google_may_say_it_as_a_403(gmail, google):
    google.limit(Quota(user=0, code=403))

    assert refused(gmail.getProfile(userId="me")) == (403, "userRateLimitExceeded")


def test_a_slow_call_is_under_way_until_its_answer_leaves(gmail, google):
    google.limit(Quota(at_once=1))
    google.plan(Fault("slow", seconds=LONG))
    host, _, port = google.url.removeprefix("http://").partition(":")
    asked = f"GET /gmail/v1/users/me/profile HTTP/1.1\r\nAuthorization: Bearer {google.token(ANA)}"

    with socket.create_connection((host, int(port))) as line:
        line.sendall(f"{asked}\r\n\r\n".encode())
        while not google.calls:
            time.sleep(0.01)

        with pytest.raises(HttpError) as caught:
            gmail.getProfile(userId="me").execute()

    assert "Too many concurrent requests for user" in str(caught.value)


def test_without_a_quota_nobody_is_held_back(gmail, ana, google):
    google.limit(Quota(user=0))
    google.limit(None)

    assert gmail.getProfile(userId="me").execute()
