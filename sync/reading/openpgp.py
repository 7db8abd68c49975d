"""PGP's armour in a text: taken off where it only signs, told where it encrypts.

RFC 9580, section 7, the cleartext signature: a line, fields such as `Hash:`, an empty line, the
text with `- ` before lines that begin with a dash, and the signature.
"""

from __future__ import annotations

_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"


def is_encrypted(text: str) -> bool:
    """Tell whether a text holds an encrypted one, which is no part of a quote."""
    return text.startswith(_MESSAGE) or f"\n{_MESSAGE}" in text


def bare(text: str) -> str:
    """Take the armour off a text that its author signed."""
    before, found, rest = text.partition(_SIGNED)
    # What is quoted has a sign before it, and stays as it stands.
    if not found or (before and not before.endswith("\n")):
        return text
    said, signed, behind = rest.partition(f"\n{_SIGNATURE}")
    if not signed:
        return text
    _armour, _end, after = behind.partition(_SIGNATURE_END)
    fields, empty, words = said.partition("\n\n")
    if not empty or any(line and ":" not in line for line in fields.split("\n")):
        return text
    words = words.removeprefix("- ").replace("\n- ", "\n")
    return f"{before}{words}{after}"
