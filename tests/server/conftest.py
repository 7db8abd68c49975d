"""The web app over the test's own transaction, and mail to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from crm.base.settings import Settings
from crm.base.vault import Vault
from crm.mail.models import Mailbox
from server.app import create_app
from tests import make
from tests.visiting import Visitor


@pytest.fixture
def app(connection: object, shared: Settings) -> Flask:
    """Make the web app; whatever it commits goes with the test."""
    return create_app(replace(shared, data_dir=shared.data_dir), Vault(shared.vault_keys))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Open a browser that nobody is signed in to."""
    return Visitor(app)


@pytest.fixture
def mailbox(session, ana) -> Mailbox:
    """Connect Ana's mailbox."""
    return make.mailbox(session, ana)


@pytest.fixture
def take_in(session, mailbox) -> Callable[..., list]:
    """File letters, and let every door see them."""

    def file(*letters: bytes, into: Mailbox | None = None, folder: str = "INBOX") -> list:
        new = make.filed(session, into or mailbox, *letters, folder_name=folder).new
        session.commit()
        return new

    return file


@pytest.fixture
def reader(app: Flask, session, ana) -> Visitor:
    """Be Ana, signed in."""
    session.commit()
    return Visitor(app).be(ana)
