"""The letter that came back: its Message-ID and its addressees, as far as a bounce holds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.reading import ids
from sync.reading.bounce_addresses import addresses
from sync.reading.mime import ReaderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.reading.mime import Leaf

LONGEST = 1 << 16

#: Where the header of the letter may be.
_TYPES = frozenset(
    (
        "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers",
        "message/global-headers", "text/rfc822", "message/partial", "message/delayed",
    )
)  # fmt: skip

_MESSAGE_ID = re.compile(
    r"^[> \t]{0,9}message-id:[ \t\n>]{0,9}<?([^\s<>]{3,998})", re.IGNORECASE | re.MULTILINE
)
_TO = re.compile(
    r"^[> \t]{0,9}to:([^\n]{1,2000}(?:\n[ \t][^\n]{1,500}){0,20})", re.IGNORECASE | re.MULTILINE
)


def header(leaves: Sequence[Leaf], text: str) -> str:
    """Return the beginning of the letter that came back, from a part or else from the text."""
    for leaf in leaves:
        if leaf.content_type in _TYPES and not leaf.enclosed:
            try:
                found = leaf.content()[:LONGEST].decode("utf-8", "replace").replace("\r", "")
            except ReaderError:
                continue
            if found.strip():
                return found
    return text[:LONGEST]


def message_id(text: str) -> str:
    """Return the Message-ID in a header, spelled as in `Letter.message_id`."""
    found = _MESSAGE_ID.search(text)
    return ids.normal(found[1]) if found else ""


def addressees(text: str) -> list[str]:
    """Return to whom the letter was written."""
    found = _TO.search(text)
    return addresses(found[1]) if found else []
