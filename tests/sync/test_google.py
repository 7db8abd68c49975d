"""How a mailbox of Gmail is got into: by a consent, or by the domain's admin for all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crm.base.settings import Settings
from server.demo.gmail import GmailServer
from sync import google as ours
from sync.errors import ScopeMissingError, SyncError
from sync.sources.gmail import GmailLogin, listing
from sync.sources.gmail.client import Client
from tests import make
from tests.sync import rig

ADDRESS = "ana@halden.test"


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        server.add(ADDRESS)
        yield server


def delegated(town: Settings, google: GmailServer, secret: str) -> GmailLogin:
    settings = replace(town, google_api_url=google.url, google_token_url=google.token_url)
    place = {"grant": ours.DELEGATION}
    return GmailLogin(ADDRESS, ours.credentials(ADDRESS, place, settings, secret), google.url)


def test_an_admin_lets_us_into_everybody_s_mailbox(town: Settings, google: GmailServer) -> None:
    key = json.dumps(google.delegate("sync@halden.test", ours.READING))
    client = Client(delegated(town, google, key))

    assert listing.profile(client).email == ADDRESS
    client.close()


def test_without_the_scope_the_admin_is_told_what_to_do(
    town: Settings, google: GmailServer
) -> None:
    key = json.dumps(google.delegate("sync@halden.test", []))
    client = Client(delegated(town, google, key))

    with pytest.raises(ScopeMissingError, match="Admin console"):
        listing.profile(client)
    client.close()


@pytest.mark.parametrize("secret", ["", "{}", "[]", "a password", '{"type": "service_account"}'])
def test_what_is_no_key_is_refused_in_words(
    town: Settings, google: GmailServer, secret: str
) -> None:
    with pytest.raises(SyncError, match="no key of a service account"):
        delegated(town, google, secret)


def test_a_consent_to_more_than_reading_is_taken_as_it_is(
    town: Settings, google: GmailServer
) -> None:
    google.register(rig.APP)
    settings = replace(
        town,
        google_token_url=google.token_url,
        google_client_id=rig.APP.client_id,
        google_client_secret=rig.APP.client_secret,
    )
    wide = google.refresh_token(ADDRESS, rig.APP.client_id, ["https://mail.google.com/"])
    place = {"grant": ours.CONSENT}
    held = ours.credentials(ADDRESS, place, settings, wide)
    client = Client(GmailLogin(ADDRESS, held, google.url))

    assert listing.profile(client).email == ADDRESS
    client.close()


def test_a_token_is_asked_for_once_an_hour_whoever_runs(
    town: Settings, google: GmailServer
) -> None:
    google.add(ADDRESS).deliver(make.raw())
    box = rig.connect_gmail(town, google)

    for _ in range(3):
        assert rig.bring(box).trouble == ""

    assert sum(call.method == "token" for call in google.calls) == 1
