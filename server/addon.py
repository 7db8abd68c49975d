"""Google's way in: a call with a token that Google signed becomes an event, and a card goes back.

Without ADDON_SERVICE_ACCOUNT and GOOGLE_CLIENT_ID there is nobody to be let in, and every call is
refused. Who looks is told by the user's own token alone, by its `sub`; one that we do not know yet
is led to the page where it becomes known.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, request, url_for
from werkzeug import wrappers
from werkzeug.exceptions import RequestEntityTooLarge

from addon import event as events
from addon import response
from addon.actions import AGAIN, COMPOSE, ENTRIES, FUNCTIONS, MESSAGE
from addon.cards.notice import broken_card, late_card, stranger_card
from addon.dispatch import dispatch
from addon.widgets import Action, Links
from crm.base import clock, faults, i18n
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import subjects
from server import beside, shapes
from server.auth import binding, google
from server.beside import Found
from server.web import punctual

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from addon.response import Response
    from crm.base.settings import Settings
    from server.web.punctual import Call

_log = logging.getLogger(__name__)

pages = Blueprint("addon", __name__, url_prefix="/addon")
#: The paths at which Google calls, and the functions that they are.
CALLS = {f"/addon/{function}": function for function in FUNCTIONS}


@pages.post("/<path:function>")
def call(function: str) -> ResponseReturnValue:
    """Answer a call of Google's. What is not shown to be Google's gets 401 and nothing else."""
    settings: Settings = current_app.config["INLAY"]
    address = f"{settings.addon_base}/{function}"
    if function not in FUNCTIONS or not _is_google(settings, address):
        return "", 401
    g.is_google = True
    _call().trusted = True
    try:
        event = events.parse(request.get_json(force=True, silent=True), function=function)
    except (InvalidError, RecursionError):
        return "", 400
    except RequestEntityTooLarge:
        return "", 413
    if (locale := i18n.known(event.locale)) in i18n.offered():
        _speak(locale)  # Until we know who looks, and in which language they want to read.
    if not event.tokens.identity:
        return _written(response.ask_for_scopes(google.NAMING))
    who = _identity(settings, event.tokens.identity)
    if not who:
        return "", 401
    user = subjects.find(g.session, who["sub"])
    if user is None:
        word = binding.word(who["sub"], str(who.get("email", "")))
        there = url_for("google.ask", word=word)
        return _written(response.ask_to_sign_in(stranger_card(there)))
    _speak(user.language)
    found = beside.find(g.session, user, event, who)
    asks = found is None and function == MESSAGE
    granted = event.scopes is None or google.LOOKING in event.scopes
    if (asks or function == COMPOSE) and not granted:  # Nor is it said to whom a draft goes.
        return _written(response.ask_for_scopes(google.LOOKING))
    if asks:
        found = beside.ask(g.session, settings, user, event, who)
    found = found or Found()
    answer = dispatch(
        g.session, event, user=user, look=found.look, opened=found.opened, at=clock.now()
    )
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


def late(settings: Settings, call: Call) -> wrappers.Response:
    """Answer a call that took too long: in words, where it was shown to be Google's."""
    if not call.trusted:
        return wrappers.Response(status=503, headers={"Retry-After": "5"})
    with i18n.speaking(call.language):
        written = shapes.answer(_late_words(call), Links(settings.addon_base, settings.base_url))
    return wrappers.Response(written, mimetype="application/json")


def _late_words(call: Call) -> Response:
    if call.function in ENTRIES:
        again = Action(call.function) if call.function in AGAIN else None
        return response.push(late_card(again=again))
    if call.kept:
        words = _("This takes long, and may have been done. Look before you repeat it.")
        return response.notify(words)
    return response.notify(_("This took too long and was given up. Nothing was changed."))


def _speak(language: str) -> None:
    """Speak a language from here on; a late answer speaks it too."""
    i18n.speak(language)
    _call().language = i18n.language()


def _call() -> Call:
    call = punctual.call_of(request.environ)
    assert call is not None
    return call


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


def _identity(settings: Settings, token: str) -> dict[str, Any]:
    """Return what a token of identity says of its user; nothing where it is not good."""
    claims = google.claims(settings, f"Bearer {token}", settings.google_client_id)
    return claims if isinstance(claims.get("sub"), str) and claims["sub"] else {}
