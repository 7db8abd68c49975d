"""One call of a method, as the methods see it: whose mailbox, what is asked, what is handed in."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import invalid

if TYPE_CHECKING:
    from server.demo.gmail.mailbox import Mailbox

#: What a list gives on one page, if nothing is said, and at most.
PAGE, LARGEST_PAGE = 100, 500


@dataclass(slots=True)
class Question:
    """A call that may be carried out."""

    mailbox: Mailbox
    values: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)
    media: bytes | None = None
    empty_page: bool = False

    @property
    def id(self) -> str:
        """The id in the path."""
        return str(self.values["id"])

    @property
    def page_size(self) -> int:
        """How many lines a page of a list has."""
        size: int = self.values.get("maxResults", PAGE)
        return max(1, min(size, LARGEST_PAGE))

    def letter(self, message: dict[str, Any]) -> bytes:
        """Return the letter that is handed in: uploaded, or in a message's `raw`."""
        if self.media is not None:
            return self.media
        raw = message.get("raw")
        if not isinstance(raw, str) or not raw:
            raise invalid(
                "'raw' RFC822 payload message string or uploading message via /upload/* URL "
                "required"
            )
        try:
            return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise invalid("Invalid value for ByteString: raw") from None

    def thread(self, message: dict[str, Any]) -> str | None:
        """Return the thread that a message shall join, or None. Raises ApiError."""
        found = message.get("threadId")
        if found is not None and not isinstance(found, str):
            raise invalid("Invalid value at 'threadId'")
        return found

    def strings(self, name: str) -> list[str]:
        """Return a list of strings out of the body. Raises ApiError."""
        found = self.body.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise invalid(f"Invalid value at '{name}'")
        return found
