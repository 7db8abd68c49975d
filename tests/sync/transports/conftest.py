"""A Gmail on this machine: who sends there, and who receives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.oauth2.credentials import Credentials

from server.demo.gmail import GmailServer, Mailbox
from sync.sources.gmail import GmailLogin
from tests.sync.sending import JANA
from tests.sync.transports.drafting import ADDRESS


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        server.add(JANA.email)
        yield server


@pytest.fixture
def login(google: GmailServer, account: Mailbox) -> GmailLogin:
    return GmailLogin(ADDRESS, Credentials(google.token(ADDRESS)), google.url)
