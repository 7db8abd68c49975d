"""Tell whether the process is alive, and whether it is ready to serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import redis
from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.base import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("health", __name__)


@pages.get("/livez")
def livez() -> ResponseReturnValue:
    """Say that the process answers, and nothing more."""
    return {"alive": True}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether database and queue answer; 503 when the database does not.

    Without the queue nothing is lost and pages work; mail waits. It is told, and the answer stays
    200: to take the web away as well would mend nothing.
    """
    database, queue = _database(), _queue()
    state = {"ready": database, "database": database, "queue": queue}
    return (state, 200) if database else (state, 503, {"Retry-After": "5"})


def _database() -> bool:
    try:
        with db.transaction() as session:
            session.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _queue() -> bool:
    url = current_app.config["INLAY"].redis_url
    if not url:
        return False
    try:
        with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as queue:
            return bool(queue.ping())
    except (redis.RedisError, ValueError):  # An address that is none is no queue either.
        return False
