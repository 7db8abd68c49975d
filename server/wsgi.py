"""The application for a web server, which calls `create` once in each of its processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import db, settings
from crm.base.vault import Vault
from server import database, secrets
from server.app import create_app

if TYPE_CHECKING:
    from flask import Flask


def create() -> Flask:
    """Make the application out of the environment; the servers run already."""
    read = secrets.complete(settings.read())
    engine = db.open_engine(read.database_url, statement_timeout=10)
    database.refuse_harmful(engine)
    db.bind(engine)
    return create_app(read, Vault(read.vault_keys))
