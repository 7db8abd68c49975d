"""A robot that acts for an owner: what it signs is verified, and how far it may reach.

https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail import signing
from server.demo.gmail.apps import RefusedError

if TYPE_CHECKING:
    from server.demo.gmail.apps import Apps
    from server.demo.gmail.tokens import Access
    from server.demo.gmail.world import World

#: google-auth names Google's own endpoint here, wherever it sends the assertion to.
_GOOGLES = "https://oauth2.googleapis.com/token"
_LONGEST = 3600
_SKEW = 300


def verify(world: World, apps: Apps, assertion: str, token_url: str) -> Access:
    """Return the access that an assertion earns. Raises RefusedError."""
    try:
        claims = signing.read_claims(assertion)
    except ValueError as error:
        raise RefusedError("invalid_grant", f"Invalid JWT: {error}") from None
    robot = apps.find_robot(str(claims.get("iss", "")))
    if robot is None:
        raise RefusedError("invalid_grant", "Invalid grant: account not found")
    if not signing.is_signed_by(assertion, robot.public_key):
        raise RefusedError("invalid_grant", "Invalid JWT Signature.")
    _check_times(claims, world.now())
    if claims.get("aud") not in (token_url, _GOOGLES):
        raise RefusedError("invalid_grant", "Invalid JWT: audience is not the token endpoint.")
    scopes = frozenset(str(claims.get("scope", "")).split())
    if not scopes:
        raise RefusedError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    if not scopes <= robot.scopes:
        raise RefusedError(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not "
            "authorized for any of the scopes requested.",
            401,
        )
    mailbox = world.mailboxes.get(str(claims.get("sub", "")).lower())
    if mailbox is None:
        raise RefusedError("invalid_grant", "Invalid email or User ID")
    tokens = world.tokens
    return tokens.get_access(tokens.give_access(tokens.consent(mailbox, "", scopes)))


def subject(assertion: str) -> str:
    """Return for whom an assertion asks, or an empty text."""
    try:
        return str(signing.read_claims(assertion).get("sub", "")).lower()
    except ValueError:
        return ""


def _check_times(claims: dict[str, Any], now: float) -> None:
    issued, ends = claims.get("iat"), claims.get("exp")
    fits = isinstance(issued, int) and isinstance(ends, int) and 0 < ends - issued <= _LONGEST
    if not fits or not int(issued or 0) - _SKEW <= now < int(ends or 0) + _SKEW:
        raise RefusedError(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
            "timeframe. Check your iat and exp values in the JWT claim.",
        )
