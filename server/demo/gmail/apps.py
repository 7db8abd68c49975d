"""Who may ask for consent, and which robots act for owners without asking them."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from server.demo.gmail.exchange import Request

_PORT = re.compile(r"\A(http://127\.0\.0\.1):\d{1,5}(?=/)")


@dataclass(frozen=True, slots=True)
class App:
    """An OAuth client: what it is called, its secret, and where answers may be sent to."""

    name: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]

    def leads_back_to(self, uri: str) -> bool:
        """Tell whether answers may be sent there: on this machine to any port (RFC 8252, 7.3)."""
        return uri in self.redirect_uris or _PORT.sub(r"\1", uri, count=1) in self.redirect_uris


@dataclass(frozen=True, slots=True)
class Robot:
    """A service account to which an administrator has delegated the whole domain."""

    email: str
    public_key: str
    scopes: frozenset[str]


class RefusedError(Exception):
    """A refusal of the token endpoint: a word, and why."""

    def __init__(self, error: str, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.shape = {"error": error, "error_description": why}
        self.status = status


@dataclass(slots=True)
class Apps:
    """The apps and robots that are known."""

    _apps: dict[str, App] = field(default_factory=dict)
    _robots: dict[str, Robot] = field(default_factory=dict)

    def register(self, app: App) -> App:
        """Let an app ask for consent."""
        self._apps[app.client_id] = app
        return app

    def employ(self, robot: Robot) -> None:
        """Let a robot act for owners."""
        self._robots[robot.email] = robot

    def find(self, client_id: str) -> App | None:
        """Return an app, or None."""
        return self._apps.get(client_id)

    def find_robot(self, email: str) -> Robot | None:
        """Return a robot, or None."""
        return self._robots.get(email)

    def identify(self, request: Request) -> App:
        """Return the app that asks for a token. Raises RefusedError for a wrong secret."""
        form = request.form
        given_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        kind, _, packed = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                pair = base64.b64decode(packed).decode()
            except (binascii.Error, UnicodeDecodeError):
                pair = ""
            given_id, _, secret = (unquote(part) for part in pair.partition(":"))
        app = self._apps.get(given_id)
        if app is None:
            raise RefusedError("invalid_client", "The OAuth client was not found.", 401)
        if not hmac.compare_digest(secret.encode(), app.client_secret.encode()):
            raise RefusedError("invalid_client", "Unauthorized", 401)
        return app
