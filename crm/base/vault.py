"""Secrets at rest: encrypted by the first key, readable with all, so that keys can be rotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from crm.base.errors import CRMError, InvalidError

if TYPE_CHECKING:
    from collections.abc import Sequence


class KeyMissingError(CRMError):
    """None of VAULT_KEYS opens this secret."""


class Vault:
    """Seals and opens secrets. Neither the keys nor the secrets show in a repr."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise InvalidError("VAULT_KEYS is empty: there is no key to seal secrets with.")
        try:
            several = [Fernet(key) for key in keys]
            self._first, self._fernet = several[0], MultiFernet(several)
        except ValueError as error:
            raise InvalidError(
                "VAULT_KEYS holds something that is no key: 32 bytes as URL-safe base64."
            ) from error

    def seal(self, secret: str) -> bytes:
        """Encrypt a secret by the first key."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt a secret by whichever key fits. Raises KeyMissingError."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise KeyMissingError(
                "No key in VAULT_KEYS opens this secret. Put the key that sealed it back, behind"
                " the others."
            ) from error

    def is_newest(self, sealed: bytes) -> bool:
        """Tell whether a secret was encrypted by the first key."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: bytes) -> bytes:
        """Encrypt a sealed secret by the first key. Raises KeyMissingError."""
        return self.seal(self.open(sealed))


def make_key() -> str:
    """Make a key for VAULT_KEYS."""
    return Fernet.generate_key().decode()
