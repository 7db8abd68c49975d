"""Proof that a form comes from a page of ours: a token in it, and where the browser says it is.

The token is an HMAC over the browser's own cookie. Beside it the browser's word is taken:
Sec-Fetch-Site, or Origin where a browser has no such header.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request

from addon.panel.form import CSRF
from server.auth import sessions

if TYPE_CHECKING:
    from crm.base.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Called by Google alone, which brings a token in place of a cookie.
GOOGLES = frozenset({"addon.call", "push.take"})


def init_app(app: Flask) -> None:
    """Refuse every request that changes something and is not shown to be ours."""
    app.before_request(_check)
    app.after_request(_remember)


def token() -> str:
    """Return the token for a form on this page."""
    return _token(_visit())


def _visit() -> str:
    """Return the value that the token is bound to: the session's, or a visitor's own."""
    known = sessions.token() or request.cookies.get(_cookie(), "")
    if not known:
        g.visit = known = g.get("visit") or secrets.token_urlsafe(24)
    return known


def _cookie() -> str:
    return "__Host-visit" if current_app.config["SESSION_COOKIE_SECURE"] else "visit"


def _token(visit: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"csrf:" + visit.encode(), hashlib.sha256).hexdigest()


def _check() -> None:
    if request.method in _SAFE or request.endpoint in (None, *GOOGLES):
        return  # What is no page changes nothing, and a stranger's form is not waited for.
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if site is None and origin is not None and origin.rstrip("/") != _own_origin():
        abort(403)
    visit = sessions.token() or request.cookies.get(_cookie(), "")
    sent = request.form.get(CSRF, "")
    right = _token(visit).encode()
    if not visit or not hmac.compare_digest(sent.encode("utf-8", "replace"), right):
        abort(403)


def _own_origin() -> str:
    # Behind a proxy that ends TLS, the request's own address is not the browser's.
    settings: Settings = current_app.config["INLAY"]
    parts = urlsplit(settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _remember(response: object) -> object:
    from flask import Response

    if "visit" in g and isinstance(response, Response):
        response.set_cookie(
            _cookie(),
            g.visit,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response
