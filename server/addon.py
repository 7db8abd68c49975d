"""Google's way in: a call with a token that Google signed becomes an event, and a card goes back.

Without ADDON_SERVICE_ACCOUNT and GOOGLE_CLIENT_ID there is nobody to be let in, and every call is
refused. Who looks is told by the user's own token alone, by its `sub`.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, g, request

from addon import event as events
from addon import response
from addon.actions import FUNCTIONS
from addon.cards.notice import broken_card, stranger_card
from addon.dispatch import dispatch
from addon.widgets import Links
from crm.base import clock, db, directory, faults, i18n
from crm.base.errors import InvalidError, NotFoundError
from crm.workspace import users
from server import shapes
from server.auth import google

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from addon.response import Response
    from crm.base.settings import Settings
    from crm.workspace.models import User

_log = logging.getLogger(__name__)

pages = Blueprint("addon", __name__, url_prefix="/addon")


@pages.post("/<path:function>")
def call(function: str) -> ResponseReturnValue:
    """Answer a call of Google's. What is not shown to be Google's gets 401 and nothing else."""
    settings: Settings = current_app.config["INLAY"]
    address = f"{settings.addon_base}/{function}"
    if function not in FUNCTIONS or not _is_google(settings, address):
        return "", 401
    g.is_google = True
    try:
        event = events.parse(request.get_json(force=True, silent=True), function=function)
    except InvalidError:
        return "", 400
    user = _user(settings, event.tokens.identity)
    if user is None:
        return _written(response.ask_to_sign_in(stranger_card()))
    i18n.speak(user.language)
    answer = dispatch(g.session, event, user=user, look=lambda _id: None, at=clock.now())
    return _written(answer)


@pages.errorhandler(Exception)
def broken(error: Exception) -> ResponseReturnValue:
    """Answer a fault with a card: Gmail shows no page. Who is not shown to be Google gets none."""
    g.failed = True
    if isinstance(error, google.UnreachableError):
        _log.warning("%s", error)
    if "is_google" not in g:
        away = isinstance(error, google.UnreachableError)
        return ("", 503, {"Retry-After": "5"}) if away else ("", 500)
    reference = secrets.token_hex(4)
    _log.error("The add-on's call failed: %s: %s", reference, faults.place(error))
    return _written(response.push(broken_card(reference)))


def _written(answer: Response) -> ResponseReturnValue:
    settings: Settings = current_app.config["INLAY"]
    links = Links(settings.addon_base, settings.base_url)
    return shapes.answer(answer, links), {"Content-Type": "application/json"}


def _is_google(settings: Settings, address: str) -> bool:
    """Tell whether the header's token was made by Google, for this address, by our add-on."""
    if not settings.addon_service_account:
        return False
    claims = google.claims(settings, request.headers.get("Authorization", ""), address)
    return (
        claims.get("email") == settings.addon_service_account
        and claims.get("email_verified") is True
    )


def _user(settings: Settings, token: str) -> User | None:
    """Return whose token of identity this is, or None."""
    if not settings.google_client_id or not token:
        return None
    claims = google.claims(settings, f"Bearer {token}", settings.google_client_id)
    subject = claims.get("sub")
    ways = directory.find(g.session, directory.Key.GOOGLE, str(subject)) if subject else []
    if len(ways) != 1:
        return None
    db.enter(g.session, ways[0].workspace_id)
    try:
        user = users.get(g.session, ways[0].workspace_id, ways[0].id)
    except NotFoundError:
        return None
    return user if user.active else None
