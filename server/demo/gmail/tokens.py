"""Who may do what, and for how long: access tokens, refresh tokens, and the consents behind them.

A consent is void once its owner takes it back: the mailbox counts how often that was, and a token
remembers the count under which it was given.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from server.demo.gmail.mailbox import Mailbox


@dataclass(slots=True)
class Consent:
    """What an owner allows an app; `client_id` is "" where a robot acts for the owner."""

    mailbox: Mailbox
    client_id: str
    scopes: frozenset[str]
    age: int
    revoked: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether the owner has not taken it back."""
        return not self.revoked and self.age == self.mailbox.consents


@dataclass(slots=True)
class Access:
    """An access token: whose, for which scopes, until when; an add-on's is for one message."""

    token: str
    consent: Consent
    scopes: frozenset[str]
    until: float
    message: str = ""


@dataclass(slots=True)
class Tokens:
    """The tokens that were given out."""

    now: Callable[[], float]
    seconds: float = 3600.0
    _access: dict[str, Access] = field(default_factory=dict)
    _refresh: dict[str, Consent] = field(default_factory=dict)

    def consent(self, mailbox: Mailbox, client_id: str, scopes: Iterable[str]) -> Consent:
        """Return a consent as its owner gives it now."""
        return Consent(mailbox, client_id, frozenset(scopes), mailbox.consents)

    def give_access(
        self, consent: Consent, scopes: Iterable[str] | None = None, *, message: str = ""
    ) -> str:
        """Return a new access token of a consent, for all of its scopes or fewer."""
        token = f"ya29.{secrets.token_urlsafe(24)}"
        reach = consent.scopes if scopes is None else frozenset(scopes)
        self._access[token] = Access(token, consent, reach, self.now() + self.seconds, message)
        return token

    def give_refresh(self, consent: Consent) -> str:
        """Return a new refresh token of a consent."""
        token = f"1//0{secrets.token_urlsafe(24)}"
        self._refresh[token] = consent
        return token

    def get_access(self, token: str) -> Access:
        """Return what an access token is good for. Raises ApiError."""
        access = self._access.get(token)
        if access is None or not access.consent.holds or access.until <= self.now():
            raise unauthenticated()
        return access

    def kept(self) -> list[Any]:
        """Return the refresh tokens that are worth something, as JSON has them.

        Access tokens are not kept: whoever held one gets another.
        """
        return [
            [token, consent.mailbox.address, consent.client_id, sorted(consent.scopes)]
            for token, consent in list(self._refresh.items())
            if consent.holds
        ]

    def restore(self, kept: list[Any], find: Callable[[str], Mailbox]) -> None:
        """Go on with refresh tokens that were kept."""
        for token, address, client_id, scopes in kept:
            self._refresh[token] = self.consent(find(address), client_id, scopes)

    def expire_access(self) -> None:
        """Let every access token run out now; refresh tokens stay."""
        self._access.clear()

    def find_refresh(self, token: str, client_id: str) -> Consent | None:
        """Return the consent behind an app's refresh token while it holds, or None."""
        consent = self._refresh.get(token)
        if consent is None or not consent.holds or consent.client_id != client_id:
            return None
        return consent

    def owner_of(self, token: str) -> str:
        """Return whose mailbox a refresh token opens, or opened; nobody's if it is unknown."""
        consent = self._refresh.get(token)
        return consent.mailbox.address if consent else ""

    def has_refresh(self, mailbox: Mailbox, client_id: str) -> bool:
        """Tell whether an app already holds a refresh token of an owner."""
        return any(
            consent.holds and consent.mailbox is mailbox and consent.client_id == client_id
            for consent in list(self._refresh.values())
        )

    def granted(self, mailbox: Mailbox, client_id: str) -> frozenset[str]:
        """Return the scopes that an owner allows an app by now."""
        given = [
            consent.scopes
            for consent in list(self._refresh.values())
            if consent.holds and consent.mailbox is mailbox and consent.client_id == client_id
        ]
        return frozenset().union(*given)

    def revoke(self, token: str) -> bool:
        """Void the consent behind a token, of either kind; False if nobody knows the token."""
        access = self._access.get(token)
        consent = access.consent if access else self._refresh.get(token)
        if consent is None or not consent.holds:
            return False
        consent.revoked = True
        return True
