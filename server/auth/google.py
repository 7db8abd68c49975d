"""Google's tokens: what one says, once it is shown to be Google's and meant for us."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import requests as transport
from google.oauth2 import id_token

if TYPE_CHECKING:
    from crm.base.settings import Settings

_log = logging.getLogger(__name__)

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
                transport.Request(),
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
