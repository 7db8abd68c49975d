"""A name that shows another address than the one a message came from: how impostors sign."""

from __future__ import annotations

import re

#: An address as it stands among other words.
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@]{1,255}")
_LOOKED_AT = 500


def other_address(name: str, email: str) -> str:
    """Return the address that a name shows, where it is not the sender's own; else ""."""
    shown = (found.rstrip(".") for found in _ADDRESS.findall(name[:_LOOKED_AT]))
    return next((address for address in shown if address.lower() != email.lower()), "")
