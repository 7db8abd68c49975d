"""Google's tokens: what one says, once it is shown to be Google's and meant for us."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import requests as transport
from google.oauth2 import id_token

if TYPE_CHECKING:
    from crm.base.settings import Settings

_log = logging.getLogger(__name__)


class _Kept(transport.Request):  # type: ignore[misc,unused-ignore]
    """Fetches Google's certificates, and keeps what came for an hour: they rotate by the day.

    google-auth asks for them at every call; it has no cache of its own.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call,unused-ignore]
        self._kept: dict[str, tuple[float, Any]] = {}

    def __call__(self, url: str, *args: Any, **more: Any) -> Any:
        until, answer = self._kept.get(url, (0.0, None))
        if time.monotonic() >= until:
            more["timeout"] = 5
            answer = super().__call__(url, *args, **more)  # type: ignore[no-untyped-call]
            if answer.status == 200:
                self._kept[url] = (time.monotonic() + _HOUR, answer)
        return answer


_HOUR = 3600.0
_certificates = _Kept()
#: Seconds by which two clocks may differ.
_SKEW = 10


def claims(settings: Settings, header: str, audience: str) -> dict[str, Any]:
    """Return what a bearer token says, or nothing where it is not good.

    `verify_token` checks signature, time and audience; the issuer is checked here, and an empty
    audience, which it would let pass, is refused.
    """
    kind, _space, token = header.partition(" ")
    if kind.lower() != "bearer" or not token or not audience:
        return {}
    try:
        found = dict(
            id_token.verify_token(
                token,
                _certificates,
                audience=audience,
                certs_url=settings.google_certs_url,
                clock_skew_in_seconds=_SKEW,
            )
        )
    except TransportError:
        _log.warning("Google's certificates could not be fetched.")
        return {}
    except (ValueError, GoogleAuthError):
        return {}
    issuers = (settings.google_issuer, settings.google_issuer.removeprefix("https://"))
    return found if found.get("iss") in issuers else {}
