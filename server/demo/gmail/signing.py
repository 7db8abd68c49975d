"""Google's own key: it signs ID tokens, and its certificate lies where clients fetch it.

The key is made when it is first needed, which takes a moment.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

ISSUER = "https://accounts.google.com"


class Signer:
    """Somebody who signs with one key."""

    def __init__(self, kid: str = "demo-1") -> None:
        self.kid = kid
        self._key: RSAPrivateKey | None = None
        self._lock = threading.Lock()

    @property
    def key(self) -> RSAPrivateKey:
        """The private key, the same for all who ask at once."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        with self._lock:
            if self._key is None:
                self._key = rsa.generate_private_key(65537, 2048)
            return self._key

    @cached_property
    def certificate(self) -> str:
        """The certificate of the key, as PEM."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization

        name = x509.Name.from_rfc4514_string("CN=demo.gmail")
        now = datetime.now(UTC)
        made = x509.CertificateBuilder(
            name, name, self.key.public_key(), x509.random_serial_number(), now - _DAY, now + _YEAR
        ).sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def pem(self) -> str:
        """The private key as PEM, as it stands in the key file of a robot."""
        from cryptography.hazmat.primitives import serialization as form

        return self.key.private_bytes(
            form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
        ).decode()

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return a token with these claims, signed by RS256."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        head = {"alg": "RS256", "typ": "JWT", "kid": self.kid}
        said = f"{_part(head)}.{_part(claims)}"
        signature = self.key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{said}.{_plain(signature)}"


def read_claims(token: str) -> dict[str, Any]:
    """Return what a token claims, whoever signed it. Raises ValueError."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("a signed token has three parts")
    try:
        claims = json.loads(_bytes(parts[1]))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("a part of the token is no base64url") from error
    return claims if isinstance(claims, dict) else {}


def is_signed_by(token: str, public_key: str) -> bool:
    """Tell whether a token was signed by RS256 with the key to a public one, given as PEM."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = serialization.load_pem_public_key(public_key.encode())
    said, _, signature = token.rpartition(".")
    try:
        head = json.loads(_bytes(said.partition(".")[0]))
        if not isinstance(key, rsa.RSAPublicKey) or head.get("alg") != "RS256":
            return False
        key.verify(_bytes(signature), said.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError, AttributeError):
        return False
    return True


def public_pem(signer: Signer) -> str:
    """Return the public key of a signer, as PEM."""
    from cryptography.hazmat.primitives import serialization as form

    public = signer.key.public_key()
    return public.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo).decode()


_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


def _part(shape: Mapping[str, Any]) -> str:
    return _plain(json.dumps(shape, separators=(",", ":")).encode())


def _plain(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
