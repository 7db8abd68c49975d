"""The page on which an owner lets an app in: which mailbox, which scopes, yes or no.

Each scope can be refused by itself, as Google's granular consent has it:
https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from server.demo.gmail.exchange import Answer, answer_html
from server.demo.gmail.routes import document

if TYPE_CHECKING:
    from server.demo.gmail.apps import App, Apps
    from server.demo.gmail.exchange import Request
    from server.demo.gmail.tokens import Consent
    from server.demo.gmail.world import World

#: What somebody who signs in allows anyway: there is no box to tick for it.
_AUTH = "https://www.googleapis.com/auth/"
SIGN_IN = frozenset(("openid", "email", "profile", f"{_AUTH}userinfo.email"))
_CODE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app asks for, while the page is open."""

    app: App
    redirect_uri: str
    state: str
    challenge: str
    scopes: tuple[str, ...]
    offline: bool
    prompt: str
    nonce: str
    hint: str
    adds: bool


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for, once."""

    consent: Consent
    asked: Asked
    refresh: bool
    until: float


class ConsentPage:
    """Asks an owner, and keeps the codes of those who said yes until they are redeemed."""

    def __init__(self, world: World, apps: Apps) -> None:
        self._world = world
        self._apps = apps
        self._open: dict[str, Asked] = {}
        self._codes: dict[str, Code] = {}

    def answer(self, request: Request) -> Answer:
        """Show the page, or take what was chosen on it."""
        if request.verb == "POST":
            return self._choose(request)
        asked = self._read(dict(request.pairs))
        if isinstance(asked, str):
            return _refuse(asked)
        id_ = secrets.token_urlsafe(16)
        self._open[id_] = asked
        return answer_html(self._page(id_, asked))

    def redeem(self, code: str) -> Code | None:
        """Return what a code stands for and forget it, or None if it is used or too old."""
        found = self._codes.pop(code, None)
        return found if found is not None and found.until > self._world.now() else None

    def _read(self, query: dict[str, str]) -> Asked | str:
        """Return what is asked for, or what is wrong with it."""
        app = self._apps.find(query.get("client_id", ""))
        wrong = ""
        if app is None:
            wrong = "invalid_client: The OAuth client was not found."
        elif not app.leads_back_to(query.get("redirect_uri", "")):
            wrong = "redirect_uri_mismatch: The redirect URI is not registered for this app."
        elif query.get("response_type") != "code":
            wrong = "unsupported_response_type: Only response_type=code is served here."
        elif not query.get("scope", "").split():
            wrong = "invalid_request: Missing required parameter: scope"
        elif not query.get("state"):
            wrong = "invalid_request: Missing required parameter: state"
        elif not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
            wrong = "invalid_request: A code_challenge with the method S256 is needed."
        if app is None or wrong:
            return wrong
        unknown = [scope for scope in query["scope"].split() if not _is_scope(scope)]
        if unknown:
            return f"invalid_scope: Some requested scopes were invalid: {', '.join(unknown)}"
        return Asked(
            app,
            query["redirect_uri"],
            query["state"],
            query["code_challenge"],
            tuple(dict.fromkeys(query["scope"].split())),
            query.get("access_type") == "offline",
            query.get("prompt", ""),
            query.get("nonce", ""),
            query.get("login_hint", "").lower(),
            query.get("include_granted_scopes") == "true",
        )

    def _choose(self, request: Request) -> Answer:
        form = parse_qsl(request.body.decode("utf-8", "replace"))
        chosen = dict(form)
        asked = self._open.pop(chosen.get("request", ""), None)
        if asked is None:
            return _refuse("invalid_request: This page was answered already. Begin again.")
        box = self._world.mailboxes.get(chosen.get("address", ""))
        if chosen.get("answer") != "allow" or box is None:
            return _redirect(asked, error="access_denied")
        ticked = {value for name, value in form if name == "scope"}
        scopes = [scope for scope in asked.scopes if scope in SIGN_IN or scope in ticked]
        if not scopes:
            return _redirect(asked, error="access_denied")
        tokens = self._world.tokens
        granted = set(scopes)
        if asked.adds:
            granted |= tokens.granted(box, asked.app.client_id)
        # A refresh token comes with the first consent, and with one that is asked for anew.
        refresh = asked.offline and (
            asked.prompt == "consent" or not tokens.has_refresh(box, asked.app.client_id)
        )
        code = f"4/0A{secrets.token_urlsafe(24)}"
        consent = tokens.consent(box, asked.app.client_id, granted)
        until = self._world.now() + _CODE_SECONDS
        self._codes[code] = Code(consent, replace(asked, hint=""), refresh, until)
        return _redirect(asked, code=code, scope=" ".join(sorted(granted)), authuser="0")

    def _page(self, id_: str, asked: Asked) -> str:
        addresses = sorted(self._world.mailboxes)
        first = asked.hint if asked.hint in addresses else next(iter(addresses), "")
        return _PAGE.substitute(
            app=escape(asked.app.name),
            request=escape(id_),
            addresses="\n".join(_address(email, checked=email == first) for email in addresses),
            scopes="\n".join(_scope(scope) for scope in asked.scopes if scope not in SIGN_IN),
        )


def words_for(scope: str) -> str:
    """Return a scope in Google's words for people."""
    told: dict[str, dict[str, str]] = document()["auth"]["oauth2"]["scopes"]
    return told.get(scope, {}).get("description", scope)


