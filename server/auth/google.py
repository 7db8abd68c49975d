"""Google's tokens: what one says, once it is shown to be Google's; and what we ask its users."""

from __future__ import annotations

import json
import math
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import requests as transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.base.settings import Settings

_ADDONS = "https://www.googleapis.com/auth/gmail.addons."
#: Without it Gmail does not say who looks.
NAMING = "https://www.googleapis.com/auth/userinfo.email"
#: Without it Gmail does not say which message is open.
LOOKING = f"{_ADDONS}current.message.metadata"
#: What the manifest asks of each user, and what for; nothing wider. No text of any mail is among
#: it, and nothing outside the message that is open or being written.
SCOPES = {
    f"{_ADDONS}execute": "to run beside Gmail at all",
    LOOKING: "which message is open, where it is not here yet, and whom a draft goes to",
    f"{_ADDONS}current.action.compose": "to stand beside a draft",
    NAMING: "who looks: the user’s own token",
    "https://www.googleapis.com/auth/script.locale": "in which language to greet a stranger",
}

_jwt: Any = jwt  # It has no types.
#: Seconds by which two clocks may differ.
_SKEW = 10
#: Seconds for which certificates are kept where Google does not say.
_UNSAID = 300
#: Anybody may name a key that is none: such a name asks Google again this rarely, in seconds.
_SELDOM = 30
#: Where Google cannot be asked it is left alone for so many seconds: a stranger's call asks too.
_PAUSE = 2
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})", re.IGNORECASE)


class UnreachableError(Exception):
    """Google's certificates are needed and cannot be had: nobody can be told true from false."""


def claims(settings: Settings, header: str, audience: str) -> dict[str, Any]:
    """Return what a bearer token says, or nothing where it is not good. Raises UnreachableError.

    An audience is one text: a list of them is refused, and so is an empty one.
    """
    found = signed(settings, header) if audience else {}
    return found if found.get("aud") == audience else {}


def signed(settings: Settings, header: str) -> dict[str, Any]:
    """Return what a bearer token of Google's says, for whomever it was made; or nothing.

    `decode` checks signature and time; the issuer is checked here. Raises UnreachableError.
    """
    kind, _space, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        return {}
    try:
        key = _jwt.decode_header(token).get("kid")
        if not isinstance(key, str) or not key:
            return {}  # Google names the key; `decode` would try each.
        known = _certificates.naming(key, settings.google_certs_url)
        found = dict(_jwt.decode(token, known, clock_skew_in_seconds=_SKEW))
    except (ValueError, TypeError, GoogleAuthError):
        return {}
    issuers = (settings.google_issuer, settings.google_issuer.removeprefix("https://"))
    return found if found.get("iss") in issuers else {}


@dataclass(frozen=True, slots=True)
class _Answer:
    by_key: Mapping[str, str]
    until: float


class _Certificates:
    """Google's certificates, kept for as long as Google says. google-auth has no cache itself."""

    def __init__(self) -> None:
        self._kept: dict[str, _Answer] = {}
        self._failed: dict[str, float] = {}
        self._asked_again = -math.inf
        self._asking = threading.Lock()

    def naming(self, key: object, url: str) -> Mapping[str, str]:
        """Return the certificates; asked for anew where they are old, or this key is not there."""
        now, kept = time.monotonic(), self._kept.get(url)
        if kept is not None and now < kept.until:
            if key in kept.by_key or now < self._asked_again + _SELDOM:
                return kept.by_key
            self._asked_again = now
        return self._renewed(url, kept).by_key

    def _renewed(self, url: str, old: _Answer | None) -> _Answer:
        """Ask, one at a time; whoever waited takes what the one before was told."""
        with self._asking:
            found, now = self._kept.get(url), time.monotonic()
            if found is not None and found is not old:
                return found
            if now < self._failed.get(url, -math.inf) + _PAUSE:
                raise UnreachableError("Google's certificates could not be fetched a moment ago")
            try:
                found = self._kept[url] = _fetch(url, now)
            except UnreachableError:
                self._failed[url] = time.monotonic()
                raise
            return found


_certificates = _Certificates()


def _fetch(url: str, now: float) -> _Answer:
    try:
        answer = transport.Request()(url, timeout=3)  # type: ignore[no-untyped-call,unused-ignore]
        by_key = json.loads(answer.data) if answer.status == 200 else None
    except (TransportError, ValueError) as error:
        raise UnreachableError("Google's certificates could not be fetched") from error
    if not isinstance(by_key, dict):
        raise UnreachableError(f"Google's certificates were answered with {answer.status}")
    said = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
    return _Answer(by_key, now + (int(said[1]) if said else _UNSAID))
