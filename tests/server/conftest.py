"""The web app over the test's own transaction, and mail to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection

from crm.base import db
from crm.base.db import Session
from crm.base.settings import Settings
from crm.base.vault import Vault
from crm.mail.models import Mailbox
from crm.workspace import subjects, users
from crm.workspace.models import User
from server.app import create_app
from tests import make
from tests.addon.beside import LINKS
from tests.server.asking import for_google
from tests.servers.google import Google
from tests.statements import counted
from tests.story import Scene, tell
from tests.visiting import Visitor


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Hash passwords as Argon2 does, with less work: a test's password need not be safe."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(users, "_hasher", hasher)
    users._nobody.cache_clear()
    yield
    users._nobody.cache_clear()  # Others' tests take the time that a real one takes.


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


@pytest.fixture
def elsewhere(session, workspace) -> Scene:
    """Tell a whole story in another workspace."""
    with db.sessions(info={"workspace": None}) as there:
        other = make.workspace(there, "Elsewhere")
        eva = make.user(there, other, "ana@halden.test", role="admin", name="Eva")
        told = tell(there, other, eva)
        there.commit()
        there.expunge_all()
    db.enter(session, workspace.id)
    return told


@pytest.fixture
def scene(session, workspace, ana) -> Scene:
    """Tell a whole story in the test's workspace, for every door to see."""
    told = tell(session, workspace, ana)
    session.commit()
    return told


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    """Collect the statements that reach the database from here on."""
    with counted(connection.engine) as seen:
        yield seen


@pytest.fixture(scope="session")
def google() -> Iterator[Google]:
    """Serve certificates as Google does."""
    with Google(LINKS.addon) as found:
        yield found


@pytest.fixture
def gmail(connection: object, shared: Settings, google: Google) -> Visitor:
    """Open a way in for Google."""
    return Visitor(create_app(for_google(shared, google.certs_url), Vault(shared.vault_keys)))


@pytest.fixture
def known(session: Session, ana: User) -> User:
    """Let Google's subject 1077 be Ana."""
    subjects.bind(session, ana, "1077", "ana@gmail.com")
    session.commit()
    return ana


@pytest.fixture
def newer(house: Settings) -> Iterator[Settings]:
    """Let a version that is not out yet have brought the database up."""
    with psycopg.connect(house.database_owner_url.replace("+psycopg", "")) as owner:
        before = owner.execute("select version_num from alembic_version").fetchone()
        owner.execute("update alembic_version set version_num = '9999'")
    yield house
    with psycopg.connect(house.database_owner_url.replace("+psycopg", "")) as owner:
        owner.execute("update alembic_version set version_num = %s", before)
