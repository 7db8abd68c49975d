"""The application for a web server, which calls `create` once in each of its processes."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from crm.base import db, queues, settings
from crm.base.vault import Vault
from server import database, memory, secrets
from server.app import create_app

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

_PAUSE = 2.0
#: Seconds that a request waits for a queue that is away: what that did not hear, the sweep finds.
_QUEUE = 1.0


def create() -> Flask:
    """Make the application out of the environment, once the database answers."""
    read = secrets.complete(settings.read())
    engine = db.open_engine(read.database_url, statement_timeout=10)
    _refuse_harmful(engine)
    db.bind(engine)
    queues.bind(queues.connect(read.redis_url, timeout=_QUEUE))
    app = create_app(read, Vault(read.vault_keys))
    memory.settle()
    return app


def _refuse_harmful(engine: Engine) -> None:
    """Wait for a database that is away, as workers do: to end would be to end again and again."""
    while True:
        try:
            with engine.connect() as connection:
                database.refuse_harmful(connection)
        except OperationalError as error:
            _log.warning("The web waits for the database: %s", type(error.orig).__name__)
            time.sleep(_PAUSE)
        else:
            return
