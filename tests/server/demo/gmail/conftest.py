"""A Gmail with one mailbox, and Google's own client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from server.demo.gmail import GmailServer, Mailbox

ANA = "ana@halden.example"


@pytest.fixture
def clock() -> list[float]:
    """Make a clock that a test may set: the moment stands in its only place."""
    return [1_795_000_000.0]


@pytest.fixture
def google(clock: list[float]) -> Iterator[GmailServer]:
    with GmailServer(now=lambda: clock[0], token_seconds=7200) as server:
        yield server


@pytest.fixture
def ana(google: GmailServer) -> Mailbox:
    return google.add(ANA)


@pytest.fixture
def client(google: GmailServer) -> Iterator[Callable[..., Any]]:
    """Make Google's client for an owner, with these scopes or all."""
    opened = []

    def make(address: str = ANA, *scopes: str, token: str | None = None) -> Any:
        given = token or (google.token(address, scopes) if scopes else google.token(address))
        built = build_from_document(google.document(), credentials=Credentials(given))
        opened.append(built)
        return built

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def gmail(client: Callable[..., Any], ana: Mailbox) -> Any:
    return client().users()
