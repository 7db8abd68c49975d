"""A consent of Google's becomes a token that lasts, or words that say why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from crm.base import clock
from crm.base.settings import Settings
from server.demo.gmail import App, Fault, GmailServer
from sync import granting
from sync.errors import SourceUnavailableError
from sync.google import READING, SENDING
from sync.granting import Grant
from tests.sync.sources.gmail.elsewhere import redirecting

BACK = "http://127.0.0.1:8025/mailboxes/gmail/back"


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        server.add("ana@halden.test")
        server.register(App("Inlay", "inlay", "secret", (BACK,)))
        yield server


@pytest.fixture
def settings(town: Settings, google: GmailServer) -> Settings:
    return replace(
        town,
        google_client_id="inlay",
        google_client_secret="secret",
        google_api_url=google.url,
        google_auth_url=google.auth_url,
        google_token_url=google.token_url,
    )


def test_the_page_is_asked_for_a_token_that_lasts_and_for_reading_and_sending(
    settings: Settings,
) -> None:
    url = granting.address(settings, state="s", challenge="c", back=BACK, hint="ana@halden.test")

    asked = {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(settings.google_auth_url)
    assert asked["scope"] == " ".join((*READING, *SENDING))
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert (asked["state"], asked["code_challenge"]) == ("s", "c")


def test_a_code_that_is_none_is_refused_without_being_repeated(settings: Settings) -> None:
    with pytest.raises(SourceUnavailableError) as told:
        granting.exchange(settings, "a-stolen-code", "v", BACK)

    assert "a-stolen-code" not in str(told.value)
    assert "invalid_grant" in str(told.value)


@pytest.mark.parametrize("kind", ["token_500", "token_hang"])
def test_google_that_does_not_answer_is_told(
    settings: Settings, google: GmailServer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(granting, "_PATIENCE", 0.3)
    google.plan(Fault(kind, times=None))

    with pytest.raises(SourceUnavailableError, match="Nothing was stored"):
        granting.exchange(settings, "x", "v", BACK)


def test_whose_it_is_is_what_gmail_says(settings: Settings, google: GmailServer) -> None:
    token = google.refresh_token("ana@halden.test", "inlay", READING)

    assert granting.whose(settings, Grant(token, READING, None)) == "ana@halden.test"


def test_a_consent_that_ends_says_so_in_its_place_and_its_token_nowhere() -> None:
    ends = clock.now()

    grant = Grant("1//secret", READING, ends)

    assert grant.place == {
        "grant": "consent",
        "scopes": list(READING),
        "consent_ends": ends.isoformat(),
    }
    assert "secret" not in repr(grant)
    assert Grant("1//secret", READING, None).place["consent_ends"] is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_leads_our_code_and_our_secret_elsewhere(settings: Settings, status: int) -> None:
    with redirecting(status) as (url, got):
        there = replace(settings, google_token_url=url)
        with pytest.raises(SourceUnavailableError):
            granting.exchange(there, "a-code", "v", BACK)

    assert got == []
