"""A Gmail on this machine, one mailbox in it, and a client that is let in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.oauth2.credentials import Credentials

from server.demo.gmail import GmailServer, Mailbox
from sync.sources.gmail import GmailLogin, GmailSource
from sync.sources.gmail.client import Client

ADDRESS = "ana@halden.test"


@pytest.fixture
def login(google: GmailServer, account: Mailbox) -> GmailLogin:
    token = google.token(ADDRESS)
    return GmailLogin(ADDRESS, Credentials(token), google.url)  # type: ignore[no-untyped-call]


@pytest.fixture
def client(login: GmailLogin) -> Iterator[Client]:
    made = Client(login, timeout=5)
    yield made
    made.close()


@pytest.fixture
def source(login: GmailLogin) -> Iterator[GmailSource]:
    with GmailSource(login, timeout=5) as made:
        yield made
