"""Where things lead: a card names a place, the door knows the address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.base.errors import InvalidError

_PAGE = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*|https?://[^\s/\\\x00-\x1f][^\s\\\x00-\x1f]*")
_MAIL = re.compile(r"mailto:[^\s\\\x00-\x1f]+")


class UnsafeLinkError(InvalidError):
    """A link that is neither a page of ours nor an address of the web."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where the add-on and the web app stand.

    "deal/save" leads to the add-on, "/deals/7" to the web app, a whole address to itself.
    """

    addon: str
    app: str

    def to(self, path: str) -> str:
        """Return the whole address of a place. Google turns http into https, and so do we."""
        if path.startswith("http://"):
            return path.replace("http://", "https://", 1)
        if path.startswith(("https://", "mailto:")):
            return path
        if path.startswith("/"):
            return self.app.rstrip("/") + path
        return f"{self.addon.rstrip('/')}/{path}"


def check_page(url: str) -> None:
    """Refuse what is neither a path of the web app nor http or https. Raises UnsafeLinkError."""
    if not _PAGE.fullmatch(url):
        raise UnsafeLinkError(f"not a link that may be opened: {url[:80]!r}")


def check_link(url: str) -> None:
    """Refuse what may not stand in a text: pages may, and mailto. Raises UnsafeLinkError."""
    if not _MAIL.fullmatch(url):
        check_page(url)
