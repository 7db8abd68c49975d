"""The cookie of a browser that is signed in, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for

from crm.base import clock, i18n
from crm.workspace import sign_ins

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from crm.workspace.models import User

#: The header of what an open page asks by itself, with nobody at it.
LIVE = "Inlay-Live"

#: What is open to strangers: an inline image's address is signed, for a frame has no cookie.
_OPEN = frozenset(
    {
        *("static", "health.livez", "health.readyz", "addon.call", "push.take"),
        *("signin.form", "people.welcome", "message.inline"),
    }
)
#: What somebody may have written for an hour: its address leads to the form again.
_ANSWER = "sending.reply"


def init_app(app: Flask) -> None:
    """Find out at each request who is there, and send strangers to the sign-in page."""
    app.before_request(_enter)


def cookie_name() -> str:
    """Return the cookie's name: bound to the host and to https, where there is https."""
    secure: bool = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-inlay" if secure else "inlay"


def let_in(user: User, there: str) -> Response:
    """Sign a user in with this browser, and lead it to a page of ours."""
    agent = request.headers.get("User-Agent", "")
    token = sign_ins.begin(g.session, user, agent=agent, at=clock.now())
    response = current_app.make_response(redirect(there, 303))
    _keep(response, token)
    return response


def _keep(response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(sign_ins.LONGEST.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop(response: Response) -> None:
    """Take the browser's token back."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(), secure=secure, httponly=True, samesite="Lax", path="/")


def token() -> str:
    """Return the token that the browser has sent, or ""."""
    return request.cookies.get(cookie_name(), "")


def _enter() -> ResponseReturnValue | None:
    i18n.speak(request.accept_languages.best_match(i18n.offered()) or "en")
    if request.endpoint in _OPEN or request.endpoint is None:
        g.user = None
        return None
    # What a page asks by itself is no sign that somebody sits before it.
    used = LIVE not in request.headers
    user = sign_ins.find(g.session, token(), at=clock.now(), used=used) if token() else None
    g.user = user
    if user is None:
        return _to_the_door()
    i18n.speak(user.language)
    return None


def _to_the_door() -> ResponseReturnValue:
    there = url_for("signin.form", next=request.full_path.rstrip("?"))
    if LIVE in request.headers:
        return "", 401  # The page stays, with what is being typed in it.
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("signin.form", next=_page_asking() or None)}
    if request.endpoint == _ANSWER:
        return redirect(url_for("signin.form", next=request.path, unsent=1), 303)
    if request.method != "GET":
        return redirect(url_for("signin.form"), 303)
    return redirect(there, 303)


def _page_asking() -> str:
    """Return the path of the page on which htmx asks, so that one comes back to it."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # It is no address.
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def user() -> User:
    """Return who is signed in, on a page that asks for it."""
    found: User = g.user
    return found
