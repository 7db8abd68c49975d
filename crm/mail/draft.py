"""A message as its author wrote it, before it is bytes: what `sync.writing` composes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from crm.base.addresses import Address


@dataclass(frozen=True, slots=True)
class File:
    """An attachment with its bytes."""

    filename: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """All that the bytes of a message are made of. The same draft makes the same bytes."""

    rfc_id: str  # without brackets
    author: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    at: datetime
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()  # of whom nothing stands in the bytes
    html: str = ""
    files: tuple[File, ...] = ()
    references: tuple[str, ...] = ()  # without brackets; the one that it answers stands last

    @property
    def digest(self) -> str:
        """Return what tells whether two drafts say the same: ids and moments are left out."""
        people = [[(one.name, one.email) for one in role] for role in (self.to, self.cc, self.bcc)]
        files = [
            (one.filename, one.content_type, hashlib.sha256(one.body).digest())
            for one in self.files
        ]
        said = (self.author.email, people, self.subject, self.text, self.html, files)
        return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Return everybody whom it goes to, each once."""
        return tuple(self.roles)

    @property
    def roles(self) -> dict[Address, str]:
        """Return everybody whom it goes to, each in the role in which they are named first."""
        found: dict[Address, str] = {}
        for role, several in (("to", self.to), ("cc", self.cc), ("bcc", self.bcc)):
            for address in several:
                found.setdefault(address, role)
        return found
