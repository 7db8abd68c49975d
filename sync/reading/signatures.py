"""Where a signature begins in what somebody wrote, with the disclaimer below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.base.addresses import Address

#: Between the text and the signature (RFC 3676, section 4.3).
DASHES = ("-- ", "--")


def find(new_text: str, author: Address | None) -> str:
    """Return the signature at the end of what was written now, or the empty string."""
    lines = new_text.split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if lines[number] in DASHES:
            return "\n".join(lines[number:])
    return ""
