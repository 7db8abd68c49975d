"""A consent of Google's: where it is asked for, and what it becomes (RFC 6749, RFC 7636).

developers.google.com/identity/protocols/oauth2/web-server says what Google adds to it.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import httplib2

from crm.base import addresses, clock
from crm.base.i18n import gettext as _
from sync.errors import ScopeMissingError, SourceUnavailableError
from sync.google import ASKED, CONSENT, READING, credentials
from sync.sources.gmail import GmailLogin, listing
from sync.sources.gmail.client import Client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.auth.credentials import Credentials

    from crm.base.settings import Settings
    from sync.sources.gmail.listing import Profile

#: Somebody waits before a page: so many seconds for Google.
_PATIENCE: Final = 8
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a consent gives: a token that lasts, for which scopes, and when it ends, if ever."""

    refresh_token: str = field(repr=False)
    scopes: tuple[str, ...]
    ends: datetime | None

    @property
    def place(self) -> dict[str, Any]:
        """Return what of it stands in a mailbox's place."""
        ends = self.ends.isoformat() if self.ends else None
        return {"grant": CONSENT, "scopes": list(self.scopes), "consent_ends": ends}


def address(
    settings: Settings,
    *,
    state: str,
    challenge: str,
    back: str,
    hint: str,
    scopes: Sequence[str] = ASKED,
) -> str:
    """Return Google's page that asks for the consent.

    A token that lasts is given only where the consent is asked for anew.
    """
    asked = {
        "client_id": settings.google_client_id,
        "redirect_uri": back,
        "response_type": "code",
        "scope": " ".join(scopes),
        "access_type": "offline",
        "prompt": "consent",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": hint,
    }
    return f"{settings.google_auth_url}?{urlencode(asked)}"


def exchange(
    settings: Settings, code: str, verifier: str, back: str, needed: Sequence[str] = READING
) -> Grant:
    """Return what a code stands for. Raises ScopeMissingError or SourceUnavailableError.

    What is not `needed` may be left out: without sending, nothing is sent until it is consented to.
    """
    said = _post(
        settings.google_token_url,
        {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "client_id": settings.google_client_id,
            "client_secret": settings.google_client_secret,
            "redirect_uri": back,
        },
    )
    scopes = tuple(str(said.get("scope", "")).split())
    if missing := set(needed) - set(scopes):
        problem = _(
            "The consent does not cover reading mail ({scopes}). Nothing was stored. Begin again,"
            " and leave the box for it ticked."
        )
        named = ", ".join(sorted(scope.rstrip("/").rpartition("/")[2] for scope in missing))
        raise ScopeMissingError(problem.format(scopes=named))
    if not said.get("refresh_token"):
        raise SourceUnavailableError(
            _("Google gave no lasting consent. Nothing was stored. Begin again.")
        )
    lasts = str(said.get("refresh_token_expires_in", ""))  # Only of a consent that ends by itself.
    ends = clock.now() + timedelta(seconds=int(lasts)) if lasts.isdecimal() else None
    return Grant(str(said["refresh_token"]), scopes, ends)


def whose(settings: Settings, grant: Grant) -> str:
    """Return whose mailbox a consent opens, in lower case. Raises the errors of `sync.errors`."""
    held = credentials("", grant.place, settings, grant.refresh_token)
    found = addresses.parse(_profile(settings, "this mailbox", held).email)
    if found is None:
        raise SourceUnavailableError(_("Google does not say whose mailbox this is."))
    return found.email


def count(settings: Settings, address: str, place: dict[str, Any], secret: str) -> int:
    """Return how many messages a mailbox has, asked with what is to open it.

    Raises the errors of `sync.errors` where it does not.
    """
    return _profile(settings, address, credentials(address, place, settings, secret)).count


def _profile(settings: Settings, address: str, held: Credentials) -> Profile:
    login = GmailLogin(address, held, settings.google_api_url)
    with closing(Client(login, timeout=_PATIENCE)) as client:
        return listing.profile(client)


def _post(url: str, form: dict[str, str]) -> dict[str, Any]:
    """Ask the token endpoint; what it refuses is said in words, and never with the code in it."""
    body = urlencode(form).encode()
    asked = httplib2.Http(timeout=_PATIENCE)
    asked.follow_redirects = False  # The code and the secret are for nobody else.
    try:
        answer, content = asked.request(url, "POST", body, _FORM)
        said = json.loads(content)
    except (OSError, HTTPException, httplib2.HttpLib2Error, ValueError) as error:
        problem = _("Google does not answer just now. Nothing was stored. Begin again.")
        raise SourceUnavailableError(problem) from error
    finally:
        asked.close()
    if answer.status != 200 or not isinstance(said, dict):
        why = str(said.get("error", answer.status))[:60] if isinstance(said, dict) else ""
        problem = _("Google refuses this ({why}). Nothing was stored. Begin again.")
        raise SourceUnavailableError(problem.format(why=why))
    return said
