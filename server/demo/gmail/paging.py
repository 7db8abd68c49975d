"""Page tokens: opaque, for one list with one set of questions, and good for a while."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import TYPE_CHECKING

from server.demo.gmail.errors import ApiError, invalid

if TYPE_CHECKING:
    from server.demo.gmail.mailbox import Mailbox


def seal(mailbox: Mailbox, question: str, cursor: str) -> str:
    """Return the token of the page that begins behind a cursor."""
    text = f"{mailbox.page_age}|{cursor}"
    check = zlib.crc32(f"{mailbox.address}|{question}|{text}".encode())
    return base64.urlsafe_b64encode(f"{check:08x}|{text}".encode()).decode().rstrip("=")


def unseal(mailbox: Mailbox, question: str, token: str) -> str:
    """Return the cursor in a token. Raises ApiError for one that is old, or of another list."""
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        raise expired() from None
    cursor = text.rpartition("|")[2]
    if seal(mailbox, question, cursor) != token:
        raise expired()
    return cursor


def expired() -> ApiError:
    """Make the refusal of a page token that is no longer known."""
    return invalid("Invalid pageToken")