def _is_scope(scope: str) -> bool:
    return (
        scope in SIGN_IN
        or scope in document()["auth"]["oauth2"]["scopes"]
        or (scope.startswith(_AUTH) and scope.removeprefix(_AUTH).startswith("userinfo."))
    )


def _redirect(asked: Asked, **told: str) -> Answer:
    query = urlencode({"state": asked.state, **told})
    sep = "&" if "?" in asked.redirect_uri else "?"
    return Answer(302, headers=[("Location", f"{asked.redirect_uri}{sep}{query}")])


def _refuse(wrong: str) -> Answer:
    status = 401 if wrong.startswith("invalid_client") else 400
    return answer_html(_REFUSED.substitute(status=status, wrong=escape(wrong)), status)


def _address(email: str, *, checked: bool) -> str:
    tick = " checked" if checked else ""
    said = escape(email)
    return f'<p><label><input type="radio" name="address" value="{said}"{tick}> {said}</label></p>'


def _scope(scope: str) -> str:
    box = f'<input type="checkbox" name="scope" value="{escape(scope)}" checked>'
    return f"<p><label>{box} {escape(words_for(scope))}</label></p>"


HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem }
fieldset { border: 1px solid #767676; border-radius: .5rem; margin: 1rem 0 }
button { font: inherit; padding: .5rem 1.5rem; margin-right: .5rem }
</style>
"""
_PAGE = string.Template(
    HEAD
    + """<title>$app wants to read your mail – Demo of Gmail</title>
</head>
<body>
<p>Demo of Gmail. This is not Google, but Inlay’s stand-in for it: nothing leaves this machine.</p>
<h1>$app wants access to your mailbox</h1>
<form method="post" action="/o/oauth2/v2/auth">
<input type="hidden" name="request" value="$request">
<fieldset><legend>Choose a mailbox</legend>
$addresses
</fieldset>
<fieldset><legend>Select what $app can access</legend>
$scopes
</fieldset>
<button name="answer" value="cancel">Cancel</button>
<button name="answer" value="allow">Allow</button>
</form>
</body>
</html>
"""
)
_REFUSED = string.Template(
    HEAD
    + """<title>Error $status – Demo of Gmail</title>
</head>
<body>
<h1>Access blocked: authorization error</h1>
<p>Error $status: $wrong</p>
</body>
</html>
"""
)
