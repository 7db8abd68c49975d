"""PGP's armour in a text: taken off where it only signs, told where it encrypts.

RFC 9580, section 7, the cleartext signature: a line, fields such as `Hash:`, an empty line, the
text with `- ` before lines that begin with a dash, and the signature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
#: How the two begin that stand around signed words.
ARMOUR = (_SIGNED, _SIGNATURE)
_LONGEST_SIGNATURE = 100


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


def armour_end(lines: Sequence[str], at: int) -> int:
    """Return the line behind what PGP writes above signed words, or below them."""
    if not lines[at].startswith(_SIGNATURE):
        number = at + 1
        while number < len(lines) and lines[number].startswith("Hash:"):
            number += 1
        return number
    for number in range(at + 1, min(at + _LONGEST_SIGNATURE, len(lines))):
        if lines[number].startswith(_SIGNATURE_END):
            return number + 1
    return at + 1
