"""The servers as fixtures: `pytest_plugins = ["tests.servers.fixtures"]` brings them in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.smtp import Smtp

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def long_dovecot() -> Iterator[Dovecot]:
    """Lend a Dovecot with TLS for the whole run, to fixtures that outlive a test."""
    require("Dovecot", dovecot_server.available())
    with Dovecot(tls=True) as server:
        yield server


@pytest.fixture
def dovecot(long_dovecot: Dovecot) -> Iterator[Dovecot]:
    """Lend the run's Dovecot, and take away the mailboxes that the test has made there."""
    with long_dovecot.lent():
        yield long_dovecot


@pytest.fixture
def liar(dovecot: Dovecot) -> Iterator[Proxy]:
    """Lend a proxy in front of Dovecot that does as planned."""
    with Proxy(dovecot.port) as proxy:
        yield proxy


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    """Lend an SMTP server that does as planned, and keeps what it receives."""
    with Smtp() as server:
        yield server


def require(server: str, reason: str | None) -> None:
    """Skip where a server is missing, and say why; fail where INLAY_REQUIRE_SERVERS is set."""
    if reason is None:
        return
    if os.environ.get("INLAY_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{server} is required (INLAY_REQUIRE_SERVERS=1): {reason}")
    pytest.skip(f"{server} is missing: {reason}")
